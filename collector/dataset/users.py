"""Adults with accounts: making them, signing them in."""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash, generate_password_hash

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.errors import Conflict, NotFound, Unprocessable
from collector.dataset.models import User, UserRole
from collector.dataset.vocabulary import ACTORS, ROLES

MIN_PASSWORD = 10

# Compared when the name is unknown, so that a wrong name takes as long as a wrong password.
NOBODY = generate_password_hash(uuid.uuid4().hex)


def add_user(
    dataset: Dataset,
    name: str,
    password: str,
    roles: Collection[str],
    *,
    actor: str,
    only_first: bool = False,
) -> User:
    """Make an account; with `only_first` only where there is none yet.

    Raises Unprocessable for a name, password or roles that cannot be, Conflict for a taken name.
    """
    name = name.strip()
    _check(name, password, roles)
    password_hash = generate_password_hash(password)
    with dataset.database.write() as session:
        if only_first and has_users(session):
            raise Conflict("The first account was made already: sign in.")
        taken = session.scalars(select(User).where(User.name == name)).first()
        if taken or name.lower() in ACTORS:  # the log names those who have no account
            raise Conflict("There is an account called %(name)s already.", name=name)
        user = User(
            id=uuid.uuid4(),
            site_id=dataset.site_id,
            name=name,
            password_hash=password_hash,
            created_at=clock.now(),
            roles=[UserRole(role=role) for role in ROLES if role in roles],
        )
        session.add(user)
        session.flush()
        dataset.chain.record(session, actor, "user added", user.id, roles=sorted(roles))
    return user


def sign_in(dataset: Dataset, name: str, password: str) -> User | None:
    """The user of that name and password, if there is one; takes as long if there is not."""
    with dataset.database.read() as session:
        user = session.scalars(select(User).where(User.name == name.strip(), User.active)).first()
    matches = check_password_hash(user.password_hash if user else NOBODY, password)
    return user if user and matches else None


def set_password(dataset: Dataset, name: str, password: str, *, actor: str) -> None:
    """Give the account a new password."""
    _check(name, password, ROLES)
    with dataset.database.write() as session:
        user = session.scalars(select(User).where(User.name == name)).first()
        if user is None:
            raise NotFound(f"There is no account called {name}.")
        user.password_hash = generate_password_hash(password)
        dataset.chain.record(session, actor, "password changed", user.id)


def end_sign_ins(dataset: Dataset, user_id: uuid.UUID) -> None:
    """Every cookie that the user holds anywhere ends with this."""
    with dataset.database.write() as session:
        session.get_one(User, user_id).sign_outs += 1


def active_user(session: Session, user_id: uuid.UUID) -> User | None:
    """The user of that id, unless the account was closed."""
    user = session.get(User, user_id)
    return user if user and user.active else None


def list_users(session: Session) -> Sequence[User]:
    """All accounts, by name."""
    return session.scalars(select(User).order_by(User.name)).all()


def has_users(session: Session) -> bool:
    """Whether anybody has an account yet."""
    return bool(session.scalar(select(func.count(User.id))))


def _check(name: str, password: str, roles: Collection[str]) -> None:
    if not 1 <= len(name) <= 80:
        raise Unprocessable("A name has 1 to 80 characters.")
    if len(password) < MIN_PASSWORD:
        raise Unprocessable("A password has at least %(least)s characters.", least=MIN_PASSWORD)
    if len(password) > 1000:
        raise Unprocessable("A password has at most 1000 characters.")
    if not roles or not set(roles) <= set(ROLES):
        raise Unprocessable("Choose at least one role.")
