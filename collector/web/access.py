"""Who may come in. A view says so with one of these decorators; one that says nothing is closed."""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, request

from collector.dataset.lessons.pairing import tablet_of_token
from collector.dataset.passports.measuring import passport_of_token
from collector.dataset.sessions import session_of_token
from collector.dataset.users import active_user
from collector.web.companions import LoginManager, visitor
from collector.web.here import dataset

View = TypeVar("View", bound=Callable[..., Any])

OWN_NAMES = ("localhost", "127.0.0.1", "::1")
PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")

TOKEN_HEADER = "Session-Token"  # noqa: S105 - the header's name, not a secret
LIGHT_TOKEN_HEADER = "Light-Token"  # noqa: S105 - as above
TABLET_TOKEN_HEADER = "Tablet-Token"  # noqa: S105 - as above


@dataclass(frozen=True)
class Access:
    """What a view asks of its visitor."""

    kind: str  # public, signed in, roles, token, light token, tablet token
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Account:
    """The signed-in user, as views see it."""

    id: uuid.UUID
    name: str
    roles: frozenset[str]
    seal: str
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """What the cookie holds; it ends with the next sign-out and with the password."""
        return f"{self.id.hex}.{self.seal}"


def public(view: View) -> View:
    """Anybody may come in."""
    return _marked(view, Access("public"))


def signed_in(view: View) -> View:
    """Whoever has an account may come in."""
    return _marked(view, Access("signed in"))


def roles(*wanted: str) -> Callable[[View], View]:
    """Whoever holds one of the roles may come in; for others the page does not exist."""
    return lambda view: _marked(view, Access("roles", frozenset(wanted)))


def session_token(view: View) -> View:
    """A capture session's own token may come in, in a header; `g.capture` is its session."""
    return _marked(view, Access("token"))


def light_token(view: View) -> View:
    """The token that measures one light passport may come in; `g.passport` is the passport."""
    return _marked(view, Access("light token"))


def tablet_token(view: View) -> View:
    """A tablet that was paired for a lesson may come in while that is open; `g.tablet` is it."""
    return _marked(view, Access("tablet token"))


def me() -> Account:
    """The signed-in user; only for views that ask for one."""
    return cast(Account, visitor()._get_current_object())


def account_of(user: Any) -> Account:
    """The account of a user's row."""
    state = f"{user.password_hash} {user.sign_outs}"
    seal = hashlib.sha256(state.encode()).hexdigest()[:16]
    return Account(user.id, user.name, frozenset(role.role for role in user.roles), seal)


def from_this_machine() -> bool:
    """Whether the request comes from the loopback address, and through nobody else's hands.

    A server in front of this one (where there is a public address) comes from there for everybody.
    """
    address, asked_for = request.remote_addr, urlsplit(f"//{request.host}").hostname
    passed_on = asked_for not in OWN_NAMES or any(name in request.headers for name in PASSED_ON)
    return bool(address and ip_address(address).is_loopback and not passed_on)


def guard(app: Flask) -> None:
    """Close the app: every request passes `_check_visitor` first."""
    manager = LoginManager(app)
    manager.session_protection = None  # a tablet's address may change; the cookie is bound anyway
    manager.user_loader(_load_account)
    app.before_request(_check_visitor)


def refuse_unmarked_views(app: Flask) -> None:
    """Raises RuntimeError for a view that says nothing about access: a mistake caught at start."""
    for endpoint, view in app.view_functions.items():
        if not _is_static(endpoint) and not hasattr(view, "access"):
            raise RuntimeError(f"the view {endpoint} does not say who may come in")


def _check_visitor() -> None:
    if request.endpoint is None or _is_static(request.endpoint):
        return
    view = current_app.view_functions[request.endpoint]
    access: Access | None = getattr(view, "access", None)
    if access is None:
        abort(404)
    if access.kind == "token":
        g.capture = session_of_token(dataset(), request.headers.get(TOKEN_HEADER, ""))
        if g.capture is None:
            abort(401)
    elif access.kind == "light token":
        g.passport = passport_of_token(dataset(), request.headers.get(LIGHT_TOKEN_HEADER, ""))
        if g.passport is None:
            abort(401)
    elif access.kind == "tablet token":
        g.tablet = tablet_of_token(dataset(), request.headers.get(TABLET_TOKEN_HEADER, ""))
        if g.tablet is None:
            abort(401)
    elif access.kind != "public":
        if not visitor().is_authenticated:
            abort(401)
        if access.kind == "roles" and not access.roles & visitor().roles:
            abort(404)


def _load_account(cookie: str) -> Account | None:
    name, _, seal = cookie.partition(".")
    try:
        user_id = uuid.UUID(hex=name)
    except ValueError:
        return None
    with dataset().database.read() as session:
        user = active_user(session, user_id)
    account = account_of(user) if user else None
    return account if account and account.seal == seal else None


def _is_static(endpoint: str) -> bool:
    return endpoint == "static" or endpoint.endswith(".static")


def _marked(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view
