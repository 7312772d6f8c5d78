"""Light and quality of a photo as numbers; nothing here judges or refuses a photo."""

from collector.dataset.measures.colour import measure_cct
from collector.dataset.measures.photo import Measures, measure

__all__ = ["Measures", "measure", "measure_cct"]
