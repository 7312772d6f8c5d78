"""What pages and tablets say of a light passport, in the visitor's language."""

from typing import Any

from collector.dataset.passports.measuring import dark_side
from collector.web.companions import _

# Below it nobody sees a side: 0.05 is a tenth more light.
EVEN = 0.05


def describe(passport: Any) -> str:
    """The light in one sentence: "natural light, about 5600 K, more light from the left"."""
    declared = light_names()[passport.light]
    if passport.cct is None:
        return _("%(light)s, not measured", light=declared)
    kelvin = round(passport.cct, -2)
    return _(
        "%(light)s, about %(kelvin)d K, %(side)s",
        light=declared,
        kelvin=kelvin,
        side=_side(passport.lr_asymmetry),
    )


def propose(passport: Any) -> str:
    """What to do where one side is dark; empty where nothing is to be done."""
    side = dark_side(passport)
    if side == "right":
        return _(
            "The right side is dark: turn the child's seat to its left, towards the window or the "
            "lamp, and measure again."
        )
    if side == "left":
        return _(
            "The left side is dark: turn the child's seat to its right, towards the window or the "
            "lamp, and measure again."
        )
    return ""


def light_names() -> dict[str, str]:
    """The declared kinds of light."""
    return {
        "natural": _("natural light"),
        "artificial": _("artificial light"),
        "mixed": _("mixed light"),
    }


def sheet_words() -> dict[str, str]:
    """All words of the page that measures a sheet, by a short name."""
    return {
        "title": _("Measure the light"),
        "sheet": _(
            "Stand where the child will sit, facing the camera. Fold a plain white or grey sheet "
            "once from top to bottom, open it halfway like a book, and hold its fold towards the "
            "camera so that the paper fills the square. Nobody has to be in the picture; it is "
            "measured and kept nowhere."
        ),
        "open": _("Switch on the camera"),
        "aim": _("Hold the sheet so that it fills the square, then tap “Measure”."),
        "measure": _("Measure"),
        "again": _("Measure again"),
        "measuring": _("Measuring…"),
        "measured": _("The light is measured. You may close this page."),
        "unreachable": _("The server does not answer: please wait."),
        "no_camera": _("No camera was found."),
        "camera_denied": _("The camera is not allowed here: allow it in the browser's settings."),
        "camera_busy": _("Another program is using the camera."),
        "camera_insecure": _("The camera needs a secure address."),
        "camera_lost": _("The camera has stopped."),
        "camera_hidden": _("The camera had a rest. Tap to go on."),
    }


def _side(uneven: float) -> str:
    """From where the light comes, as the child has its left and right."""
    if abs(uneven) < EVEN:
        return _("the same from both sides")
    return _("more from the child's left") if uneven > 0 else _("more from the child's right")
