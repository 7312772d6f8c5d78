"""TLS handshakes in memory, by Python's own ssl: what a strict client makes of a certificate."""

import ssl
from pathlib import Path

from collector.web.lan.certificates import Certified


def shake(file: Path, authority: Certified | None, name: str) -> ssl.SSLObject:
    """A client's finished handshake for `name`; raises ssl.SSLError if it refuses."""
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(file)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = serving.wrap_bio(there, back, server_side=True)
    client = client_context(authority).wrap_bio(back, there, server_hostname=name)
    for _ in range(10):
        done = [_go_on(one) for one in (client, server)]
        if all(done):
            return client
    raise AssertionError("the handshake does not end")


def client_context(authority: Certified | None) -> ssl.SSLContext:
    """A client that trusts this authority, and no other."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    if authority:
        context.load_verify_locations(cadata=authority.to_der())
    return context


def _go_on(side: ssl.SSLObject) -> bool:
    try:
        side.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True
