"""Every refusal as one clear sentence with the right status: JSON for scripts, else a page."""

import logging

from flask import Flask, Response, abort, g, jsonify, render_template, request
from werkzeug.exceptions import HTTPException, SecurityError

from collector.dataset.errors import Erased, UserMistake
from collector.dataset.keys import KeyGone
from collector.web.companions import CSRFError, _, visitor

STRANGERS_BYTES = 64 * 1024

log = logging.getLogger(__name__)


def answer_refusals(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(UserMistake, _user_mistake)
    app.register_error_handler(KeyGone, _erased_meanwhile)
    app.register_error_handler(CSRFError, _expired_form)
    app.register_error_handler(SecurityError, foreign_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _failure)


def refuse_multipart() -> None:
    """Before anything reads the body: parsers of multipart bodies spool them to disk."""
    if request.mimetype == "multipart/form-data":
        raise MultipartRefused("Files are not taken in this form: please use the page.")


def refuse_long_forms_of_strangers() -> None:
    """Before anything reads the body: taking apart megabytes of fields costs seconds.

    Only who is signed in sends long forms, scans among them.
    """
    is_form = request.mimetype == "application/x-www-form-urlencoded"
    is_long = (request.content_length or 0) > STRANGERS_BYTES
    if is_form and is_long and not visitor().is_authenticated:
        abort(400)


class MultipartRefused(UserMistake):
    """The body is of a kind that would be written to disk while it is read."""

    status = 415


def refusal(status: int, sentence: str, code: str | None = None) -> tuple[Response | str, int]:
    """The answer for a refusal."""
    if "/api/" in request.path or request.accept_mimetypes.best == "application/json":
        return jsonify(error=sentence, code=code or str(status)), status
    if status == 401:
        return render_template("sign_in.html", sentence=None, target=_target()), status
    return render_template("refusal.html", status=status, sentence=sentence), status


def _user_mistake(error: UserMistake) -> tuple[Response | str, int]:
    return refusal(
        error.status,
        _(error.sentence, **error.values),
        "erased" if isinstance(error, Erased) else None,
    )


def _erased_meanwhile(_error: KeyGone) -> tuple[Response | str, int]:
    # The child's key goes before its rows: for a moment a page still finds these.
    return refusal(404, _("There is nothing here, or your account may not see it."))


def _expired_form(_error: Exception) -> tuple[Response | str, int]:
    return refusal(400, _("This form has expired: please reload the page and send it again."))


def foreign_host(_error: SecurityError) -> tuple[str, int, dict[str, str]]:
    """The answer under a name that is not the server's."""
    # A plain line: a page's links would need the very name that was refused.
    sentence = "This server does not answer to that name.\n"
    return sentence, 400, {"Content-Type": "text/plain; charset=utf-8"}


def _http(error: HTTPException) -> tuple[Response | str, int]:
    sentences = {
        400: _("The request could not be understood."),
        401: _("Please sign in first.") if not _came_by_link() else _("This link has ended."),
        404: _("There is nothing here, or your account may not see it."),
        405: _("That cannot be done here."),
        413: _("The file is larger than 15 MB."),
        415: _("Only JPEG and PNG photos can be stored."),
        429: _("Too many tries: please wait a while, then try again."),
    }
    status = error.code or 500
    return refusal(status, sentences.get(status, error.description or error.name))


def _came_by_link() -> bool:
    return any(hasattr(g, one) for one in ("capture", "passport", "tablet"))


def _failure(error: Exception) -> tuple[Response | str, int]:
    log.exception("a request failed", exc_info=error)
    return refusal(500, _("Something went wrong here; nothing was lost. Please try again."))


def _target() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else "/"
