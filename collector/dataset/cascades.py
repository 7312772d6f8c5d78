"""OpenCV's Haar cascades, which its wheel brings along."""

from pathlib import Path

import cv2
from cv2.data import haarcascades


def load_cascade(name: str) -> cv2.CascadeClassifier:
    """The cascade of that file name; not to be shared by threads, see `FaceFinder`."""
    # Read by Python: OpenCV cannot open C:\Users\Ольга\... on Windows.
    text = (Path(haarcascades) / name).read_text("ascii")
    storage = cv2.FileStorage(text, cv2.FILE_STORAGE_READ | cv2.FILE_STORAGE_MEMORY)
    cascade = cv2.CascadeClassifier()
    if not cascade.read(storage.getFirstTopLevelNode()):
        raise RuntimeError(f"OpenCV cannot read its own {name}")
    return cascade
