"""The server within the test's own process: quicker, and it may be looked into."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask

from collector.web.server import make_server
from tests.server.serving import free_port


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The app on a port of its own, in a thread of its own; yields its address."""
    port = free_port()
    server = make_server(app, "127.0.0.1", port)
    thread = Thread(target=server.serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop()
        thread.join()
