"""The generated authority, judged by the system's own TLS while others hold connections open."""

import http.client
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.server.tablets import MOMENT, Served, hello

pytestmark = [pytest.mark.slow, pytest.mark.alone]

EACH = 12  # of five kinds: more than twice as many as there are worker threads


@pytest.fixture
def authority(served: Served, tmp_path: Path) -> Path:
    """The authority's certificate as a tablet gets it, in the form that system tools read."""
    connection = http.client.HTTPConnection("127.0.0.1", served.plain_port, timeout=30)
    connection.request("GET", "/authority.crt")
    path = tmp_path / "authority.der"
    path.write_bytes(connection.getresponse().read())
    return _as_pem(path)


def _as_pem(der: Path) -> Path:
    pem = der.with_suffix(".pem")
    run("openssl", "x509", "-inform", "DER", "-in", str(der), "-out", str(pem))
    return pem


def run(program: str, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    if shutil.which(program) is None:
        pytest.skip(f"this machine has no {program}")
    return subprocess.run(
        [program, *arguments], input=said, capture_output=True, text=True, timeout=30, check=False
    )


@pytest.fixture
def crowd(served: Served) -> Iterator[None]:
    """Sixty connections that said nothing, a byte, half a hello, a hello, or only shook hands."""
    first = hello(served)
    with ExitStack() as idle:
        for said in (b"", first[:1], first[:100], first, None):
            for _ in range(EACH):
                line = idle.enter_context(socket.create_connection(("127.0.0.1", served.port)))
                if said is None:
                    idle.enter_context(served.trust.wrap_socket(line, server_hostname=served.name))
                else:
                    line.sendall(said)
        time.sleep(0.3)
        yield


def curl(served: Served, name: str, *options: str) -> subprocess.CompletedProcess[str]:
    where = f"{name}:{served.port}"
    return run(
        "curl", "--silent", "--noproxy", "*", "--resolve", f"{where}:127.0.0.1", "--output",
        "/dev/null", "--write-out", "%{http_code} %{ssl_verify_result} %{time_total}", *options,
        f"https://{where}/connection/ping",
    )  # fmt: skip


@pytest.mark.usefixtures("crowd")
def test_curl_is_answered_at_once(served: Served, authority: Path) -> None:
    for _ in range(3):
        status, verified, seconds = curl(
            served, served.name, "--cacert", str(authority)).stdout.split()  # fmt: skip
        assert (status, verified) == ("204", "0")
        assert float(seconds) < MOMENT


@pytest.mark.usefixtures("crowd")
def test_python_is_answered_at_once(served: Served) -> None:
    assert max(served.seconds() for _ in range(3)) < MOMENT


@pytest.mark.usefixtures("crowd")
def test_openssl_finds_nothing_to_object_to(served: Served, authority: Path) -> None:
    begun = time.monotonic()
    found = s_client(served, served.name, authority)
    assert time.monotonic() - begun < MOMENT
    assert "Verification: OK" in found.stdout
    assert f"Verified peername: {served.name}" in found.stdout
    assert "HTTP/1.1 204" in found.stdout


def s_client(served: Served, name: str, authority: Path) -> subprocess.CompletedProcess[str]:
    return run(
        "openssl", "s_client", "-connect", f"127.0.0.1:{served.port}", "-servername", name,
        "-verify_hostname", name, "-CAfile", str(authority), "-no-CApath", "-x509_strict",
        "-purpose", "sslserver", "-verify_return_error", "-ign_eof",
        said=f"GET /connection/ping HTTP/1.1\r\nHost: {served.name}\r\nConnection: close\r\n\r\n",
    )  # fmt: skip


def test_openssl_objects_to_another_name(served: Served, authority: Path) -> None:
    found = s_client(served, "faces-zzzz.local", authority)
    assert found.returncode != 0
    assert "hostname mismatch" in (found.stdout + found.stderr).lower()


def test_curl_objects_without_the_authority_and_to_another_name(
    served: Served, authority: Path
) -> None:
    refused = 60  # CURLE_PEER_FAILED_VERIFICATION
    assert curl(served, served.name).returncode == refused
    assert curl(served, "faces-zzzz.local", "--cacert", str(authority)).returncode == refused
