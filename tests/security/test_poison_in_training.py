"""The poison test behind the pages: frozen sets, tensors, predictions, reports, files at rest."""

import io
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from rich.console import Console
from sqlalchemy import text
from torch import Tensor

from collector.dataset.commands import run_command
from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.pixels import RGB
from collector.dataset.snapshots import load_snapshot
from collector.dataset.upkeep.backups import back_up_dataset, back_up_keys
from labeler.cli import labeler
from tests.security.marks import marks_in, marks_in_bytes, nearest_mark, pictures_in
from tests.security.poison import FOR_PUBLICATION, FOR_RESEARCH, FORBIDDEN, Poisoned
from trainer.batches import DEVIATION, MEAN, Feeder
from trainer.cli import trainer
from trainer.config import FitConfig
from trainer.fit import Epoch
from trainer.prepare import Prepared, prepare
from trainer.progress import Bar
from trainer.recorded import fit_snapshot

pytestmark = pytest.mark.slow

SETTINGS: dict[str, Any] = {
    "architecture": "squeezenet1_1", "weights": "none", "epochs": 1, "batch_size": 8,
    "image_size": 224, "device": "cpu", "workers": 0, "split": "burst", "validation": 0.5,
}  # fmt: skip
SNAPSHOTS = ("before", "judged")


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def prepared(dataset: Dataset, name: str, **changes: object) -> Prepared:
    settings = SETTINGS | {"snapshot": name} | changes
    return prepare(load_snapshot(dataset, name), FitConfig(**settings))


def tensors(prepared: Prepared, *, training: bool) -> Iterator[RGB]:
    """What the network is fed, as pictures again; all photos are used for either side."""
    feeder = Feeder(prepared.examples, prepared.config, torch.device("cpu"), None)
    places = range(len(prepared.examples))
    batches = feeder.training(places, 1) if training else feeder.evaluation(places)
    for pictures, _ in batches:
        assert pictures.shape[2:] == (224, 224)
        yield from (as_picture(one) for one in pictures)


def as_picture(tensor: Tensor) -> RGB:
    values = tensor.permute(1, 2, 0).numpy() * np.array(DEVIATION) + np.array(MEAN)
    return (values * 255).round().clip(0, 255).astype(np.uint8)


def fit(dataset: Dataset, folder: Path, bar: Bar | None = None, **changes: object) -> Path:
    """A real training of a small network; returns the run's folder."""
    config = FitConfig(**SETTINGS | {"snapshot": "before", "image_size": 64} | changes)
    watch = bar or Bar(Console(file=io.StringIO()))
    return Path(fit_snapshot(dataset, config, folder, watch)["folder"])


def marks_in_folder(folder: Path) -> set[str]:
    files = [one for one in folder.rglob("*") if one.is_file()]
    assert files
    return set().union(*(marks_in_bytes(one.read_bytes()) for one in files))


def rows(dataset: Dataset, statement: str) -> set[uuid.UUID]:
    with dataset.database.read() as session:
        return {uuid.UUID(hex=one) for one in session.scalars(text(statement))}


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_a_set_from_when_all_consents_stood_gives_out_what_stands_now(
    name: str, poisoned: Dataset, school: Poisoned
) -> None:
    loaded = load_snapshot(poisoned, name)
    assert {one.photo_id for one in loaded.photos} == school.photos_of(FOR_RESEARCH)
    for photo in loaded.photos:
        assert photo.jpeg == school.jpegs[photo.photo_id]
        assert marks_in_bytes(photo.jpeg) == {school.owner(photo.photo_id)}
    publishable = {one.photo_id for one in loaded.photos if one.publishable}
    assert publishable == school.photos_of(FOR_PUBLICATION)
    assert loaded.missing == len(school.photos_of(FORBIDDEN))


