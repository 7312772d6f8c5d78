"""What is served over plain HTTP: the page that explains how to trust the authority, no more."""

import plistlib
import uuid
from collections.abc import Callable, Iterable

from flask import Flask, Response, g, render_template, request, send_from_directory
from werkzeug.exceptions import HTTPException, SecurityError

from collector.settings import Lan, Settings
from collector.web import headers, languages, refusals
from collector.web.hosts import trusted_hosts
from collector.web.lan.certificates import Certified, fingerprint

STYLE, SCRIPT = "style.css", "trust.js"


def create_trust_app(
    settings: Settings,
    lan: Lan,
    authority: Callable[[], Certified] | None,
    addresses: Iterable[str] = (),
) -> Flask:
    """The app of the plain port; without an authority it only says where the app is.

    `authority` is asked each time: it may be renewed while the server runs.

    It holds no dataset and no secret, and sets no cookie: there is nothing in it to be stolen.
    """
    app = Flask("collector.web", static_folder=None)
    app.config.update(TRUSTED_HOSTS=trusted_hosts(settings, addresses), MAX_CONTENT_LENGTH=0)
    app.after_request(lambda response: _let_ask(response, lan))  # runs after the next line's
    headers.add_headers(app)
    languages.speak(app)
    app.add_url_rule("/", "page", lambda: _page(lan))
    for name in (STYLE, SCRIPT):
        app.add_url_rule(f"/{name}", name, lambda name=name: send_from_directory("static", name))
    if authority:
        app.add_url_rule("/authority.crt", "crt", lambda: _certificate(authority(), lan))
        app.add_url_rule("/authority.mobileconfig", "profile", lambda: _profile(authority(), lan))
    app.register_error_handler(SecurityError, refusals.foreign_host)
    app.register_error_handler(HTTPException, lambda error: (_page(lan), error.code))
    return app


def profile(authority: Certified, lan: Lan) -> bytes:
    """A configuration profile for iPad and iPhone that holds the authority's certificate.

    Its identifiers follow from the certificate, so that a second download replaces the first.
    """
    name = fingerprint(authority.certificate)
    certificate = {
        "PayloadType": "com.apple.security.root",
        "PayloadIdentifier": f"local.{lan.name}.authority",
        "PayloadUUID": str(uuid.uuid5(uuid.NAMESPACE_OID, name)).upper(),
        "PayloadVersion": 1,
        "PayloadDisplayName": lan.name,
        "PayloadCertificateFileName": "authority.crt",
        "PayloadContent": authority.to_der(),
    }
    return plistlib.dumps(
        {
            "PayloadType": "Configuration",
            "PayloadIdentifier": f"local.{lan.name}",
            "PayloadUUID": str(uuid.uuid5(uuid.NAMESPACE_URL, name)).upper(),
            "PayloadVersion": 1,
            "PayloadDisplayName": f"Children's expressions: {lan.name}",
            "PayloadContent": [certificate],
        }
    )


def _page(lan: Lan) -> str:
    host = request.host.rpartition(":")[0] or request.host
    g.here = f"https://{host}:{lan.port}"
    return render_template("trust.html", lan=lan, here=g.here)


def _certificate(authority: Certified, lan: Lan) -> Response:
    response = Response(authority.to_der(), content_type="application/x-x509-ca-cert")
    response.headers["Content-Disposition"] = f'attachment; filename="{lan.name}.crt"'
    return response


def _profile(authority: Certified, lan: Lan) -> Response:
    # Not as an attachment: Safari is to offer it to the settings, not to save it as a file.
    return Response(profile(authority, lan), content_type="application/x-apple-aspen-config")


def _let_ask(response: Response, lan: Lan) -> Response:
    # The page tries whether the tablet trusts the authority already, and asks for nothing else.
    if "here" in g:
        asks = f"; connect-src {lan.address} {g.here}"
        response.headers["Content-Security-Policy"] += asks
    return response
