"""The documents that guardians are asked to answer; an edit is a new version."""

from collections.abc import Sequence

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from collector.dataset.models import ConsentText


def consent_texts(session: Session, purpose: str) -> Sequence[ConsentText]:
    """The newest version of each language's document for that purpose."""
    newest = (
        select(ConsentText.language, func.max(ConsentText.version).label("version"))
        .where(ConsentText.purpose == purpose)
        .group_by(ConsentText.language)
        .subquery()
    )
    statement = (
        select(ConsentText)
        .join(
            newest,
            and_(
                ConsentText.language == newest.c.language, ConsentText.version == newest.c.version
            ),
        )
        .where(ConsentText.purpose == purpose)
        .order_by(ConsentText.language)
    )
    return session.scalars(statement).all()
