"""Trying every route with every id there is, and searching every picture that comes back."""

import itertools
import re
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from collector.dataset.dataset import Dataset
from tests.cast import PASSWORD
from tests.security.marks import marks_in_bytes
from tests.security.poison import CAST, Poisoned
from tests.web.visitors import csrf_of, post

Seen = Mapping[str, set[str]]  # endpoint to the children whose marks its answers bore

# A route with one of these asks for several ids: one photo of each child is enough there.
ADDRESSES = re.compile(r"""(?:src|href|poster|data|action)=["'](/[^"'#]+)|url\(["']?(/[^"')]+)""")
STATIC = ("static", ".static")


@dataclass
class Visitor:
    """Somebody who tries every route, and what was seen and read on the way."""

    app: Flask
    client: FlaskClient
    ids: Mapping[str, Sequence[object]]
    headers: Mapping[str, str] = field(default_factory=dict)
    seen: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    texts: dict[str, str] = field(default_factory=dict)
    fetched: set[str] = field(default_factory=set)

    def try_all(
        self, *methods: str, only: str = "", form: Mapping[str, object] | None = None
    ) -> Seen:
        """Every route by these methods, with every id; GET follows the addresses in pages."""
        for rule in sorted(self.app.url_map.iter_rules(), key=_signing_out_last):
            if rule.endpoint.endswith(STATIC) or not rule.endpoint.startswith(only):
                continue
            for method in sorted((rule.methods or set()) & set(methods)):
                for path in self.paths(rule):
                    self.ask(method, path, rule.endpoint, form)
        return dict(self.seen)

    def paths(self, rule: Rule) -> Iterator[str]:
        """The route's address with every id; a route with an id of a new kind fails the test."""
        names = sorted(rule.arguments)
        values = [self.ids[name] for name in names]
        if len(names) > 1:
            values = [one[: len(CAST)] for one in values]
        for chosen in itertools.product(*values):
            with self.app.test_request_context():
                built = rule.build(dict(zip(names, chosen, strict=True)))
            assert built
            yield built[1]

    def ask(
        self, method: str, path: str, endpoint: str, form: Mapping[str, object] | None = None
    ) -> TestResponse:
        """One request; its answer is searched, and so are the pictures that its page names."""
        answer = self.client.open(path, method=method, headers=self.headers, data=form)
        assert answer.status_code != 500, (method, path)
        found = marks_in_bytes(answer.data)
        if found:
            self.seen[endpoint] |= found
        if answer.mimetype in {"text/html", "application/json"}:
            page = answer.get_data(as_text=True)
            self.texts[f"{method} {path}"] = page.replace(path, "")  # pages lead back to themselves
            if method == "GET":
                self._follow(page)
        return answer

    def _follow(self, page: str) -> None:
        addresses = {one or other for one, other in ADDRESSES.findall(page)}
        for path in addresses - self.fetched:
            self.fetched.add(path)
            try:
                endpoint, _ = self.app.url_map.bind("localhost").match(path.split("?")[0])
            except HTTPException:  # a form's address, which takes no GET
                continue
            if not endpoint.endswith(STATIC):
                self.ask("GET", path, endpoint)


def _signing_out_last(rule: Rule) -> tuple[bool, str]:
    return rule.endpoint == "front.sign_out", rule.rule


def ids_of(dataset: Dataset, school: Poisoned) -> dict[str, list[object]]:
    """Every id that stands in the tables or once did; of photos first one of each child."""
    statements = {
        "consent_id": "SELECT id FROM consent",
        "receipt_id": "SELECT id FROM receipt",
        "duty_id": "SELECT id FROM duty",
        "erasure_id": "SELECT id FROM audit_event WHERE action = 'participant erased'",
        "text_id": "SELECT id FROM consent_text WHERE language = 'en'",
        "protocol_id": "SELECT id FROM protocol LIMIT 1",
        "lesson_id": "SELECT id FROM lesson",
        "passport_id": "SELECT id FROM light_passport",
        "recording_id": "SELECT id FROM voice_recording",
    }
    with dataset.database.read() as session:
        ids = {
            name: [uuid.UUID(hex=one) for one in session.scalars(text(statement))] or [uuid.uuid4()]
            for name, statement in statements.items()
        }
    rows = itertools.zip_longest(*(school.photos[child] for child in CAST))
    return {
        **ids,
        "participant_id": list(school.children.values()),
        "session_id": [one.id for one in school.sittings.values()],
        "photo_id": [photo for row in rows for photo in row if photo],
        "batch_id": [uuid.uuid4()],
        "purpose": ["research", "publication"],
        "filename": ["style.css"],
    }


def somebody(app: Flask, ids: Mapping[str, Sequence[object]], name: str = "") -> Visitor:
    """A visitor who is signed in under that name, or is nobody."""
    client = app.test_client()
    # An address of their own: guesses from one address are slowed down.
    client.environ_base["REMOTE_ADDR"] = "127." + ".".join(
        str(one) for one in uuid.uuid4().bytes[:3]
    )
    if name:
        entered = post(client, "/sign-in", name=name, password=PASSWORD, target="/home")
        assert entered.status_code == 302
    return Visitor(app, client, ids, {"X-CSRFToken": csrf_of(client)})


def tablet(app: Flask, ids: Mapping[str, Sequence[object]], token: str) -> Visitor:
    """Whoever holds a session's token."""
    return Visitor(app, app.test_client(), ids, {"Session-Token": token})
