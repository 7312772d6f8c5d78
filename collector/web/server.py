"""The server: cheroot's worker threads, with idle connections kept away from them."""

import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from threading import Thread
from types import FrameType
from typing import TYPE_CHECKING, Any

from cheroot.wsgi import Server
from flask import Flask

from collector.dataset.errors import UserMistake
from collector.web.tls import PatientAdapter, PatientConnection

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

THREADS = 24  # most of them wait for slow senders
MAX_DRAINED = 64 * 1024 * 1024


class PatientServer(Server):
    """A server in which a connection takes a worker only once it has said something.

    cheroot hands a new connection to a worker at once, which then waits up to ten seconds for the
    first byte: a few idle connections would hold everybody up.
    """

    ConnectionClass = PatientConnection

    def process_conn(self, conn: Any) -> None:
        """Let a new connection wait with the idle ones until its first byte."""
        if conn.last_used is None:
            self._connections.put(conn)  # type: ignore[attr-defined]
        else:
            super().process_conn(conn)

    def put_conn(self, conn: Any) -> None:
        """Go on at once with a connection whose next request TLS has decrypted already.

        The selector sees the network alone: it would wait for bytes that have long come.
        """
        pending = getattr(conn.socket, "pending", None)
        if self.ready and pending and pending():
            conn.last_used = time.time()
            self.process_conn(conn)
        else:
            super().put_conn(conn)


def drained(app: "WSGIApplication") -> "WSGIApplication":
    """Read what the app left of a request's body before the answer goes out.

    A browser that is still sending a refused photo would otherwise see its connection break, and
    not the sentence that says why. A body that claims to be much larger than any photo is not read.
    """

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("HTTP_TRANSFER_ENCODING"):
            # Browsers state a length; without one a single chunk may be of any size.
            start_response("411 Length Required", [("Content-Length", "0")])
            return [b""]
        result = app(environ, start_response)
        if int(environ.get("CONTENT_LENGTH") or 0) <= MAX_DRAINED:
            with suppress(OSError):  # the browser may have gone, or fallen silent
                while environ["wsgi.input"].read(65536):
                    pass
        return result

    return answer


def make_server(
    app: Flask, host: str, port: int, tls: PatientAdapter | None = None, *, option: str = "--port"
) -> PatientServer:
    """A server bound to the address; raises UserMistake that names the option of a taken port."""
    server = PatientServer((host, port), drained(app), numthreads=THREADS, server_name="collector")
    server.keep_alive_conn_limit = 500
    server.max_request_header_size = 64 * 1024
    server.request_queue_size = 128  # a class of tablets may come at once
    server.ssl_adapter = tls
    try:
        server.prepare()
    except OSError as error:
        raise UserMistake(
            f"Port {port} cannot be used: another program may be using it. "
            f"Choose one with {option}."
        ) from error
    return server


def serve(server: PatientServer, *others: PatientServer) -> None:
    """Serve until Ctrl+C or SIGTERM, the others in threads of their own."""
    beside = [Thread(target=one.serve) for one in others]

    def stop_all() -> None:
        ending = [Thread(target=one.stop) for one in (*others, server)]  # each takes seconds
        for one in ending:
            one.start()
        for one in ending:
            one.join()

    # In a thread of its own: a handler that raises may do so inside somebody's destructor, where
    # the exception is lost and the server goes on.
    stopping = Thread(target=stop_all)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        with suppress(RuntimeError):  # told twice
            stopping.start()

    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, stop)
    for thread in beside:
        thread.start()
    server.serve()
    stopping.join()
    for thread in beside:
        thread.join()
