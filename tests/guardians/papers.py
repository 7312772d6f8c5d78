"""Paper in tests: printed pages, and the scans and photos that people make of them."""

import base64
import io
import re
import uuid

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from collector.dataset.consents.texts import consent_texts
from collector.dataset.dataset import Dataset

DPI = 150
A4 = (round(210 / 25.4 * DPI), round(297 / 25.4 * DPI))
CODE_SIDE = round(34 / 25.4 * DPI)  # what paper.css prints


def text_of(dataset: Dataset, purpose: str = "research", language: str = "en") -> uuid.UUID:
    """The program's document."""
    with dataset.database.read() as session:
        return next(one.id for one in consent_texts(session, purpose) if one.language == language)


def codes_on(page: str) -> list[Image.Image]:
    """The QR codes drawn on a page, as the pictures that a printer would put on paper."""
    drawings = re.findall(r'<svg viewBox="0 0 (\d+) \d+" class="qr">.*? d="([^"]+)"', page)
    return [_draw(int(side), path) for side, path in drawings]


def _draw(side: int, path: str) -> Image.Image:
    """The path of dark modules: `h` lines one unit thick, with moves between them."""
    modules = np.full((side, side), 255, np.uint8)
    x, y = 0.0, 0.0
    for command, written in re.findall(r"([Mmh])([-\d. ]+)", path):
        numbers = [float(one) for one in written.split()]
        if command == "h":
            modules[int(y), int(x) : int(x + numbers[0])] = 0
            x += numbers[0]
        elif command == "M":
            x, y = numbers
        else:
            x, y = x + numbers[0], y + numbers[1]
    picture = Image.fromarray(modules)
    return picture.resize((CODE_SIDE, CODE_SIDE), Image.Resampling.NEAREST)


def signed_page(code: Image.Image | None) -> Image.Image:
    """A sheet of A4 with lines of text, a signature, and the code beside it."""
    page = Image.new("L", A4, 255)
    pen = ImageDraw.Draw(page)
    for y in range(100, A4[1] - 600, 24):
        pen.text((100, y), "Consent to research with photos of your child. " * 3, fill=0)
    pen.line([(100, A4[1] - 300), (700, A4[1] - 300)], fill=0, width=3)
    pen.line([(150, A4[1] - 310), (300, A4[1] - 380), (420, A4[1] - 300)], fill=60, width=5)
    if code:
        page.paste(code, (A4[0] - CODE_SIDE - 120, A4[1] - CODE_SIDE - 250))
    return page


def as_file(page: Image.Image, kind: str = "PNG", *more: Image.Image) -> bytes:
    """The page as a scanner's file; a PDF may have further pages."""
    file = io.BytesIO()
    if kind == "PDF":
        page.save(file, "PDF", resolution=DPI, save_all=True, append_images=more)
    else:
        page.save(file, kind)
    return file.getvalue()


def photographed(page: Image.Image, degrees: float, blur: float = 1.0) -> bytes:
    """A telephone's photo: turned, not quite sharp, darker to one side, noisy, much compressed."""
    turned = page.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=120)
    soft = np.asarray(turned.filter(ImageFilter.GaussianBlur(blur))).astype(float)
    shade = np.linspace(0.55, 1.0, soft.shape[1])[None, :]
    noise = np.random.default_rng(3).normal(0, 8, soft.shape)
    dim = Image.fromarray((soft * shade + noise).clip(0, 255).astype(np.uint8))
    file = io.BytesIO()
    dim.save(file, "JPEG", quality=50)
    return file.getvalue()


def in_field(content: bytes) -> str:
    """The file as the page puts it into a form's field."""
    return "data:application/octet-stream;base64," + base64.b64encode(content).decode()
