"""What a view finds around it: the open dataset and the settings of the running app."""

from typing import cast

from flask import current_app, request

from collector.dataset.dataset import Dataset
from collector.dataset.faces import FaceFinder
from collector.settings import Settings

DATASET, SETTINGS, FINDER = "collector.dataset", "collector.settings", "collector.finder"


def dataset() -> Dataset:
    """The dataset that this app serves."""
    return cast(Dataset, current_app.extensions[DATASET])


def settings() -> Settings:
    """The settings that this app was started with."""
    return cast(Settings, current_app.extensions[SETTINGS])


def face_finder() -> FaceFinder:
    """The app's face finder."""
    return cast(FaceFinder, current_app.extensions[FINDER])


def tablet_address() -> str:
    """Where tablets reach this server: by the address that stays, else by this page's own."""
    lan = settings().lan
    return lan.address if lan else request.host_url.rstrip("/")
