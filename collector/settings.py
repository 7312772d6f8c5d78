"""The settings of a running server, from options, then from the environment."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """How a server runs; made once by the command line and handed down.

    `wanted_votes` is how many reviewers judge each photo.
    """

    data: Path
    keys: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    wanted_votes: int = 3
