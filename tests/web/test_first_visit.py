"""The first visit makes the first account, from the machine itself and once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.dataset.dataset import Dataset
from collector.dataset.errors import Conflict
from collector.dataset.users import add_user, list_users
from tests.cast import PASSWORD
from tests.web.visitors import post, signed_in


def test_an_empty_dataset_offers_to_make_the_first_account(nobody: FlaskClient) -> None:
    assert nobody.get("/").location == "/welcome"
    answer = post(nobody, "/welcome", name="Olga", password=PASSWORD, roles=["operator"])
    assert answer.location == "/home"
    assert "Olga" in nobody.get("/home").get_data(as_text=True)


def test_the_first_account_is_always_an_administrator(nobody: FlaskClient, app: Flask) -> None:
    post(nobody, "/welcome", name="Olga", password=PASSWORD, roles=["operator"])
    assert signed_in(app, "Olga").get("/accounts").status_code == 200


def test_nobody_but_the_machine_itself_is_offered_it(nobody: FlaskClient) -> None:
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert nobody.get("/welcome", environ_base=elsewhere).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [{"X-Forwarded-For": "192.0.2.7"}, {"Forwarded": "for=192.0.2.7"}, {"Host": "school.example"}],
    ids=["x-forwarded-for", "forwarded", "host"],
)
def test_a_server_in_front_of_this_one_is_not_the_machine_itself(
    app: Flask, nobody: FlaskClient, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["localhost", "school.example"])
    assert nobody.get("/welcome").status_code == 200
    assert nobody.get("/welcome", headers=headers).status_code == 404


def test_it_is_offered_once(nobody: FlaskClient, staff: dict[str, object]) -> None:
    assert staff
    assert nobody.get("/").location == "/home"
    assert nobody.get("/welcome").status_code == 404


def test_two_first_visits_at_once_make_one_account(dataset: Dataset) -> None:
    def visit(name: str) -> bool:
        try:
            add_user(dataset, name, PASSWORD, ["admin"], actor="test", only_first=True)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(visit, ["a", "b", "c", "d"]))
    assert made.count(True) == 1
    with dataset.database.read() as session:
        assert len(list_users(session)) == 1


@pytest.mark.parametrize(
    ("name", "password"), [("", PASSWORD), ("Olga", "short"), ("O" * 81, PASSWORD)]
)
def test_an_impossible_account_is_refused_in_a_sentence(
    nobody: FlaskClient, name: str, password: str
) -> None:
    answer = post(nobody, "/welcome", name=name, password=password)
    assert answer.status_code == 422
    assert "characters" in answer.get_data(as_text=True)
