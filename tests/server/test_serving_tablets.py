"""`collector serve --lan` in its own process: TLS over real sockets, idle ones beside them."""

import http.client
import os
import socket
import ssl
import subprocess
import sys
import time
import uuid
from contextlib import ExitStack
from pathlib import Path

import pytest
from cryptography import x509

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.web.lan.certificates import Certified, make_authority, make_certificate
from tests.capture.tablet import details
from tests.cast import drawn_jpeg, enrol, sit
from tests.server.serving import free_port, serving
from tests.server.tablets import MOMENT, Served, hello

pytestmark = [pytest.mark.slow, pytest.mark.alone]


def test_a_tablet_that_took_the_authority_from_the_plain_port_is_served(served: Served) -> None:
    connection = served.connect()
    assert isinstance(connection.sock, ssl.SSLSocket)
    assert connection.sock.version() == "TLSv1.3"
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    assert answer.status == 200
    assert "; Secure" in (answer.headers["Set-Cookie"] or "")
    answer.read()
    connection.request("GET", "/connection")  # on the same connection
    assert connection.getresponse().status == 200


def test_a_wrong_name_or_a_missing_authority_ends_it(served: Served) -> None:
    line = socket.create_connection(("127.0.0.1", served.port))
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        served.trust.wrap_socket(line, server_hostname="faces-zzzz.local")
    line = socket.create_connection(("127.0.0.1", served.port))
    with pytest.raises(ssl.SSLCertVerificationError, match="local issuer"):
        ssl.create_default_context().wrap_socket(line, server_hostname=served.name)
    assert served.ask() == 204


def test_a_photo_arrives_over_tls(served: Served, dataset: Dataset) -> None:
    session = sit(dataset, enrol(dataset, "research"))
    connection = served.connect()
    headers = {"Session-Token": session.token, "Photo-Details": details(),
               "Content-Type": "image/jpeg"}  # fmt: skip
    connection.request("PUT", f"/capture/api/photos/{uuid.uuid4()}", drawn_jpeg(), headers)
    assert connection.getresponse().status == 201


def test_old_tls_is_refused(served: Served) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", served.port)) as line,
        pytest.raises(ssl.SSLError),
    ):
        old.wrap_socket(line)


# More of each than there are worker threads.
@pytest.mark.parametrize("said", ["nothing", "one byte", "half a hello", "a hello", "handshake"])
def test_who_goes_no_further_delays_nobody(served: Served, said: str) -> None:
    first = hello(served)
    bytes_of = {"nothing": b"", "one byte": first[:1], "half a hello": first[:100],
                "a hello": first}  # fmt: skip
    with ExitStack() as idle:
        for _ in range(40):
            line = idle.enter_context(socket.create_connection(("127.0.0.1", served.port)))
            if said == "handshake":  # as browsers do, that connect before they need it
                idle.enter_context(served.trust.wrap_socket(line, server_hostname=served.name))
            else:
                line.sendall(bytes_of[said])
        time.sleep(0.3)
        assert max(served.seconds() for _ in range(3)) < MOMENT


