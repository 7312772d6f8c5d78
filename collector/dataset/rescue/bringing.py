"""Bringing in what a tablet saved to a file: by the same rules as if it had sent it itself."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from collector.dataset.dataset import Dataset
from collector.dataset.erasure import bin_own_photo, bin_session
from collector.dataset.errors import Erased, NotFound, Unprocessable, UserMistake
from collector.dataset.faces import FaceFinder
from collector.dataset.models import CaptureSession
from collector.dataset.photos import Shot, add_photo
from collector.dataset.rescue.envelope import is_proved, open_envelope
from collector.dataset.sessions import answer_assent, close_session, keep_after_stop

# Makes a shot of a photo's id and what the tablet says of it; raises UserMistake.
ReadShot = Callable[[uuid.UUID, dict[str, Any]], Shot]

ERRANDS = frozenset({"answerAssent", "close", "answerAfterStop", "bin"})


@dataclass(frozen=True)
class Report:
    """How many photos are stored now, were known before, and were refused, by the reason."""

    stored: int = 0
    known: int = 0
    refused: Counter[tuple[str, tuple[tuple[str, object], ...]]] = field(default_factory=Counter)

    def __add__(self, other: "Report") -> "Report":
        """Both together."""
        return Report(
            self.stored + other.stored, self.known + other.known, self.refused + other.refused
        )


@dataclass(frozen=True)
class Parcel:
    """One session in the file: `errands` are what its child said and nobody heard."""

    session_id: uuid.UUID
    proof: str
    errands: Sequence[tuple[str, str]]
    photos: Sequence[tuple[uuid.UUID, str, dict[str, Any], bytes]]


def bring_in(
    dataset: Dataset, finder: FaceFinder, data: bytes, read_shot: ReadShot, *, actor: str
) -> Report:
    """Store the photos of the file; what was brought before changes nothing.

    Raises Unprocessable for a file that does not open; then nothing is stored.
    """
    about, pictures = open_envelope(dataset, data)
    try:
        parcels = list(_read_parcels(about, pictures))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise Unprocessable("This file is damaged, or another server's tablet saved it.") from error
    return sum((_bring(dataset, finder, one, read_shot, actor) for one in parcels), Report())


def _read_parcels(about: Mapping[str, Any], pictures: Sequence[bytes]) -> Iterator[Parcel]:
    at = iter(pictures)
    for one in about["sessions"]:
        photos = []
        for photo in one["photos"]:
            data = next(at, None)
            if data is None or not isinstance(photo["details"], dict):
                raise ValueError("a photo of the list is missing")
            photos.append((uuid.UUID(photo["id"]), str(photo["sha256"]), photo["details"], data))
        errands = [
            (str(errand["name"]), str(errand["args"][0]))
            for errand in one["errands"]
            if errand["name"] in ERRANDS
        ]
        yield Parcel(uuid.UUID(one["session"]), str(one["proof"]), errands, photos)
    if next(at, None) is not None:
        raise ValueError("more photos than the list names")


def _bring(
    dataset: Dataset, finder: FaceFinder, parcel: Parcel, read_shot: ReadShot, actor: str
) -> Report:
    try:
        announced = _require_known(dataset, parcel)
    except UserMistake as refusal:
        return _refused(refusal, len(parcel.photos))
    waiting = [photo_id for photo_id, *_ in parcel.photos]
    for name, said in parcel.errands:
        with suppress(UserMistake):  # heard before, or overtaken
            _tell(dataset, parcel.session_id, name, said, waiting)
    report = Report()
    for photo in parcel.photos:
        report += _store(dataset, finder, parcel.session_id, photo, read_shot, announced)
    with dataset.database.write() as session:
        if session.get(CaptureSession, parcel.session_id) is not None:
            dataset.chain.record(
                session, actor, "photos brought in", parcel.session_id,
                stored=report.stored, known=report.known, refused=report.refused.total(),
            )  # fmt: skip
    return report


def _require_known(dataset: Dataset, parcel: Parcel) -> list[str]:
    """The photos that the session's tablet announced by itself.

    Raises NotFound for a session that no tablet was given, Erased for one that is gone.
    """
    if not is_proved(dataset, parcel.session_id, parcel.proof):
        raise NotFound("The file names a session that this server did not give to the tablet.")
    with dataset.database.read() as session:
        capture = session.get(CaptureSession, parcel.session_id)
        if capture is None:
            raise Erased("Its session was erased: please delete the file.")
        return capture.announced


def _tell(
    dataset: Dataset, session_id: uuid.UUID, name: str, said: str, waiting: Sequence[uuid.UUID]
) -> None:
    """What the tablet would have told, had it reached the server."""
    if name == "answerAssent" and said != "yes":  # without the server's answer no child begins
        answer_assent(dataset, session_id, said, "")
    elif name == "close":
        close_session(dataset, session_id, said, waiting, rescued=True)
    elif name == "bin":
        bin_own_photo(dataset, session_id, _identifier(said))
    elif said == "keep":
        keep_after_stop(dataset, session_id)
    elif said == "bin":
        bin_session(dataset, session_id, waiting)


def _store(
    dataset: Dataset,
    finder: FaceFinder,
    session_id: uuid.UUID,
    photo: tuple[uuid.UUID, str, dict[str, Any], bytes],
    read_shot: ReadShot,
    announced: Sequence[str],
) -> Report:
    photo_id, sha256, details, data = photo
    if not data:
        return Report(known=1)  # it arrived while the file was saved
    try:
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Unprocessable("The photo was damaged on the tablet.")
        shot = read_shot(photo_id, details)
        receipt = add_photo(dataset, finder, session_id, shot, data, rescued=announced)
    except UserMistake as refusal:
        return _refused(refusal, 1)
    return Report(stored=1) if receipt.new else Report(known=1)


def _refused(refusal: UserMistake, count: int) -> Report:
    return Report(
        refused=Counter({(refusal.sentence, tuple(sorted(refusal.values.items()))): count})
    )


def _identifier(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Unprocessable("A number in the request has the wrong form.") from error
