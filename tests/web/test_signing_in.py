"""Signing in and out, and what the cookie is worth."""

import uuid
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.dataset.dataset import Dataset
from collector.dataset.users import set_password
from tests.cast import PASSWORD
from tests.web.visitors import post, signed_in

pytestmark = pytest.mark.usefixtures("staff")


def test_a_right_password_leads_on_to_the_wanted_page(nobody: FlaskClient) -> None:
    answer = post(nobody, "/sign-in", name="olga", password=PASSWORD, target="/children/")
    assert answer.location == "/children/"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "",
    ],
)
def test_no_redirect_leads_elsewhere(nobody: FlaskClient, target: str) -> None:
    answer = post(nobody, "/sign-in", name="olga", password=PASSWORD, target=target)
    assert answer.location == "/home"


@pytest.mark.parametrize("name", ["olga", "nobody"])
def test_a_wrong_name_and_a_wrong_password_are_told_apart_by_nobody(
    nobody: FlaskClient, name: str
) -> None:
    answer = post(nobody, "/sign-in", name=name, password="not this one", target="/")
    assert answer.status_code == 401
    assert "do not belong together" in answer.get_data(as_text=True)


def test_a_closed_page_shows_the_sign_in_form_and_leads_back(nobody: FlaskClient) -> None:
    answer = nobody.get("/children/?x=1")
    assert answer.status_code == 401
    assert 'name="target" value="/children/?x=1"' in answer.get_data(as_text=True)


def test_after_signing_out_the_pages_are_closed(app: Flask) -> None:
    olga = signed_in(app, "olga")
    assert olga.get("/children/").status_code == 200
    post(olga, "/sign-out")
    assert olga.get("/children/").status_code == 401


def test_a_copied_cookie_ends_with_the_sign_out(app: Flask) -> None:
    olga = signed_in(app, "olga")
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = olga.get_cookie(name)
    assert cookie
    post(olga, "/sign-out")
    thief = app.test_client()
    thief.set_cookie(name, cookie.value)
    assert thief.get("/home").status_code == 401


def test_a_new_password_signs_out_everywhere(app: Flask, dataset: Dataset) -> None:
    olga = signed_in(app, "olga")
    set_password(dataset, "olga", "another password", actor="test")
    assert olga.get("/children/").status_code == 401


def test_guessing_is_slowed_down(nobody: FlaskClient) -> None:
    tries = [
        post(nobody, "/sign-in", name="olga", password=uuid.uuid4().hex, target="/").status_code
        for _ in range(11)
    ]
    assert tries == [401] * 10 + [429]


def test_the_cookie_is_kept_from_scripts_and_other_sites(nobody: FlaskClient) -> None:
    answer = post(nobody, "/sign-in", name="olga", password=PASSWORD, target="/")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_every_answer_forbids_loading_from_elsewhere_and_keeping_copies(
    nobody: FlaskClient,
) -> None:
    answer = nobody.get("/sign-in")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'; img-src")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_multipart_body_is_refused_unread(nobody: FlaskClient) -> None:
    answer = nobody.post("/sign-in", data={"name": "olga", "file": (BytesIO(b"x" * 10**6), "x")})
    assert answer.status_code == 415


def test_a_name_that_is_not_ours_is_not_answered(nobody: FlaskClient) -> None:
    assert nobody.get("/sign-in", headers={"Host": "evil.example"}).status_code == 400
