"""What a guardian takes home: one ZIP file with all that is held about the child.

`index.html` is for reading, in the language of the consent; `data.json` says the same and more to
programs; `photos/` and `documents/` hold the pictures and what was signed.
"""

import io
import json
import uuid
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from collector.dataset.consents.access import Holdings, gather
from collector.dataset.consents.dossier_page import describe
from collector.dataset.dataset import Dataset
from collector.dataset.errors import CommandMistake
from collector.dataset.upkeep.backups import appearing, write_privately


@dataclass(frozen=True)
class Dossier:
    """The ZIP's bytes, its name, and how many photos are in it and were left out."""

    content: bytes
    name: str
    photos: int
    left_out: int


def hand_over(dataset: Dataset, participant_id: uuid.UUID, *, actor: str) -> Dossier:
    """Everything held about the child as one ZIP in memory, on record; raises NotFound."""
    dossier = _pack(gather(dataset, participant_id))
    _note(dataset, participant_id, dossier, actor)
    return dossier


def write_dossier(
    dataset: Dataset, participant_id: uuid.UUID, file: Path, *, actor: str
) -> Dossier:
    """The same into a new file that only its owner may read; raises UserMistake, writing nothing.

    Refused where the file exists, and inside the folders of data and keys: there no photo lies
    open.
    """
    _refuse_place(dataset, file)
    dossier = _pack(gather(dataset, participant_id))
    with appearing(file) as unfinished:
        write_privately(unfinished, dossier.content)
        _note(dataset, participant_id, dossier, actor)
    return dossier


def _pack(holdings: Holdings) -> Dossier:
    buffer = io.BytesIO()
    # Photos are compressed already.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as container:
        container.writestr("index.html", describe(holdings))
        container.writestr("data.json", _as_json(holdings))
        for name, content in holdings.files.items():
            container.writestr(name, content)
    name = f"{holdings.data['child']['pseudonym']}.zip"
    return Dossier(buffer.getvalue(), name, holdings.photos, holdings.left_out)


def _as_json(holdings: Holdings) -> str:
    return json.dumps(holdings.data, default=_plain, ensure_ascii=False, indent=2)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _note(dataset: Dataset, participant_id: uuid.UUID, dossier: Dossier, actor: str) -> None:
    with dataset.database.write() as session:
        dataset.chain.record(
            session, actor, "all data handed over", participant_id,
            photos=dossier.photos, left_out=dossier.left_out,
        )  # fmt: skip


def _refuse_place(dataset: Dataset, file: Path) -> None:
    if file.exists():
        raise CommandMistake("%(file)s exists already: choose a new name.", file=file)
    folder = file.absolute().parent
    if not folder.is_dir():
        raise CommandMistake("There is no folder %(folder)s.", folder=folder)
    for forbidden in (dataset.folder, dataset.keys.folder):
        if file.resolve().is_relative_to(forbidden.resolve()):
            raise CommandMistake("Choose another folder: no open photo may lie with the dataset.")
