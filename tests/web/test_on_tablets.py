"""What operators and tablets see of the way from one to the other; cookies and names over TLS."""

import re
import uuid
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.dataset.dataset import Dataset
from collector.settings import Lan
from collector.web import here
from collector.web.hosts import trusted_hosts
from collector.web.qr import qr_svg
from tests.cast import PASSWORD, enrol, sit
from tests.web.visitors import csrf_of, post, signed_in

LAN = Lan("faces-1a2b.local", 8443, 8080, fingerprint="ABCD 1234", thumbprint="9876 FEDC")
OVER_TLS = f"https://{LAN.name}:8443"


@pytest.fixture
def served(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The app as `--lan` sets it up."""
    settings = replace(app.extensions[here.SETTINGS], lan=LAN)
    monkeypatch.setitem(app.extensions, here.SETTINGS, settings)
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", trusted_hosts(settings, ["10.0.0.5"]))
    return app


def test_the_operator_finds_codes_and_fingerprints(
    served: Flask, staff: dict[str, uuid.UUID]
) -> None:
    page = signed_in(served, "olga").get("/tablets").get_data(as_text=True)
    assert str(qr_svg(f"{OVER_TLS}/connection", "Code for the connection test")) in page
    assert str(qr_svg("http://faces-1a2b.local:8080", "Code for preparing a tablet")) in page
    assert "ABCD 1234" in page
    assert "9876 FEDC" in page


def test_without_lan_it_says_how_to_begin(app: Flask, staff: dict[str, uuid.UUID]) -> None:
    page = signed_in(app, "olga").get("/tablets").get_data(as_text=True)
    assert "collector serve --lan" in page
    assert "<svg" not in page


def test_the_connection_test_shows_nothing_of_the_dataset(nobody: FlaskClient) -> None:
    page = nobody.get("/connection")
    assert page.status_code == 200
    assert 'data-ping="/connection/ping"' in page.get_data(as_text=True)
    answer = nobody.get("/connection/ping")
    assert (answer.status_code, answer.data) == (204, b"")
    assert "Set-Cookie" not in answer.headers


def test_the_cookie_of_a_tls_page_is_secure_and_has_its_own_name(served: Flask) -> None:
    visitor = served.test_client()
    over = visitor.get("/sign-in", base_url=OVER_TLS).headers["Set-Cookie"]
    plain = visitor.get("/sign-in", base_url="http://localhost:8000").headers["Set-Cookie"]
    assert "; Secure" in over
    assert "; Secure" not in plain
    assert over.partition("=")[0] != plain.partition("=")[0]


def test_somebody_signs_in_over_tls(served: Flask, staff: dict[str, uuid.UUID]) -> None:
    visitor = served.test_client()
    page = visitor.get("/sign-in", base_url=OVER_TLS)
    assert page.headers["Referrer-Policy"] == "same-origin"
    token = page.get_data(as_text=True).split('csrf-token" content="')[1].partition('"')[0]
    form = {"csrf_token": token, "name": "olga", "password": PASSWORD, "target": "/home"}

    def send(referrer: str) -> int:
        headers = {"Referer": referrer}
        return visitor.post(
            "/sign-in", base_url=OVER_TLS, data=form, headers=headers).status_code  # fmt: skip

    assert send("https://evil.example/") == 400
    assert send(f"{OVER_TLS}/sign-in") == 302
    assert visitor.get("/home", base_url=OVER_TLS).status_code == 200


def test_without_tls_pages_tell_nobody_where_a_link_was(nobody: FlaskClient) -> None:
    assert nobody.get("/sign-in").headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("host", [LAN.name, "10.0.0.5", "localhost", "127.0.0.1"])
def test_it_answers_to_its_names(served: Flask, host: str) -> None:
    assert served.test_client().get("/sign-in", base_url=f"https://{host}:8443").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "faces-1a2b.local.evil.example", "10.0.0.6"])
def test_it_answers_to_no_others(served: Flask, host: str) -> None:
    assert served.test_client().get("/sign-in", base_url=f"https://{host}:8443").status_code == 400


def test_without_lan_it_answers_to_no_local_name(app: Flask) -> None:
    assert csrf_of(app.test_client())
    assert app.test_client().get("/sign-in", base_url=OVER_TLS).status_code == 400


def test_a_session_s_code_leads_to_the_name_that_stays(
    served: Flask, dataset: Dataset, staff: dict[str, uuid.UUID]
) -> None:
    # The operator sits at http://localhost, which is another machine for the tablet.
    olga, sitting = signed_in(served, "olga"), sit(dataset, enrol(dataset, "research"))
    page = post(olga, f"/children/sessions/{sitting.id}/link").get_data(as_text=True)
    found = re.search(r'href="(/capture/#[\w-]{43})"', page)
    assert found
    assert str(qr_svg(f"{OVER_TLS}{found[1]}", "Code for the tablet")) in page


def test_without_lan_a_session_has_no_code(
    app: Flask, dataset: Dataset, staff: dict[str, uuid.UUID]
) -> None:
    olga, sitting = signed_in(app, "olga"), sit(dataset, enrol(dataset, "research"))
    page = post(olga, f"/children/sessions/{sitting.id}/link").get_data(as_text=True)
    assert "/capture/#" in page
    assert "<svg" not in page
