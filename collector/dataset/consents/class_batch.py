"""Recording a class list: all its children and answers, or nothing; once, however often sent."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.consents.answers import (
    Answer,
    Guardian,
    append_answer,
    check_answer,
    record_answer,
)
from collector.dataset.consents.class_list import Fault, PaperForm
from collector.dataset.consents.moments import signing_moment
from collector.dataset.consents.texts import find_text
from collector.dataset.dataset import Dataset
from collector.dataset.errors import NotFound, Unprocessable
from collector.dataset.models import AuditEvent, Participant
from collector.dataset.participants import Newcomer, add_participants, list_participants

RECORDED = "class list recorded"


def record_class_list(
    dataset: Dataset,
    batch_id: uuid.UUID,
    forms: Sequence[PaperForm],
    texts: Mapping[str, uuid.UUID],
    *,
    actor: str,
    recorded_by: uuid.UUID | None = None,
    valid_until: date | None = None,
) -> bool:
    """Register a child for each form and record its guardian's answers; False if done before.

    `batch_id` is made by the page that shows the list, so that a form sent twice is recorded once;
    `texts` names the document of each purpose. Raises Unprocessable for an impossible answer and
    NotFound for an unknown document: then nothing is recorded.
    """
    answers = [list(_answers_of(form, texts, valid_until)) for form in forms]
    for answer in (one for several in answers for one in several):
        check_answer(answer)
    with dataset.database.write() as session:
        if _event(session, batch_id):
            return False
        for purpose in {one.purpose for several in answers for one in several}:
            find_text(session, texts[purpose], purpose)
        newcomers = [Newcomer(real_name=form.real_name) for form in forms]
        added = add_participants(dataset, session, newcomers, actor=actor, created_by=recorded_by)
        for (child, key), several in zip(added, answers, strict=True):
            for answer in several:
                consent = append_answer(
                    dataset, session, child.id, key, answer, None, recorded_by=recorded_by
                )
                record_answer(dataset.chain, session, actor, consent)
        children = [child.id for child, _ in added]
        dataset.chain.record(
            session, actor, RECORDED, batch_id, children=[one.hex for one in children]
        )
    dataset.keys.confirm_child(*children)
    dataset.keep_head()
    return True


def faults_of(
    forms: Sequence[PaperForm], texts: Mapping[str, uuid.UUID], valid_until: date | None
) -> list[Fault]:
    """What the rules for every answer find in the forms, such as an end before the beginning."""
    faults = []
    for form in forms:
        try:
            for answer in _answers_of(form, texts, valid_until):
                check_answer(answer)
        except Unprocessable as mistake:
            faults.append(Fault(form.number, mistake))
    return faults


def children_of_batch(session: Session, batch_id: uuid.UUID) -> list[Participant]:
    """The children of a recorded list who are still there, in its order; raises NotFound."""
    event = _event(session, batch_id)
    if event is None:
        raise NotFound("No such class list was recorded.")
    children = {one.id.hex: one for one in list_participants(session)}
    return [children[one] for one in event.details["children"] if one in children]


def registered_names(dataset: Dataset, forms: Iterable[PaperForm]) -> set[int]:
    """The numbers of forms whose child's name a registered child bears already."""
    with dataset.database.read() as session:
        names = {dataset.keys.real_name(child.id) for child in list_participants(session)}
    known = {name.casefold() for name in names if name}
    return {one.number for one in forms if one.real_name and one.real_name.casefold() in known}


def _answers_of(
    form: PaperForm, texts: Mapping[str, uuid.UUID], valid_until: date | None
) -> Iterable[Answer]:
    for purpose, given in form.answers.items():
        if purpose not in texts:
            raise NotFound("There is no such consent document for this purpose.")
        yield Answer(
            purpose=purpose,
            text_id=texts[purpose],
            guardian=Guardian(form.guardian),
            relation=form.relation,
            method="paper",
            signed_at=signing_moment(form.signed_on, given),
            given=given,
            valid_until=clock.midnight(valid_until) if valid_until else None,
        )


def _event(session: Session, batch_id: uuid.UUID) -> AuditEvent | None:
    return session.scalars(
        select(AuditEvent).where(AuditEvent.action == RECORDED, AuditEvent.subject == batch_id.hex)
    ).first()
