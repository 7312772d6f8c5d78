"""What the guardian takes home: receipts are given, shown for printing, and replaced when lost."""

import json
import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from collector.dataset.consents.certificate import Certificate, open_certificate
from collector.dataset.consents.machine_form import certify
from collector.dataset.consents.receipts import issue_receipt
from collector.dataset.emotions import LANGUAGES
from collector.web.access import me, roles
from collector.web.companions import _, speaking
from collector.web.here import dataset, settings
from collector.web.qr import qr_svg

blueprint = Blueprint("receipts", __name__, url_prefix="/children")


@blueprint.get("/receipts/<uuid:receipt_id>")
@roles("operator")
def page(receipt_id: uuid.UUID) -> str:
    """The receipt, to be printed on one sheet, in the language that the guardian read."""
    certificate = open_certificate(dataset(), receipt_id, actor=me().name)
    read = [answer.text.language for answer, *_rest in certificate.answers] or [LANGUAGES[0]]
    wanted = request.args.get("language", read[-1])
    spoken = wanted if wanted in LANGUAGES else LANGUAGES[0]
    with speaking(spoken):
        paper = render_template(
            "receipt_paper.html", certificate=certificate, withdrawal=_withdrawal(certificate)
        )
    return render_template(
        "receipt.html",
        receipt=certificate.receipt,
        paper=Markup(paper),  # noqa: S704 - a template's own output, escaped there
        spoken=spoken,
    )


@blueprint.get("/receipts/<uuid:receipt_id>/receipt.json")
@roles("operator")
def download(receipt_id: uuid.UUID) -> Response:
    """The receipt's machine-readable form, as a file."""
    content = certify(open_certificate(dataset(), receipt_id, actor=me().name))
    answer = Response(
        json.dumps(content, ensure_ascii=False, indent=2) + "\n", mimetype="application/json"
    )
    name = f"receipt-{receipt_id.hex[:8]}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.post("/<uuid:participant_id>/receipts")
@roles("operator")
def issue(participant_id: uuid.UUID) -> Response:
    """Give a receipt for all answers so far; earlier ones stay valid."""
    return _issue(participant_id, lost=False)


@blueprint.post("/<uuid:participant_id>/receipts/lost")
@roles("operator")
def reissue(participant_id: uuid.UUID) -> Response:
    """The receipt was lost: its code, and all before, open nothing any more; here is a new one."""
    return _issue(participant_id, lost=True)


def _issue(participant_id: uuid.UUID, *, lost: bool) -> Response:
    receipt = issue_receipt(
        dataset(), participant_id, actor=me().name, issued_by=me().id, lost=lost
    )
    return redirect(url_for("receipts.page", receipt_id=receipt.id))


def _withdrawal(certificate: Certificate) -> dict[str, object] | None:
    """Where the code may be entered, if guardians reach this server from anywhere."""
    address = settings().public_address
    if not address or not certificate.code:
        return None
    link = f"{address}/withdraw#{certificate.code.replace(' ', '')}"
    return {"page": f"{address}/withdraw", "qr": qr_svg(link, _("Page for withdrawing"))}
