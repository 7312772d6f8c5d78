"""Visitors of the app in tests: signing in, and sending forms as a page would."""

import re

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import PASSWORD


def csrf_of(client: FlaskClient, path: str = "/sign-in") -> str:
    """The token that a page hands its forms."""
    page = client.get(path).get_data(as_text=True)
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found, page
    return found[1]


def post(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    """Send a form with its CSRF token."""
    return client.post(path, data={"csrf_token": csrf_of(client), **fields})


def signed_in(app: Flask, name: str, password: str = PASSWORD) -> FlaskClient:
    """A client that has signed in.

    The app's first sign-in of each account is remembered by its cookie: hashing a password takes
    longer than most tests. A cookie that this dataset does not accept leads to the real form.
    """
    remembered: dict[tuple[str, str], str] = app.extensions.setdefault("remembered cookies", {})
    client, cookie = app.test_client(), app.config["SESSION_COOKIE_NAME"]
    if (name, password) in remembered:
        client.set_cookie(cookie, remembered[name, password])
        if client.get("/home").status_code == 200:
            return client
        client = app.test_client()
    answer = post(client, "/sign-in", name=name, password=password, target="/home")
    assert answer.status_code == 302, answer.get_data(as_text=True)
    kept = client.get_cookie(cookie)
    assert kept
    remembered[name, password] = kept.value
    return client
