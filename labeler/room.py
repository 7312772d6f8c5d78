"""What the shell mounts of the reviewers' room."""

from collector.web.companions import lazy
from collector.web.rooms import Door, Room
from labeler import views

ROOM = Room(
    blueprints=(views.blueprint,),
    doors=(Door("review.queue", lazy("Review"), frozenset({"reviewer"})),),
)
