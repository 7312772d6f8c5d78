"""A small network that has seen some drawn children names the expressions of others."""

from collections.abc import Iterable

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor, nn

from collector.dataset.drawn import LIGHTS, Character, Drawing, draw_frame, invent_character
from collector.dataset.emotions import EMOTIONS
from collector.dataset.pixels import Grey

SIDE = 64
TAKES = 3  # photos of each child and emotion, one in each light
EPOCHS = 10


@pytest.mark.alone
@pytest.mark.slow
def test_expressions_of_unseen_children_are_recognised() -> None:
    torch.manual_seed(0)
    dice = np.random.default_rng(0)
    seen = photograph([invent_character(dice) for _ in range(12)], dice)
    faces, labels = photograph([invent_character(dice) for _ in range(4)], dice)
    network = train(*seen).eval()
    with torch.no_grad():
        guesses = network(faces).argmax(1)
    # Chance is 0.125.
    assert float((guesses == labels).float().mean()) > 0.8


def photograph(children: Iterable[Character], dice: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Every child with every emotion: photos x 1 x SIDE x SIDE around 0, and the classes."""
    faces, labels = [], []
    for child in children:
        for label, emotion in enumerate(EMOTIONS):
            for take in range(TAKES):
                light = LIGHTS[take % len(LIGHTS)]
                faces.append(crop(draw_frame(emotion, child, light, dice, size=(480, 320))))
                labels.append(label)
    pixels = torch.from_numpy(np.stack(faces)).float()[:, None]
    spread = pixels.std((1, 2, 3), keepdim=True)
    return (pixels - pixels.mean((1, 2, 3), keepdim=True)) / spread, torch.tensor(labels)


def crop(drawing: Drawing) -> Grey:
    """The face's true place, an eighth larger to every side, in grey."""
    box = drawing.face
    x, y, more = max(box.x - box.width // 8, 0), max(box.y - box.height // 8, 0), 5 / 4
    face = drawing.photo[y : y + round(box.height * more), x : x + round(box.width * more)]
    grey = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def train(faces: Tensor, labels: Tensor) -> nn.Module:
    """Four convolutions, Adam, mirrored faces."""
    network = nn.Sequential(*stage(1, 16), *stage(16, 32), *stage(32, 64), *stage(64, 64))
    network.extend(
        [nn.Flatten(), nn.Dropout(0.3), nn.Linear(64 * (SIDE // 16) ** 2, len(EMOTIONS))]
    )
    optimizer = torch.optim.Adam(network.parameters(), lr=0.001)
    for _ in range(EPOCHS):
        for batch in torch.split(torch.randperm(len(faces)), 32):
            mirrored = torch.rand(len(batch), 1, 1, 1) < 0.5
            picture = torch.where(mirrored, faces[batch].flip(3), faces[batch])
            loss = nn.functional.cross_entropy(network(picture), labels[batch])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    return network


def stage(channels: int, more: int) -> list[nn.Module]:
    """A convolution that ends at half the side."""
    return [
        nn.Conv2d(channels, more, 3, padding=1),
        nn.BatchNorm2d(more),
        nn.ReLU(),
        nn.MaxPool2d(2),
    ]
