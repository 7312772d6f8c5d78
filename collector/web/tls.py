"""TLS for the server: handshakes that occupy neither the accepting thread nor a worker."""

import os
import socket
import ssl
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from cheroot.server import HTTPConnection
from cheroot.ssl.builtin import BuiltinSSLAdapter

HANDSHAKE_SECONDS = 20.0  # from the first byte on; a slow tablet needs one


class PatientAdapter(BuiltinSSLAdapter):
    """Wraps connections without waiting for them; `load` renews the certificate while serving."""

    def __init__(self, certificate: Path, key: Path, elsewhere: str = "") -> None:
        """`elsewhere` is where a browser is sent that speaks plain HTTP here by mistake."""
        super().__init__(str(certificate), str(key))
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.elsewhere = elsewhere

    def load(self, certificate: Path, key: Path) -> None:
        """From the next connection on, this certificate."""
        self.context.load_cert_chain(certificate, key)

    def wrap(self, sock: Any) -> tuple[ssl.SSLSocket, dict[str, Any]]:
        """Wrap the socket; its handshake comes later, in a worker."""
        wrapped = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return wrapped, {"wsgi.url_scheme": "https", "HTTPS": "on"}


class PatientConnection(HTTPConnection):
    """A connection whose handshake goes on whenever bytes have come, and waits nowhere else.

    After it, too, the connection goes back to the idle ones until the browser asks for something:
    browsers open connections in advance.
    """

    begun: float | None = None
    shaken = False

    def communicate(self) -> bool:
        """Go on with the handshake, then with requests; says whether to keep the connection."""
        if self.shaken or not isinstance(self.socket, ssl.SSLSocket):
            return bool(super().communicate())  # type: ignore[no-untyped-call]
        self.begun = self.begun or time.monotonic()
        self.socket.settimeout(0)
        try:
            self.socket.do_handshake()
            self.shaken = True
        except ssl.SSLWantReadError:
            return time.monotonic() - self.begun < HANDSHAKE_SECONDS
        except OSError as error:  # SSLError is one
            if "http request" in str(error).lower():
                self._send_elsewhere()
            return False
        finally:
            with suppress(OSError):
                self.socket.settimeout(self.server.timeout)
        return True

    def _send_elsewhere(self) -> None:
        elsewhere = getattr(self.server.ssl_adapter, "elsewhere", "")
        head = f"HTTP/1.1 302 Found\r\nLocation: {elsewhere}\r\n" if elsewhere else (
            "HTTP/1.1 400 Bad Request\r\n")  # fmt: skip
        answer = f"{head}Content-Length: 0\r\nConnection: close\r\n\r\n"
        # The TLS socket would encrypt it; a second handle to the same connection does not.
        with suppress(OSError), socket.socket(fileno=os.dup(self.socket.fileno())) as plain:
            plain.sendall(answer.encode())
