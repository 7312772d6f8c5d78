"""What the tablet's page needs to open without a network: its files, under the hash of them all."""

import hashlib
import json
from pathlib import Path

from flask import Blueprint, Response

from collector.web.access import public

STATIC = Path(__file__).parent / "static"
WORKER = "worker.js"
# What operators' pages alone use is small; to tell it apart would be one more list to keep.
KINDS = frozenset({".js", ".css"})

blueprint = Blueprint("shell", __name__, url_prefix="/capture")


@blueprint.get("/sw.js")
@public
def worker() -> Response:
    """The service worker: it keeps the page's files, and nothing that the page asks or says."""
    names = sorted(path.name for path in STATIC.iterdir() if path.suffix in KINDS)
    files = ["./", "/static/icon.svg", *(f"static/{name}" for name in names if name != WORKER)]
    shell = json.dumps({"version": _hash(), "files": files})
    content = f"const SHELL = {shell};\n{(STATIC / WORKER).read_text(encoding='utf-8')}"
    return Response(content, mimetype="text/javascript")


def _hash() -> str:
    found = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        if path.is_file():
            found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]
