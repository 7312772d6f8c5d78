"""A tablet's connections to `collector serve --lan`, made by Python's own TLS."""

import http.client
import socket
import ssl
import time
from dataclasses import dataclass

import pytest

MOMENT = 2.0  # seconds; one connection that waits on the accepting thread would cost ten


@dataclass(frozen=True)
class Served:
    """A server for tablets, and what one of them knows of it."""

    loopback: str
    name: str
    port: int
    plain_port: int
    trust: ssl.SSLContext

    def connect(self) -> http.client.HTTPSConnection:
        """A tablet's connection: the name leads to this machine, as its announcement would say."""
        connection = http.client.HTTPSConnection(self.name, self.port, timeout=30)
        line = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        connection.sock = self.trust.wrap_socket(line, server_hostname=self.name)
        return connection

    def ask(self, path: str = "/connection/ping") -> int:
        """The status of a page, asked for on a connection of its own."""
        connection = self.connect()
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status

    def seconds(self) -> float:
        """How long a tablet waits for an answer."""
        begun = time.monotonic()
        assert self.ask() == 204
        return time.monotonic() - begun

    def plain(self, path: str) -> http.client.HTTPResponse:
        """What the plain port answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.plain_port, timeout=30)
        connection.request("GET", path)
        return connection.getresponse()


def learn_trust(plain_port: int) -> ssl.SSLContext:
    """Trust in the authority that the plain port hands out, and in no other."""
    connection = http.client.HTTPConnection("127.0.0.1", plain_port, timeout=30)
    connection.request("GET", "/authority.crt")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.load_verify_locations(cadata=connection.getresponse().read())
    return context


def hello(served: Served) -> bytes:
    """The first bytes of a handshake."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = served.trust.wrap_bio(there, back, server_hostname=served.name)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return back.read()
