"""What this room offers to the shell."""

from collector.capture import (
    bodies,
    certificates,
    children,
    coverage,
    finding,
    lesson_tablet,
    lessons,
    light,
    light_tablet,
    playing,
    protocols,
    quarantine,
    reassigning,
    rescuing,
    shell,
    sittings,
    tablet,
    voices,
)
from collector.web.companions import lazy
from collector.web.rooms import Door, Room

OPERATORS, ADMINS = frozenset({"operator"}), frozenset({"admin"})

ROOM = Room(
    blueprints=(
        children.blueprint,
        lessons.blueprint,
        sittings.blueprint,
        finding.blueprint,
        reassigning.blueprint,
        rescuing.blueprint,
        quarantine.blueprint,
        protocols.blueprint,
        coverage.blueprint,
        playing.blueprint,
        certificates.blueprint,
        voices.blueprint,
        light.blueprint,
        light_tablet.page,
        tablet.page,
        shell.blueprint,
    ),
    token_blueprints=(
        lesson_tablet.api,
        light_tablet.api,
        tablet.api,
    ),
    # A tablet asks three times a second; behind a hotspot several have one address.
    limits={
        "lesson_tablet.pair": "20 per minute",
        "tablet_api.guidance": "20 per second",
        "tablet_api.play": "60 per minute",
        "tablet_api.play_voice": "300 per minute",
    },
    long_bodies={"rescuing.receive": bodies.MAX_RESCUE},
    doors=(
        Door("children.overview", lazy("Children"), OPERATORS),
        Door("lessons.overview", lazy("Lessons"), OPERATORS),
        Door("protocols.overview", lazy("Protocols"), OPERATORS),
        Door("voices.overview", lazy("Voices"), OPERATORS),
        Door("coverage.overview", lazy("Coverage"), OPERATORS | ADMINS),
        Door("quarantine.overview", lazy("Quarantine"), ADMINS),
    ),
)
