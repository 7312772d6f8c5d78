"""The plain port: the page that explains how to trust the authority, and nothing else."""

import plistlib
from pathlib import Path

import pytest
from cryptography import x509
from flask import Flask
from flask.testing import FlaskClient

from collector.dataset import clock
from collector.settings import Lan, Settings
from collector.web.lan.certificates import Certified, fingerprint, make_authority
from collector.web.lan.trust import create_trust_app

LAN = Lan("faces-1a2b.local", 8443, 8080)
HERE = f"http://{LAN.name}:8080"


@pytest.fixture
def authority() -> Certified:
    return make_authority([LAN.name], clock.now())


@pytest.fixture
def visitor(authority: Certified) -> FlaskClient:
    settings = Settings(data=Path("nowhere"), lan=LAN)
    return create_trust_app(settings, LAN, lambda: authority, ["10.0.0.5"]).test_client()


def test_it_leads_through_the_steps_on_each_device(visitor: FlaskClient) -> None:
    answer = visitor.get("/", base_url=HERE)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    for word in ("iPad", "Android", "Windows", "authority.crt", "authority.mobileconfig"):
        assert word in page
    assert LAN.address in page
    assert "Set-Cookie" not in answer.headers


def test_it_speaks_the_tablet_s_language(visitor: FlaskClient) -> None:
    page = visitor.get("/", base_url=HERE, headers={"Accept-Language": "kk"})
    assert '<html lang="kk">' in page.get_data(as_text=True)


def test_android_and_windows_get_the_certificate_alone(
    visitor: FlaskClient, authority: Certified
) -> None:
    answer = visitor.get("/authority.crt", base_url=HERE)
    assert answer.content_type == "application/x-x509-ca-cert"
    assert x509.load_der_x509_certificate(answer.data) == authority.certificate


def test_an_ipad_gets_a_profile_with_the_certificate_alone(
    visitor: FlaskClient, authority: Certified
) -> None:
    answer = visitor.get("/authority.mobileconfig", base_url=HERE)
    assert answer.content_type == "application/x-apple-aspen-config"
    profile = plistlib.loads(answer.data)
    (payload,) = profile["PayloadContent"]
    assert payload["PayloadType"] == "com.apple.security.root"
    assert x509.load_der_x509_certificate(payload["PayloadContent"]) == authority.certificate
    assert visitor.get("/authority.mobileconfig", base_url=HERE).data == answer.data


def test_neither_holds_the_key(visitor: FlaskClient, authority: Certified) -> None:
    secret = authority.key.private_numbers().private_value.to_bytes(32, "big")
    for path in ("/", "/authority.crt", "/authority.mobileconfig"):
        found = visitor.get(path, base_url=HERE).data
        assert secret not in found
        assert b"PRIVATE KEY" not in found


@pytest.mark.parametrize(
    "path", ["/sign-in", "/home", "/capture/", "/tablets", "/static/page.js", "/machine.pem", "/..",
             "/connection", "/connection/ping", "/authority.pem", "/app.py"])  # fmt: skip
def test_whatever_else_is_asked_for_is_answered_by_that_page(
    visitor: FlaskClient, path: str
) -> None:
    answer = visitor.get(path, base_url=HERE)
    assert answer.status_code == 404
    assert 'data-verdict="trusted"' in answer.get_data(as_text=True)


def test_the_routes_are_these_and_no_more(visitor: FlaskClient) -> None:
    app: Flask = visitor.application
    assert {str(rule) for rule in app.url_map.iter_rules()} == {
        "/", "/style.css", "/trust.js", "/authority.crt", "/authority.mobileconfig",
    }  # fmt: skip
    assert {method for rule in app.url_map.iter_rules() for method in rule.methods or ()} == {
        "GET", "HEAD", "OPTIONS",
    }  # fmt: skip
    assert app.secret_key is None


@pytest.mark.parametrize("path", ["/style.css", "/trust.js"])
def test_its_style_and_script_are_there(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path, base_url=HERE).status_code == 200


def test_its_script_may_ask_the_server_over_tls_and_nobody_else(visitor: FlaskClient) -> None:
    policy = visitor.get("/", base_url="http://10.0.0.5:8080").headers["Content-Security-Policy"]
    assert f"connect-src {LAN.address} https://10.0.0.5:8443" in policy
    assert "default-src 'self'" in policy


def test_a_name_that_is_not_the_machine_s_is_refused(visitor: FlaskClient) -> None:
    answer = visitor.get("/", base_url="http://evil.example:8080")
    assert answer.status_code == 400
    assert b"does not answer to that name" in answer.data


def test_without_an_authority_there_is_nothing_to_install() -> None:
    lan = Lan("faces.school.example", 8443, 8080, authority=False)
    app = create_trust_app(Settings(data=Path("nowhere"), lan=lan), lan, None)
    visitor, here = app.test_client(), f"http://{lan.name}"
    page = visitor.get("/", base_url=here).get_data(as_text=True)
    assert lan.address in page
    assert "authority" not in page
    assert visitor.get("/authority.crt", base_url=here).status_code == 404


def test_the_fingerprint_to_compare_with_is_not_here(
    visitor: FlaskClient, authority: Certified
) -> None:
    # Whoever hands out another certificate on the way would write its fingerprint there, too.
    page = visitor.get("/", base_url=HERE).get_data(as_text=True)
    assert fingerprint(authority.certificate)[:9] not in page
