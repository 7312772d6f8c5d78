"""Chromium for the browser tests, with a file as its camera."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright

NAMES = ("chromium", "google-chrome", "chromium-browser")

OPTIONS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def find_chromium() -> str | None:
    """The program that the variable CHROMIUM names, or the first that is installed."""
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


def launch(playwright: Playwright, camera: Path | None = None, *more: str) -> Browser:
    """A Chromium whose camera plays the file and is allowed; without a file it has no camera.

    Of `more` options the later ones win.
    """
    options = [*_options(camera), *more]
    return playwright.chromium.launch(executable_path=_program(), args=options)


def launch_with_profile(
    playwright: Playwright, profile: Path, camera: Path | None = None
) -> BrowserContext:
    """The same with a folder that it keeps: opened again, it knows what it knew."""
    return playwright.chromium.launch_persistent_context(
        profile,
        executable_path=_program(),
        args=_options(camera),
        viewport={"width": 768, "height": 1024},
    )


def _program() -> str:
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium was found: install it, or name it in the variable CHROMIUM")
    return program


def _options(camera: Path | None) -> list[str]:
    options = list(OPTIONS)
    if camera is not None:
        options += [
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={camera}",
        ]
    return options
