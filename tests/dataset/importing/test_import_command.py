"""`collector import` as people run it: what it prints, how it exits, what a kill leaves."""

import json
import signal
import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.doors import usable_photos
from collector.dataset.emotions import EMOTIONS
from collector.dataset.labels import Judgement, cast_vote, lease_photos
from collector.dataset.opening import open_dataset
from collector.dataset.participants import find_participant
from collector.dataset.snapshots import load_snapshot
from tests.cast import enrol, give
from tests.dataset.importing.album import a_while_ago, put
from trainer.data import load_examples

pytestmark = pytest.mark.slow  # each run is a process of its own

# An import that kills itself at a given point of its progress.
KILLED = """
import os, signal, sys
from pathlib import Path
from collector.dataset.faces import FaceFinder
from collector.dataset.importing.checking import Wish
from collector.dataset.importing.folders import import_folder
from collector.dataset.opening import open_dataset

folder, album, child, consent, what, done = sys.argv[1:]

def die(at, photos, _all):
    if (at, photos) == (what, int(done)):
        os.kill(os.getpid(), signal.SIGKILL)

dataset = open_dataset(Path(folder, "data"), Path(folder, "keys"))
import_folder(dataset, FaceFinder(), Wish(Path(album), child, consent), actor="x", progress=die)
"""


@dataclass(frozen=True)
class Site:
    """A dataset's folders, and a child with a consent in it."""

    folder: Path
    pseudonym: str
    consent: uuid.UUID

    def program(self, name: str, *words: object) -> list[str]:
        folders = ("--data", self.folder / "data", "--keys", self.folder / "keys")
        return [sys.executable, "-m", name, *(str(word) for word in (*words, *folders))]

    def run(self, *words: object, name: str = "collector") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.program(name, *words), capture_output=True, text=True, check=False, timeout=120
        )

    def take(self, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
        return self.run(*self.words(folder), *words)

    def words(self, folder: Path) -> tuple[object, ...]:
        return (
            "import",
            folder,
            "--participant",
            self.pseudonym,
            "--consent",
            self.consent.hex[:8],
        )


@pytest.fixture
def site(dataset: Dataset, tmp_path: Path, staff: dict[str, uuid.UUID]) -> Site:
    """Arina, enrolled long ago."""
    assert staff
    child = enrol(dataset)
    consent = give(dataset, child, signed_at=a_while_ago(days=3650))
    with dataset.database.read() as session:
        pseudonym = find_participant(session, child).pseudonym
    return Site(tmp_path, pseudonym, consent)


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Eight photos in folders of emotions, one of nobody knows what."""
    for number, emotion in enumerate(EMOTIONS):
        put(tmp_path / "album" / emotion / "1.jpg", seed=number, taken=a_while_ago(days=number + 1))
    put(tmp_path / "album" / "holidays" / "1.jpg", seed=20)
    return tmp_path / "album"


def photos_in(site: Site) -> int:
    opened = open_dataset(site.folder / "data", site.folder / "keys")
    try:
        with opened.database.read() as session:
            return len(session.scalars(usable_photos("research", clock.now())).all())
    finally:
        opened.close()


def test_a_folder_goes_through_to_reviewers_a_snapshot_and_training(
    site: Site, album: Path, dataset: Dataset, staff: dict[str, uuid.UUID]
) -> None:
    done = site.take(album)
    assert (done.returncode, done.stderr) == (0, "")
    assert "9 photos, 9 stored in 9 bursts" in done.stdout
    assert "Folders that say no emotion: holidays (1)." in done.stdout
    waiting = lease_photos(dataset, staff["rita"], count=20, wanted_votes=1)
    assert len(waiting) == 9
    for photo in waiting[:4]:
        seen = Judgement(uuid.uuid4(), photo, "emotion", emotion=EMOTIONS[0], milliseconds=900)
        cast_vote(dataset, staff["rita"], seen)
    for rule, count in (("majority", 4), ("prompted", 8)):
        frozen = site.run("snapshot", "create", rule, "--rule", rule, "--json", name="labeler")
        assert frozen.returncode == 0, frozen.stderr
        photos = load_snapshot(dataset, rule).photos
        examples = load_examples(photos, 32, workers=1)
        assert len(examples) == count
        assert all(example.has_face for example in examples)
    assert site.run("doctor").returncode == 0


def test_json_is_one_object_and_the_same_again_says_so(site: Site, album: Path) -> None:
    first = json.loads(site.take(album, "--json").stdout)
    assert (first["found"], first["stored"], first["prompts"]["unknown"]) == (9, 9, 1)
    assert uuid.UUID(first["session"])
    again = json.loads(site.take(album, "--json").stdout)
    assert (again["stored"], again["already_there"], again["session"]) == (0, 9, None)
    assert photos_in(site) == 9


def test_a_dry_run_says_what_would_happen(site: Site, album: Path) -> None:
    done = site.take(album, "--dry-run")
    assert "9 photos, 9 would be stored" in done.stdout
    assert photos_in(site) == 0


def test_bad_files_exit_with_2_and_are_named_also_in_json(site: Site, album: Path) -> None:
    put(album / "happy" / "broken.jpg", b"\xff\xd8\xff broken")
    done = site.take(album)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("1 of 10 photos cannot be taken, so nothing was stored")
    assert "\n  happy/broken.jpg: The photo is damaged" in done.stderr
    asked = site.take(album, "--dry-run", "--json")
    assert asked.returncode == 2
    result = json.loads(asked.stdout)
    assert (list(result["bad"]), result["stored"]) == (["happy/broken.jpg"], 0)
    assert photos_in(site) == 0
    assert site.take(album, "--skip-bad").returncode == 0
    assert photos_in(site) == 9


def test_a_mistake_is_one_sentence(site: Site, album: Path, tmp_path: Path) -> None:
    put(album / "3" / "1.jpg")
    numbered = site.take(album)
    assert numbered.returncode == 2
    assert numbered.stderr.count("\n") == 1
    assert "--map" in numbered.stderr
    (tmp_path / "map.csv").write_text("folder;emotion\n3;радость\n", "utf-8-sig")
    assert site.take(album, "--map", str(tmp_path / "map.csv")).returncode == 0
    nowhere = site.take(tmp_path / "nowhere")
    assert nowhere.returncode == 2
    assert "does not exist" in nowhere.stderr


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize(
    "moment", [("Reading photos", 1), ("Storing photos", 0), ("Storing photos", 2)]
)
def test_a_kill_leaves_nothing_and_a_repetition_works(
    site: Site, album: Path, moment: tuple[str, int]
) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *map(str, (site.folder, album, site.pseudonym)),
         site.consent.hex, moment[0], str(moment[1])],
        check=False, timeout=120,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    left = {path.name for path in (site.folder / "data").iterdir()}
    assert not [name for name in left if not name.startswith("dataset.db")]
    assert photos_in(site) == 0
    assert site.run("doctor").returncode == 0
    assert site.take(album).returncode == 0
    assert photos_in(site) == 9
