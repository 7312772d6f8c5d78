"""The language of a page: the visitor's choice, then the browser's wish, then English."""

from datetime import date, datetime

from babel.dates import format_date, format_datetime
from flask import Flask, request, session

from collector.dataset.emotions import LANGUAGES
from collector.web.companions import add_babel, current_language

NAMES = {"ru": "Русский", "kk": "Қазақша", "uk": "Українська", "en": "English"}


def language() -> str:
    """The language of this request, one of ru, kk, uk, en."""
    return current_language() or "en"


def speak(app: Flask) -> None:
    """Give the app its four languages."""
    add_babel(app, _choose)
    app.jinja_env.globals.update(language=language, language_names=NAMES)
    app.jinja_env.filters.update(dateformat=show_day, datetimeformat=show_moment)


def show_day(day: date) -> str:
    """A day, or a moment's day in this machine's time zone, as the visitor's language writes it."""
    local = day.astimezone() if isinstance(day, datetime) else day
    return format_date(local, locale=language())


def show_moment(moment: datetime) -> str:
    """Day and minute in this machine's time zone, as the visitor's language writes them."""
    return format_datetime(moment.astimezone(), "short", locale=language())


def _choose() -> str:
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES) or "en"
