"""What this room offers to the shell."""

from collector.capture import (
    children,
    coverage,
    finding,
    protocols,
    quarantine,
    reassigning,
    sittings,
    tablet,
)
from collector.web.companions import lazy
from collector.web.rooms import Door, Room

OPERATORS, ADMINS = frozenset({"operator"}), frozenset({"admin"})

ROOM = Room(
    blueprints=(
        children.blueprint,
        sittings.blueprint,
        finding.blueprint,
        reassigning.blueprint,
        quarantine.blueprint,
        protocols.blueprint,
        coverage.blueprint,
        tablet.page,
    ),
    token_blueprints=(tablet.api,),
    doors=(
        Door("children.overview", lazy("Children"), OPERATORS),
        Door("protocols.overview", lazy("Protocols"), OPERATORS),
        Door("coverage.overview", lazy("Coverage"), OPERATORS | ADMINS),
        Door("quarantine.overview", lazy("Quarantine"), ADMINS),
    ),
)
