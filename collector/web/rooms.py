"""The rooms of the app, named and not imported: the shell knows none of them."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from flask import Blueprint, Flask, current_app, request

from collector.web.companions import CsrfProtection, visitor

ROOMS = ("collector.capture", "collector.guardians", "labeler")

LONG_BODIES = "collector.long_bodies"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Door:
    """An entry of the menu: where it leads, its words (translated lazily), who sees it."""

    endpoint: str
    words: Any
    roles: frozenset[str]


@dataclass(frozen=True)
class Room:
    """What a room's module `room` offers as ROOM.

    `token_blueprints` bear a token in a header and no cookie, so CSRF protection leaves them out.
    `limits` says how often one address may ask, by endpoint: "10 per minute". `long_bodies` names
    the endpoints that take more than a form, and how many bytes at most.
    """

    blueprints: Sequence[Blueprint]
    token_blueprints: Sequence[Blueprint] = ()
    doors: Sequence[Door] = field(default=())
    limits: Mapping[str, str] = field(default_factory=dict)
    long_bodies: Mapping[str, int] = field(default_factory=dict)


def mount_rooms(
    app: Flask, csrf: CsrfProtection, own_doors: Sequence[Door], names: Sequence[str] = ROOMS
) -> dict[str, str]:
    """Mount each room that is installed; one whose extra is missing is left out with a log line.

    The menu shows the rooms' doors, then the shell's own. Returns the limits that the rooms set.
    """
    limits: dict[str, str] = {}
    app.extensions[LONG_BODIES] = {}
    doors: list[Door] = []
    for name in names:
        try:
            room: Room = import_module(f"{name}.room").ROOM
        except ModuleNotFoundError as error:
            log.warning("the room %s is left out: %s is not installed", name, error.name)
            continue
        for blueprint in (*room.blueprints, *room.token_blueprints):
            app.register_blueprint(blueprint)
        for blueprint in room.token_blueprints:
            csrf.exempt(blueprint)
        doors.extend(room.doors)
        limits.update(room.limits)
        app.extensions[LONG_BODIES].update(room.long_bodies)
    doors.extend(own_doors)
    app.jinja_env.globals["doors"] = lambda: _open_doors(doors)
    return limits


def allow_long_bodies() -> None:
    """Before anything looks for a form in the body: it would refuse one that is longer than any."""
    limit = current_app.extensions[LONG_BODIES].get(request.endpoint)
    if limit and request.mimetype == "application/octet-stream":
        request.max_content_length = limit + 1


def _open_doors(doors: Sequence[Door]) -> list[Door]:
    account = visitor()
    if not account.is_authenticated:
        return []
    return [door for door in doors if door.roles & account.roles]
