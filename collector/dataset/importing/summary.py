"""What an import finds, counted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from collector.dataset.emotions import EMOTIONS
from collector.dataset.importing.choosing import NewPhoto, Outcomes
from collector.dataset.importing.examining import Bad, LeftOut
from collector.dataset.importing.foldernames import UNKNOWN
from collector.dataset.importing.grounds import Ground
from collector.dataset.importing.knowledge import Known


@dataclass(frozen=True)
class Summary:
    """Counts of photos, and the files that cannot be taken, with reasons.

    `found` is the sum of `new`, `already_there`, `erased` (and so left out), `same_twice`,
    `too_early` (taken before a consent that does not cover earlier photos), `too_late` (after the
    study's last day) and of `bad`. `prompts`, `bursts`, `without_time` and `quarantined` are about
    the new ones, and so is `unproven`: without a time, on a consent that does not cover earlier
    photos; `unknown_folders` counts photos whose folders say no emotion; `left_aside` counts
    files that are no photos by the endings of their names.
    """

    found: int
    new: int
    already_there: int
    erased: int
    same_twice: int
    too_early: int
    too_late: int
    bad: dict[str, str]
    prompts: dict[str, int]
    bursts: int
    without_time: int
    unproven: int
    quarantined: int
    unknown_folders: dict[str, int]
    left_aside: dict[str, int]

    @property
    def counts(self) -> dict[str, int]:
        """What the audit log keeps: numbers, no names."""
        return {name: value for name, value in asdict(self).items() if isinstance(value, int)} | {
            "bad": len(self.bad)
        }


def sum_up(
    outcomes: Outcomes,
    photos: Sequence[NewPhoto],
    ground: Ground,
    unknown_folders: Mapping[str, int],
    left_aside: Mapping[str, int],
) -> Summary:
    """Count what became of each file."""
    kinds: Counter[Any] = Counter(
        one if isinstance(one, LeftOut) else type(one) for one in outcomes.values()
    )
    without_time = sum(photo.taken.taken_at is None for photo in photos)
    prompts = Counter(photo.label.emotion or UNKNOWN for photo in photos)
    return Summary(
        found=len(outcomes),
        new=len(photos),
        already_there=kinds[Known],
        erased=kinds[LeftOut.ERASED],
        same_twice=kinds[LeftOut.SAME_TWICE],
        too_early=kinds[LeftOut.TOO_EARLY],
        too_late=kinds[LeftOut.TOO_LATE],
        bad={str(path): one.reason for path, one in outcomes.items() if isinstance(one, Bad)},
        prompts={str(word): prompts[word] for word in (*EMOTIONS, UNKNOWN) if prompts[word]},
        bursts=len({photo.burst_id for photo in photos}),
        without_time=without_time,
        unproven=0 if ground.covers_earlier else without_time,
        quarantined=sum(photo.taken.quarantine_reason is not None for photo in photos),
        unknown_folders=dict(unknown_folders),
        left_aside=dict(left_aside),
    )
