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
    """A client that has signed in."""
    client = app.test_client()
    answer = post(client, "/sign-in", name=name, password=password, target="/home")
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return client