@pytest.mark.parametrize("rule", ["prompted", "majority"])
def test_a_set_frozen_now_names_no_forbidden_photo(
    rule: str, poisoned: Dataset, school: Poisoned, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--data", str(poisoned.folder), "--keys", str(poisoned.keys.folder)]
    assert (
        run_command(labeler, ["snapshot", "create", "now", "--rule", rule, "--json", *where]) == 0
    )
    told = json.loads(capsys.readouterr().out)
    allowed = school.photos_of(FOR_RESEARCH)
    assert told["photos"] == len(allowed)
    assert told["left_out"] == {}
    frozen = "SELECT photo_id FROM snapshot_item JOIN snapshot s ON s.id = snapshot_id"
    assert rows(poisoned, f"{frozen} WHERE s.name = 'now'") == allowed
    assert {one.photo_id for one in load_snapshot(poisoned, "now").photos} == allowed


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_the_network_is_fed_with_nobody_else(
    name: str, poisoned: Dataset, school: Poisoned
) -> None:
    ready = prepared(poisoned, name, augment="none")
    assert {one.photo_id for one in ready.examples} == school.photos_of(FOR_RESEARCH)
    for example in ready.examples:
        assert marks_in(example.crop) == {school.owner(example.photo_id)}
    expected = sorted(school.owner(one.photo_id) for one in ready.examples)
    for training in (True, False):
        fed = [marks_in(one) for one in tensors(ready, training=training)]
        assert sorted(one for marks in fed for one in marks) == expected


def test_no_augmentation_brings_a_forbidden_photo_in(poisoned: Dataset) -> None:
    """Augmented, a hue may be turned a little or paled to grey: the nearest mark is looked for."""
    fed = [nearest_mark(one) for one in tensors(prepared(poisoned, "before"), training=True)]
    assert {one for one in fed if one} == FOR_RESEARCH


def test_a_report_shows_what_may_be_published_and_export_rows_name_it(
    poisoned: Dataset, school: Poisoned, tmp_path: Path
) -> None:
    folder = fit(poisoned, tmp_path / "runs")
    page = (folder / "report.html").read_bytes()
    assert marks_in_bytes(page) == FOR_PUBLICATION == marks_in_folder(folder)
    assert b"Validation photos whose guardians consented to publication." in page
    shown = sum(marks_in(one) == FOR_PUBLICATION for one in pictures_in(page))
    exported = rows(poisoned, "SELECT photo_id FROM export_item")
    assert len(exported) == shown > 0
    assert exported <= school.photos_of(FOR_PUBLICATION)
    assert rows(poisoned, "SELECT participant_id FROM export_item") == {school.children["arina"]}
    assert rows(poisoned, "SELECT photo_id FROM prediction") == school.photos_of(FOR_RESEARCH)


def test_where_nobody_may_be_shown_faces_are_drawn_and_the_report_says_so(
    poisoned: Dataset, school: Poisoned, tmp_path: Path
) -> None:
    withdraw(poisoned, school.children["arina"], ["publication"], channel="operator", actor="test")
    folder = fit(poisoned, tmp_path / "runs")
    page = (folder / "report.html").read_bytes()
    assert marks_in_folder(folder) == set()
    assert len(list(pictures_in(page))) > 2  # besides the two figures
    assert b"No validation photo may be published, so a drawn face" in page
    assert rows(poisoned, "SELECT photo_id FROM export_item") == set()


class Interrupting(Bar):
    """A guardian withdraws while the training is at work."""

    def __init__(self, dataset: Dataset, child: uuid.UUID, purpose: str) -> None:
        super().__init__(Console(file=io.StringIO()))
        self.word = (dataset, child, [purpose])

    def epoch(self, epoch: Epoch) -> None:
        withdraw(*self.word, channel="code", actor="guardian")


@pytest.mark.parametrize("purpose", ["publication", "research"])
def test_what_is_withdrawn_during_a_training_is_not_in_its_report(
    purpose: str, poisoned: Dataset, school: Poisoned, tmp_path: Path
) -> None:
    arina = school.children["arina"]
    folder = fit(poisoned, tmp_path / "runs", Interrupting(poisoned, arina, purpose))
    assert marks_in_folder(folder) == set()
    assert rows(poisoned, "SELECT photo_id FROM export_item") == set()
    kept = FOR_RESEARCH - ({"arina"} if purpose == "research" else set())
    assert rows(poisoned, "SELECT photo_id FROM prediction") == school.photos_of(kept)
    # The model has learnt from her photos: the withdrawal must be able to name it.
    assert arina in rows(poisoned, "SELECT participant_id FROM model_run_child")


def test_the_command_refuses_a_set_of_which_nothing_may_be_used_any_more(
    poisoned: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with poisoned.database.write() as session:
        session.execute(text("UPDATE study SET keep_until = '2020-01-01'"))
    where = ["--data", str(poisoned.folder), "--keys", str(poisoned.keys.folder)]
    options = ["--snapshot", "before", "--arch", "squeezenet1_1", "--weights", "none"]
    out = ["--out", str(tmp_path / "runs")]
    assert run_command(trainer, ["fit", *where, *options, *out]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert not (tmp_path / "runs").exists()


def test_no_file_at_rest_shows_anybody(poisoned: Dataset, school: Poisoned, tmp_path: Path) -> None:
    back_up_dataset(poisoned, tmp_path / "photos.backup", actor="test")
    back_up_keys(poisoned, tmp_path / "keys.backup", actor="test")
    assert marks_in_folder(tmp_path) == set()
    written = [one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()]
    for jpeg in school.jpegs.values():
        middle = jpeg[len(jpeg) // 2 :][:48]
        assert not any(middle in content for content in written)
