"""A class of children in a lesson, and its tablets, without a page."""

import secrets
import uuid
from collections.abc import Sequence

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.lessons.board import Board, read_board
from collector.dataset.lessons.lessons import NewLesson, find_lesson, start_lesson
from collector.dataset.lessons.pairing import code_of, offer_code, pair_tablet
from collector.dataset.lessons.sending import send_child
from collector.dataset.lessons.tasks import hand_over, report
from collector.dataset.models import CaptureSession, Lesson
from collector.dataset.protocols.plan import current_protocols
from collector.dataset.sessions import session_of_token


class PairedTablet:
    """A tablet, the token that it made itself, and what it says and asks."""

    def __init__(self, dataset: Dataset, lesson: uuid.UUID) -> None:
        self.dataset, self.token = dataset, secrets.token_urlsafe(32)
        self.code = code_of(dataset, offer_code(dataset, lesson))
        self.id = pair_tablet(dataset, self.code, self.token, "a tablet").id

    def next(self) -> tuple[str, str]:
        """What it does next, and the token that opens the session."""
        task, token = hand_over(self.dataset, self.id, self.token)
        return (task.kind if task else ""), token

    def opened(self) -> CaptureSession:
        """The session that the token of its task opens."""
        capture = session_of_token(self.dataset, self.next()[1])
        assert capture
        return capture

    def tells(self, waiting: int = 0) -> None:
        """It reports."""
        report(self.dataset, self.id, waiting=waiting)


def begin(dataset: Dataset, children: Sequence[uuid.UUID], **changed: object) -> Lesson:
    """A lesson for the children."""
    with dataset.database.read() as session:
        protocol = current_protocols(session)[0].id
    said: dict[str, object] = {
        "title": "2b, Monday", "protocol_id": protocol, "language": "ru", "light": "natural",
        "light_passport_id": None, "children": children,
    }  # fmt: skip
    return start_lesson(
        dataset,
        NewLesson(**{**said, **changed}),  # type: ignore[arg-type]
        actor="olga",
        operator_id=None,
    )


def send(
    dataset: Dataset,
    lesson: Lesson,
    child: uuid.UUID,
    tablet: PairedTablet,
    *,
    confirmed: str = "hand",
    talked: bool = False,
) -> CaptureSession:
    """The operator sends the child to the tablet."""
    return send_child(
        dataset, lesson.id, child, tablet.id, actor="olga", operator_id=None,
        confirmed=confirmed, talked=talked,
    )  # fmt: skip


def board_of(dataset: Dataset, lesson: Lesson) -> Board:
    """The lesson as it stands now."""
    with dataset.database.read() as session:
        return read_board(dataset, session, find_lesson(session, lesson.id), clock.now())


def states(dataset: Dataset, lesson: Lesson) -> dict[uuid.UUID, str]:
    """How each child stands."""
    return {one.participant.id: one.state for one in board_of(dataset, lesson).pupils}
