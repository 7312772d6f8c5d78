"""Signatures and scans as they come in: told by their content, and opened before they are kept."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from collector.dataset.errors import Unprocessable
from collector.dataset.pixels import Grey

MAX_DOCUMENT_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 60_000_000  # an A4 page at 700 dpi has 48 million
MAX_PAGES = 10
SIDE = 2200  # pixels of a page's longer side as it is looked at: A4 at 190 dpi

PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
PDF = "application/pdf"
ACTIVE = re.compile(rb"/(JavaScript|Launch|EmbeddedFile)\b")

# PDFium is not safe for threads: no two calls of a process may run at once.
PDFIUM = Lock()


def check_document(content: bytes) -> str:
    """The media type of a signature or scan, told by its content; raises Unprocessable.

    A JPEG or PNG must decode to its last row, a PDF must open, show a page and hold no script and
    no other file; larger than 15 MB or 60 million pixels is refused.
    """
    media_type = _media_type(content)
    with _refusing_damage():
        if media_type == PDF:
            _check_pdf(content)
        else:
            for _page in _picture(content, media_type):
                pass
    return media_type


def pages_of(content: bytes, media_type: str) -> Iterator[Grey]:
    """The pages in grey, at most 2200 pixels high or wide; of a PDF the first ten."""
    with _refusing_damage():
        pages = _pdf(content) if media_type == PDF else _picture(content, media_type)
        for page in pages:
            yield np.asarray(page)


def preview(content: bytes, media_type: str, page: int = 0) -> bytes:
    """One page as a small JPEG, for people to read the names from; 0 is the first."""
    for number, grey in enumerate(pages_of(content, media_type)):
        if number == page:
            image = Image.fromarray(grey)
            image.thumbnail((1400, 1400))
            found = io.BytesIO()
            image.save(found, "JPEG", quality=80)
            return found.getvalue()
    raise Unprocessable("The scan has no such page.")


def _media_type(content: bytes) -> str:
    if len(content) > MAX_DOCUMENT_BYTES:
        raise Unprocessable("The scan is larger than 15 MB.")
    if content.startswith(b"%PDF-"):
        return PDF
    for start, media_type in PICTURES.items():
        if content.startswith(start):
            return media_type
    raise Unprocessable("The scan must be a JPEG, PNG or PDF file.")


def _picture(content: bytes, media_type: str) -> Iterator[Image.Image]:
    plugin = PngImageFile if media_type == "image/png" else JpegImageFile
    image: Image.Image = plugin(io.BytesIO(content))
    if image.width * image.height > MAX_PIXELS:
        raise Unprocessable("The scan has more than 60 million pixels: scan it less finely.")
    if media_type == "image/png":
        plugin(io.BytesIO(content)).verify()  # checksums, which decoding does not look at
    else:
        # The decoder itself makes a large JPEG smaller, to half, a quarter or an eighth.
        image.draft("L", (1400, 1400))
    page = _grey(image)
    page.thumbnail((SIDE, SIDE))
    yield page


def _grey(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits, which a conversion would cut off
        return Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8))
    if "A" in image.mode or "transparency" in image.info:
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA"))
    return image.convert("L")


def _check_pdf(content: bytes) -> None:
    with _opened(content) as document:
        if not len(document):
            raise Unprocessable("The PDF holds no page.")
        scripts = pdfium.FPDFDoc_GetJavaScriptActionCount(document)
        # Saved anew, its objects stand there unpacked and its names without escapes.
        plain = io.BytesIO()
        document.save(plain, flags=pdfium.FPDF_NO_INCREMENTAL)
        active = ACTIVE.search(content) or ACTIVE.search(plain.getvalue())
        if scripts or active or document.count_attachments():
            raise Unprocessable("The PDF holds a script or another file: scan the paper again.")
        document[0].close()


def _pdf(content: bytes) -> Iterator[Image.Image]:
    for number in range(MAX_PAGES):
        with _opened(content) as document:
            if number >= len(document):
                return
            page = document[number]
            # Points are 1/72 inch; a page's size is whatever its maker wrote down.
            scale = SIDE / max(*page.get_size(), 1)
            picture = page.render(scale=scale, grayscale=True).to_pil().convert("L")
        yield picture


@contextmanager
def _opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    with PDFIUM:
        document = pypdfium2.PdfDocument(content)
        try:
            yield document
        finally:
            document.close()


@contextmanager
def _refusing_damage() -> Iterator[None]:
    """Whatever goes wrong while opening means that the file is not what it says."""
    try:
        yield
    except (Unprocessable, MemoryError, GeneratorExit):
        raise
    except Exception as problem:  # Pillow raises OSError, SyntaxError and others, pypdfium2 its own
        raise Unprocessable(
            "The file is damaged, or is no JPEG, PNG or PDF in truth: scan the paper again."
        ) from problem
