"""Flask's companions behind one typed door: their packages carry no types of their own."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar, cast

import flask_babel
import flask_login
import flask_wtf.csrf
from flask import Blueprint, Flask

View = TypeVar("View", bound=Callable[..., Any])

CSRFError: type[Exception] = flask_wtf.csrf.CSRFError
Form: Any = flask_wtf.FlaskForm
LoginManager: Any = flask_login.LoginManager


class CsrfProtection(Protocol):
    """What is used of Flask-WTF's CSRFProtect."""

    def init_app(self, app: Flask) -> None:
        """Check every unsafe request."""

    def exempt(self, view: Blueprint) -> Blueprint:
        """Leave a blueprint out: its requests bear a token of their own and no cookie."""


def csrf_protection() -> CsrfProtection:
    """A new CSRFProtect."""
    return cast(CsrfProtection, flask_wtf.csrf.CSRFProtect())


def csrf_token() -> str:
    """The token for this visitor's forms."""
    return cast(str, flask_wtf.csrf.generate_csrf())


def sign_in_user(user: object) -> None:
    """Remember the signed-in user in the cookie."""
    flask_login.login_user(user)


def sign_out_user() -> None:
    """Forget the signed-in user."""
    flask_login.logout_user()


def visitor() -> Any:
    """Whoever makes this request: an Account, or Flask-Login's anonymous user."""
    return flask_login.current_user


def _(message: str, **values: object) -> str:
    """The message in the visitor's language."""
    return cast(str, flask_babel.gettext(message, **values))


def ngettext(one: str, several: str, num: int) -> str:
    """The message for so many, `%(num)s` in it, in the visitor's language."""
    return cast(str, flask_babel.ngettext(one, several, num))


def speaking(language: str) -> AbstractContextManager[None]:
    """Within it, messages are in that language."""
    return cast(AbstractContextManager[None], flask_babel.force_locale(language))


def current_language() -> str | None:
    """The language of this request, if it has one."""
    locale = flask_babel.get_locale()
    return cast(str, locale.language) if locale else None


def add_babel(app: Flask, choose: Callable[[], str]) -> None:
    """Translate the app's messages into the language that `choose` returns."""
    flask_babel.Babel(app, locale_selector=choose, default_locale="en")


def lazy(message: str) -> Any:
    """The message in the language of whoever reads it later."""
    return flask_babel.lazy_gettext(message)
