"""The field of a form in which an operator chooses a light passport, or declares the light."""

import uuid

from collector.web import forms


def chosen_light() -> tuple[str, uuid.UUID | None]:
    """The light as declared, and no passport; or an empty word, and the passport's id.

    What `light_choice.html` sends: one of the lights, or a passport's id. What else was sent is
    left to the dataset to refuse.
    """
    said = forms.text("light")
    try:
        return "", uuid.UUID(said)
    except ValueError:
        return said, None
