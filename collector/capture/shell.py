"""What the tablet's page needs to open without a network: its files, under the hash of them all."""

import hashlib
import json
from pathlib import Path

from flask import Blueprint, Response

from collector.web.access import public

STATIC = Path(__file__).parent / "static"
WORKER = "queue/worker.js"
KINDS = frozenset({".js", ".css"})
DESK = "desk"  # operators' own pages

blueprint = Blueprint("shell", __name__, url_prefix="/capture")


@blueprint.get("/sw.js")
@public
def worker() -> Response:
    """The service worker: it keeps the page's files, and nothing that the page asks or says."""
    names = [name for name in _files() if Path(name).suffix in KINDS and name != WORKER]
    files = ["./", "/static/icon.svg", *(f"static/{name}" for name in names)]
    shell = json.dumps({"version": _hash(), "files": files})
    content = f"const SHELL = {shell};\n{(STATIC / WORKER).read_text(encoding='utf-8')}"
    return Response(content, mimetype="text/javascript")


def _files() -> list[str]:
    """The files of the child's page, by their paths below the static folder."""
    found = [path.relative_to(STATIC) for path in STATIC.rglob("*") if path.is_file()]
    return sorted(path.as_posix() for path in found if path.parts[0] != DESK)


def _hash() -> str:
    found = hashlib.sha256()
    for name in _files():
        found.update(name.encode() + b"\0" + (STATIC / name).read_bytes() + b"\0")
    return found.hexdigest()[:16]
