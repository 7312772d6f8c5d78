"""Which of the sound photos are stored, once all have been seen."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from collector.dataset.importing.bursts import Moment, group_bursts
from collector.dataset.importing.examining import Bad, LeftOut, Outcome, Taken
from collector.dataset.importing.grounds import Ground
from collector.dataset.importing.knowledge import Known
from collector.dataset.importing.labelling import Label

Outcomes = Mapping[PurePosixPath, Outcome]
LabelsOf = Mapping[PurePosixPath, Label]


@dataclass(frozen=True)
class NewPhoto:
    """A photo to be stored, with its label and its place in a burst."""

    taken: Taken
    label: Label
    burst_id: uuid.UUID
    shot: int


def settle(outcomes: Outcomes, labels: LabelsOf, ground: Ground) -> dict[PurePosixPath, Outcome]:
    """The outcomes, with those of equal pictures and of moments that the ground does not cover.

    Of equal pictures one is taken, the first that lies where an emotion is said. Where they lie
    under two emotions nobody can tell which one is meant: none is taken, and each is bad.
    """
    settled = dict(outcomes)
    for paths in _equal_pictures(outcomes):
        emotions = {labels[path].emotion for path in paths} - {None}
        chosen = next((path for path in paths if labels[path].emotion), paths[0])
        for path in paths:
            if len(emotions) > 1:
                other = next(one for one in paths if labels[one].emotion != labels[path].emotion)
                settled[path] = Bad(f"The same picture lies under another emotion: {other}.")
            elif path != chosen:
                settled[path] = LeftOut.SAME_TWICE
    for path, outcome in settled.items():
        if isinstance(outcome, Taken) and ground.is_too_early(outcome.taken_at):
            settled[path] = LeftOut.TOO_EARLY
        elif isinstance(outcome, Taken) and ground.is_too_late(outcome.taken_at):
            settled[path] = LeftOut.TOO_LATE
    return settled


def place_in_bursts(outcomes: Outcomes, labels: LabelsOf) -> Iterator[NewPhoto]:
    """The photos to be stored, burst by burst; shots of a burst that is there already join it."""
    there = {one: found for one, found in outcomes.items() if isinstance(found, Taken | Known)}
    moments = [Moment(path, found.taken_at) for path, found in there.items()]
    for burst in group_bursts(moments):
        shots = [there[path] for path in burst]
        known = next((shot.burst_id for shot in shots if isinstance(shot, Known)), None)
        burst_id = known or uuid.uuid4()
        for number, (path, shot) in enumerate(zip(burst, shots, strict=True)):
            if isinstance(shot, Taken):
                yield NewPhoto(shot, labels[path], burst_id, number)


def _equal_pictures(outcomes: Outcomes) -> list[list[PurePosixPath]]:
    equal: defaultdict[str, list[PurePosixPath]] = defaultdict(list)
    for path, outcome in outcomes.items():
        if isinstance(outcome, Taken):
            equal[outcome.sha256].append(path)
    return [paths for paths in equal.values() if len(paths) > 1]
