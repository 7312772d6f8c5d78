"""What this room offers to the shell."""

from collector.capture import children, sittings, tablet
from collector.web.companions import lazy
from collector.web.rooms import Door, Room

OPERATORS = frozenset({"operator"})

ROOM = Room(
    blueprints=(children.blueprint, sittings.blueprint, tablet.page),
    token_blueprints=(tablet.api,),
    doors=(Door("children.overview", lazy("Children"), OPERATORS),),
)
