"""The first half of an import: everything is read, checked and measured, and nothing stored."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.errors import CommandMistake
from collector.dataset.faces import FaceFinder
from collector.dataset.importing.choosing import NewPhoto, place_in_bursts, settle
from collector.dataset.importing.examining import Examiner, Outcome
from collector.dataset.importing.grounds import Ground, find_ground
from collector.dataset.importing.knowledge import gather_knowledge
from collector.dataset.importing.labelling import label_photos
from collector.dataset.importing.mapping import read_map
from collector.dataset.importing.staging import Staging
from collector.dataset.importing.summary import Summary, sum_up
from collector.dataset.importing.tree import Tree, find_photos
from collector.dataset.keys import KeyGone

WORKERS = 2  # as many as may decode at a time

Progress = Callable[[str, int, int], None]  # what is being done, photos done, photos in all


@dataclass(frozen=True)
class Wish:
    """What is to be imported, for which child, on which consent, as it was asked for."""

    folder: Path
    participant: str
    consent: str
    map_file: Path | None = None


@dataclass(frozen=True)
class Plan:
    """What is to be stored, in which session, on which ground, and the sum of it all."""

    wish: Wish
    ground: Ground
    session_id: uuid.UUID
    photos: tuple[NewPhoto, ...]
    summary: Summary


def check_folder(
    dataset: Dataset, finder: FaceFinder, wish: Wish, staging: Staging, progress: Progress
) -> Plan:
    """Read, check and measure every photo; sealed, the new ones wait in `staging`.

    Raises CommandMistake for what concerns the whole: the ground, the map, the folders' names.
    """
    now = clock.now()
    with dataset.database.read() as session:
        ground = find_ground(session, wish.participant, wish.consent, now)
        try:
            key = dataset.keys.child(ground.participant_id)
        except KeyGone as error:
            raise CommandMistake(f"There is no child called {wish.participant}.") from error
        knowledge = gather_knowledge(dataset, session, ground.participant_id, key)
    tree = find_photos(wish.folder, wish.map_file)
    folder_map = read_map(wish.map_file) if wish.map_file else None
    labels = label_photos(wish.folder.resolve().name, tree.photos, folder_map)
    examiner = Examiner(finder, knowledge, staging, uuid.uuid4(), now)
    outcomes = settle(_examine_all(examiner, tree, progress), labels.of, ground)
    photos = tuple(place_in_bursts(outcomes, labels.of))
    summary = sum_up(outcomes, photos, ground, labels.unknown_folders, tree.left_aside)
    return Plan(wish, ground, examiner.session_id, photos, summary)


def _examine_all(
    examiner: Examiner, tree: Tree, progress: Progress
) -> dict[PurePosixPath, Outcome]:
    pool = ThreadPoolExecutor(WORKERS)
    try:
        futures = [pool.submit(examiner.examine, tree.folder / path) for path in tree.photos]
        outcomes = {}
        for done, (path, future) in enumerate(zip(tree.photos, futures, strict=True)):
            progress("Reading photos", done, len(futures))
            outcomes[path] = future.result()
        return outcomes
    finally:
        pool.shutdown(cancel_futures=True)  # Ctrl+C does not wait for all the others
