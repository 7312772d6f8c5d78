"""QR codes as drawings within a page: nothing is fetched, and they print sharply at any size."""

import segno
from markupsafe import Markup


def qr_svg(text: str, words: str) -> Markup:
    """An SVG element that shows `text` as a QR code, one module a unit; `words` are read aloud."""
    code = segno.make(text, micro=False, error="m")
    drawing = code.svg_inline(border=4, title=words, svgclass="qr", lineclass=None, omitsize=True)
    return Markup(drawing)  # noqa: S704 - segno escapes the title, the rest are numbers
