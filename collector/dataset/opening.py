"""Opening a dataset: its folder, its keys, its tables, and what an interruption left undone."""

import uuid
from pathlib import Path

import platformdirs
from sqlalchemy import select

from collector.dataset import clock, shipped
from collector.dataset.audit import Chain
from collector.dataset.dataset import Dataset
from collector.dataset.db import FILE_NAME, Database
from collector.dataset.errors import UserMistake
from collector.dataset.interrupted import finish_interrupted
from collector.dataset.keys import Keys
from collector.dataset.master import Passphrase
from collector.dataset.models import Site, Study
from collector.dataset.upgrade import upgrade


def default_keys_folder() -> Path:
    """The user's own data folder: lock and key never travel in one folder."""
    return Path(platformdirs.user_data_dir("child-expressions", appauthor=False)) / "keys"


def keys_folder_of(data: Path, keys: Path | None) -> Path:
    """Where the keys of the dataset in `data` lie; raises UserMistake for a place inside it."""
    folder = (keys or default_keys_folder()).resolve()
    if folder.is_relative_to(data.resolve()):
        raise UserMistake("The keys must not lie inside the data folder: choose another --keys.")
    return folder


def open_dataset(
    data: Path,
    keys: Path | None = None,
    *,
    create: bool = True,
    play: bool = False,
    passphrase: Passphrase | None = None,
) -> Dataset:
    """Open the dataset in `data`, brought to the newest tables; finish what was interrupted.

    `play` marks a newly made dataset as one of invented children; `passphrase` is asked where the
    master key comes from one. Raises UserMistake where the folder cannot be used, holds no dataset
    and `create` is false, or where the keys are missing, wrong, or inside the data folder.
    """
    data, keys_folder = data.resolve(), keys_folder_of(data, keys)
    if not create and not (data / FILE_NAME).exists():
        raise UserMistake(f"There is no dataset in {data}: name its folder with --data.")
    try:
        data.mkdir(parents=True, exist_ok=True)
        opened_keys = Keys(keys_folder, passphrase)
    except OSError as error:
        raise UserMistake(f"{error.filename} cannot be used: {error.strerror}.") from error
    database = Database(data / FILE_NAME)
    upgrade(database)
    site = _site(database, opened_keys, play)
    chain = Chain(site.id, opened_keys.secret(site.id, "audit"))
    dataset = Dataset(data, database, opened_keys, site.id, chain, site.play)
    shipped.install(database, site.id)
    finish_interrupted(dataset)
    dataset.keep_head()
    return dataset


def _site(database: Database, keys: Keys, play: bool) -> Site:
    with database.read() as session:
        site = session.scalars(select(Site)).first()
    if site:
        return site
    with database.write() as session:
        site = session.scalars(select(Site)).first()  # another process may have been faster
        if site is None:
            site = Site(id=uuid.uuid4(), name="", play=play, created_at=clock.now())
            keys.secret(site.id, "audit", create=True)
            session.add(site)
            session.flush()
            session.add(Study(site_id=site.id, title="", created_at=clock.now()))
    return site
