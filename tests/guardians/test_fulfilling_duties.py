"""Withdrawals and duties on a page: who sees them, what is overdue, what is done."""

import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from collector.dataset import clock
from collector.dataset.consents.duties import list_duties
from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.models import Duty
from collector.dataset.vocabulary import PURPOSES
from tests.cast import enrol
from tests.guardians.aftermath import spread
from tests.web.visitors import post, signed_in

OVERDUE = "after a withdrawal is overdue"


@pytest.fixture
def withdrawn(dataset: Dataset, tmp_path: Path) -> uuid.UUID:
    """A child that left a snapshot, a model and a key backup behind."""
    child = enrol(dataset, *PURPOSES)
    spread(dataset, child, tmp_path)
    withdraw(dataset, child, PURPOSES, channel="code", actor="guardian")
    return child


def page(client: FlaskClient, path: str = "/withdrawals/") -> str:
    return client.get(path).get_data(as_text=True)


def let_pass(dataset: Dataset, days: int) -> None:
    """Make all duties older."""
    with dataset.database.write() as session:
        session.execute(update(Duty).values(due_on=clock.now().date() - timedelta(days=days)))


def test_an_empty_register_says_what_would_stand_there(olga: FlaskClient) -> None:
    shown = page(olga)
    assert "No duty is open" in shown
    assert "Nobody has withdrawn" in shown


def test_every_duty_is_named_with_its_place_and_its_day(
    olga: FlaskClient, withdrawn: uuid.UUID, tmp_path: Path
) -> None:
    shown = page(olga)
    for place in ("first", f"resnet18: {tmp_path / 'run'}", "keys.backup"):
        assert place in shown
    assert shown.count(f"<code>{withdrawn.hex[:8]}</code>") == 5  # duties, withdrawal, act
    assert "3 open, 0 done" in shown
    assert "with the receipt's code" in shown
    assert "overdue" not in shown


def test_the_register_is_in_the_menu_of_operators_and_administrators(
    app: Flask, olga: FlaskClient, withdrawn: uuid.UUID
) -> None:
    assert withdrawn
    link = 'href="/withdrawals/"'
    admin, rita = signed_in(app, "admin"), signed_in(app, "rita")
    assert link in page(olga, "/home")
    assert link in page(admin, "/home")
    assert link not in page(rita, "/home")
    assert "by-telephone" in page(olga)
    assert "by-telephone" not in page(admin)  # children are the operators' alone


def test_overdue_duties_are_marked_and_the_home_page_warns(
    app: Flask, olga: FlaskClient, dataset: Dataset, withdrawn: uuid.UUID
) -> None:
    assert withdrawn
    assert OVERDUE not in page(olga, "/home")
    let_pass(dataset, 1)
    assert page(olga).count('<span class="refused">overdue</span>') == 3
    assert "3 duties after withdrawals are overdue" in page(olga, "/home")
    assert "overdue" not in page(signed_in(app, "rita"), "/home")
    let_pass(dataset, 0)
    assert "overdue" not in page(olga, "/home")


def test_a_done_duty_bears_the_day_and_who_did_it(
    olga: FlaskClient, dataset: Dataset, withdrawn: uuid.UUID
) -> None:
    let_pass(dataset, 1)
    with dataset.database.read() as session:
        duty = next(one for one in list_duties(session, withdrawn) if one.kind == "key_backup")
    for _twice in range(2):
        assert post(olga, f"/withdrawals/duties/{duty.id}/done").location == "/withdrawals/"
    shown = page(olga)
    assert "2 open, 1 done" in shown
    assert re.search(r'class="given">[^<]+</span>\s*<br>\s*<small>olga</small>', shown)
    assert f"duties/{duty.id}/done" not in shown
    assert "2 duties after withdrawals are overdue" in page(olga, "/home")


def test_an_unknown_duty_is_not_found(olga: FlaskClient) -> None:
    assert post(olga, f"/withdrawals/duties/{uuid.uuid4()}/done").status_code == 404
