"""The server: cheroot's worker threads, with idle connections kept away from them."""

import logging
from typing import Any

from cheroot.wsgi import Server
from flask import Flask

from collector.dataset.errors import UserMistake

log = logging.getLogger(__name__)

THREADS = 8


class PatientServer(Server):
    """A server in which a connection takes a worker only once it has said something.

    cheroot hands a new connection to a worker at once, which then waits up to ten seconds for the
    first byte: a few idle connections would hold everybody up.
    """

    def process_conn(self, conn: Any) -> None:
        """Let a new connection wait with the idle ones until its first byte."""
        if conn.last_used is None:
            self._connections.put(conn)  # type: ignore[attr-defined]
        else:
            super().process_conn(conn)


def make_server(app: Flask, host: str, port: int) -> PatientServer:
    """A server bound to the address; raises UserMistake where the port is taken."""
    server = PatientServer((host, port), app, numthreads=THREADS, server_name="collector")
    server.keep_alive_conn_limit = 500
    try:
        server.prepare()
    except OSError as error:
        raise UserMistake(
            f"Port {port} cannot be used: another program may be using it. Choose one with --port."
        ) from error
    return server


def serve(server: PatientServer) -> None:
    """Serve until Ctrl+C."""
    try:
        server.serve()
    finally:
        server.stop()
