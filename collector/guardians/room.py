"""What this room offers to the shell."""

from flask import Blueprint

from collector.guardians import consents
from collector.web.rooms import Room

files = Blueprint(
    "guardians",
    __name__,
    url_prefix="/guardians",
    template_folder="templates",
    static_folder="static",
)

ROOM = Room(blueprints=(files, consents.blueprint))
