"""The page “On tablets” for operators, and the connection test that a tablet opens."""

from flask import Blueprint, Response, render_template

from collector.web.access import public, roles
from collector.web.companions import lazy
from collector.web.here import settings
from collector.web.lan.names import find_addresses
from collector.web.qr import qr_svg
from collector.web.rooms import Door

blueprint = Blueprint("tablets", __name__)

DOORS = (Door("tablets.overview", lazy("On tablets"), frozenset({"admin", "operator"})),)


@blueprint.get("/tablets")
@roles("admin", "operator")
def overview() -> str:
    """Where tablets go, as codes to scan, and how each is prepared once."""
    lan = settings().lan
    addresses = find_addresses() if lan else []
    return render_template("tablets.html", lan=lan, addresses=addresses, show_code=qr_svg)


@blueprint.get("/connection")
@public
def connection() -> str:
    """The test of this tablet and its way to the server; it shows nothing of the dataset."""
    return render_template("connection.html", lan=settings().lan)


@blueprint.get("/connection/ping")
@public
def ping() -> Response:
    """An empty answer. The page of the plain port asks for it, too, to see if TLS is trusted."""
    return Response(status=204, headers={"Access-Control-Allow-Origin": "*"})
