"""The app: the shell's own pages, and the rooms mounted in it."""

import mimetypes
from datetime import timedelta
from typing import Any

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from collector.dataset.dataset import Dataset
from collector.dataset.emotions import DESCRIPTIONS, EMOTIONS, key_of, name_of
from collector.dataset.faces import FaceFinder
from collector.settings import Settings
from collector.web import access, front, headers, here, languages, refusals, rooms, tablets
from collector.web.companions import csrf_protection, csrf_token
from collector.web.cookies import CarefulCookies
from collector.web.hosts import trusted_hosts

# Forms hold a scan of at most 15 MB as base64; photos are limited where they are read.
MAX_FORM_BYTES = 24 * 1024 * 1024


def create_app(dataset: Dataset, settings: Settings) -> Flask:
    """The app that serves this dataset; raises RuntimeError if a view is open by oversight."""
    # Windows may have its own opinion of .js in the registry, and `nosniff` would believe it.
    mimetypes.add_type("text/javascript", ".js")
    app = Flask("collector.web")
    app.config.update(
        SECRET_KEY=dataset.keys.secret(dataset.site_id, "cookies", create=True),
        # Cookies know no ports: two datasets served on one machine must not share theirs.
        SESSION_COOKIE_NAME=f"session-{dataset.site_id.hex[:8]}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        # A page from elsewhere must not reach this server under a name of its own (rebinding).
        TRUSTED_HOSTS=trusted_hosts(settings),
        WTF_CSRF_TIME_LIMIT=None,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
    )
    app.session_interface = CarefulCookies()
    app.extensions[here.DATASET] = dataset
    app.extensions[here.SETTINGS] = settings
    app.extensions[here.FINDER] = FaceFinder()
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    # Before the CSRF check, which reads the form.
    app.before_request(refusals.refuse_multipart)
    app.before_request(refusals.refuse_long_forms_of_strangers)
    app.before_request(rooms.allow_long_bodies)
    csrf = csrf_protection()
    csrf.init_app(app)
    headers.add_headers(app)
    refusals.answer_refusals(app)
    languages.speak(app)
    access.guard(app)
    app.register_blueprint(front.blueprint)
    app.register_blueprint(tablets.blueprint)
    own_doors = (*tablets.DOORS, *front.DOORS)
    slow_down = {"front.sign_in": "10 per minute"} | rooms.mount_rooms(app, csrf, own_doors)
    for endpoint, limit in slow_down.items():
        slowed: Any = limiter.limit(limit)
        app.view_functions[endpoint] = slowed(app.view_functions[endpoint])
    access.refuse_unmarked_views(app)
    app.jinja_env.globals.update(
        csrf_token=csrf_token,
        emotions=EMOTIONS,
        descriptions=DESCRIPTIONS,
        emotion_name=lambda emotion: name_of(emotion, languages.language()),
        emotion_key=key_of,
        play=dataset.play,
    )
    return app