def test_a_handshake_in_single_bytes_comes_to_its_end(served: Served) -> None:
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = served.trust.wrap_bio(there, back, server_hostname=served.name)
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            try:
                client.do_handshake()
                break
            except ssl.SSLWantReadError:
                for byte in back.read():
                    line.sendall(bytes([byte]))
                there.write(line.recv(65536))
        client.write(b"GET /connection/ping HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for byte in back.read():
            line.sendall(bytes([byte]))
        answer = b""
        while b"\r\n" not in answer:
            there.write(line.recv(65536))
            try:
                answer += client.read(65536)
            except ssl.SSLWantReadError:  # a session ticket
                continue
        assert answer.startswith(b"HTTP/1.1 204")


def test_requests_that_came_in_one_record_are_both_answered_at_once(served: Served) -> None:
    connection = served.connect()
    head = b"GET /connection/ping HTTP/1.1\r\nHost: localhost\r\nX: "
    # cheroot reads 8 KiB at a time, a TLS record holds twice as much: the second waits inside it.
    first = head + b"x" * (8192 - len(head) - 4) + b"\r\n\r\n"
    begun = time.monotonic()
    connection.sock.sendall(first + head + b"y\r\n\r\n")
    answers = b""
    while answers.count(b"HTTP/1.1 204") < 2:
        answers += connection.sock.recv(65536) or pytest.fail("it was closed before the second")
    assert time.monotonic() - begun < MOMENT


def test_plain_http_on_the_tls_port_is_shown_the_way(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    connection.request("GET", "/")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (
        302, f"http://{served.name}:{served.plain_port}/")  # fmt: skip


def test_noise_on_the_tls_port_ends_nothing(served: Served) -> None:
    for noise in (b"\x16\x03\x01\xff\xff" + b"x" * 500, b"\x00" * 100, b"SSH-2.0-x\r\n"):
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as line:
            line.sendall(noise)
    assert served.seconds() < MOMENT


def test_the_plain_port_shows_that_one_page(served: Served) -> None:
    assert served.plain("/").status == 200
    for path in ("/sign-in", "/home", "/capture/", "/connection/ping"):
        answer = served.plain(path)
        assert answer.status == 404
        assert b'name="password"' not in answer.read()


def test_this_machine_goes_on_without_tls(served: Served) -> None:
    port = served.loopback.rpartition(":")[2]
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)
    connection.request("GET", "/sign-in")
    assert connection.getresponse().status == 200


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "collector", "serve", "--data", str(folder / "d"),
               "--keys", str(folder / "k"), "--port", str(free_port()), *arguments]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_without_lan_nothing_of_it_is_made(dataset: Dataset) -> None:
    with serving(dataset.folder, dataset.keys.folder):
        assert not (dataset.keys.folder / "tls").exists()


def test_a_school_s_own_certificate_is_served(dataset: Dataset, tmp_path: Path) -> None:
    school = make_authority(["faces.school.example"], clock.now())
    file = _issue(school, tmp_path)
    port, plain = free_port(), free_port()
    options = ["--lan", "--lan-port", str(port), "--trust-port", str(plain), "--tls-cert",
               str(file), "--tls-key", str(file)]  # fmt: skip
    with serving(dataset.folder, dataset.keys.folder, *options) as loopback:
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trust.load_verify_locations(cadata=school.to_der())
        served = Served(loopback, "faces.school.example", port, plain, trust)
        assert served.ask() == 204
        assert served.plain("/authority.crt").status == 404
        assert not (dataset.keys.folder / "tls").exists()


def _issue(school: Certified, folder: Path) -> Path:
    made = make_certificate(school, ["faces.school.example"], [], clock.now())
    file = folder / "school.pem"
    file.write_bytes(made.to_pem())
    assert x509.load_pem_x509_certificate(file.read_bytes())
    return file


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--lan", "--tls-cert", "a.pem"], "belong together"),
        (["--lan", "--tls-cert", "no.pem", "--tls-key", "no.pem"], "no.pem cannot be read"),
        (["--lan", "--name", "two words"], "A name holds"),
        (["--name", "class"], "are for --lan"),
        (["--lan", "--lan-port", "9", "--trust-port", "9"], "must differ"),
    ],
)
def test_options_that_cannot_be_are_said_in_a_sentence(
    options: list[str], sentence: str, tmp_path: Path
) -> None:
    found = run(*options, folder=tmp_path)
    assert (found.returncode, "Traceback" in found.stderr) == (2, False)
    assert sentence in found.stderr


def test_a_taken_port_for_tablets_names_its_option(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))  # noqa: S104
        taken.listen()
        port = str(taken.getsockname()[1])
        for option, other in (("--lan-port", "--trust-port"), ("--trust-port", "--lan-port")):
            found = run(
                "--lan", option, port, other, str(free_port()), folder=tmp_path)  # fmt: skip
            assert found.returncode == 2
            assert f"Choose one with {option}." in found.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a user's folders apart by other means")
def test_the_served_keys_are_closed_to_others(served: Served, dataset: Dataset) -> None:
    assert served.ask() == 204
    modes = {file.stat().st_mode & 0o077 for file in (dataset.keys.folder / "tls").iterdir()}
    assert modes == {0}
