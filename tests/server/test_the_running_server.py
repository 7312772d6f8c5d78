"""The server in its own process: what only shows over real sockets."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from collector.dataset.dataset import Dataset
from tests.capture.tablet import details
from tests.cast import OpenSession, drawn_jpeg, enrol, sit
from tests.server.serving import free_port, serving

pytestmark = [pytest.mark.slow, pytest.mark.alone]


@pytest.fixture
def session(dataset: Dataset) -> OpenSession:
    """A running session."""
    return sit(dataset, enrol(dataset, "research"))


@pytest.fixture
def address(dataset: Dataset) -> Iterator[str]:
    """The running server's address."""
    with serving(dataset.folder, dataset.keys.folder) as found:
        yield found


def connect(address: str) -> http.client.HTTPConnection:
    parts = urlsplit(address)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)


def send(address: str, token: str, body: bytes) -> tuple[int, dict[str, str]]:
    connection = connect(address)
    headers = {"Session-Token": token, "Photo-Details": details(), "Content-Type": "image/jpeg"}
    connection.request("PUT", f"/capture/api/photos/{uuid.uuid4()}", body, headers)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def test_idle_connections_delay_nobody(address: str) -> None:
    parts = urlsplit(address)
    idle = [socket.create_connection((parts.hostname, parts.port)) for _ in range(40)]
    try:
        begun = time.monotonic()
        connection = connect(address)
        connection.request("GET", "/sign-in")
        assert connection.getresponse().status == 200
        # cheroot's own way would wait ten seconds for each idle connection's first byte.
        assert time.monotonic() - begun < 5
    finally:
        for one in idle:
            one.close()


def test_a_body_over_the_limit_is_answered_and_not_cut_off(
    address: str, session: OpenSession
) -> None:
    status, answer = send(address, session.token, drawn_jpeg() + bytes(16 * 1024 * 1024))
    assert status == 413
    assert "15 MB" in answer["error"]
    assert send(address, session.token, drawn_jpeg())[0] == 201


def test_an_endless_body_is_not_read_to_its_end(address: str, session: OpenSession) -> None:
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as line:
        head = (
            f"PUT /capture/api/photos/{uuid.uuid4()} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Session-Token: {session.token}\r\nPhoto-Details: {details()}\r\n"
            f"Content-Length: {10**12}\r\n\r\n"
        )
        line.sendall(head.encode())
        assert b" 413 " in line.recv(1000)


def test_a_body_of_unstated_length_is_refused_unread(address: str, session: OpenSession) -> None:
    connection = connect(address)
    connection.request(
        "PUT",
        f"/capture/api/photos/{uuid.uuid4()}",
        iter([drawn_jpeg()]),
        {
            "Session-Token": session.token,
            "Photo-Details": details(),
            "Transfer-Encoding": "chunked",
        },
        encode_chunked=True,
    )
    assert connection.getresponse().status == 411


def test_endless_headers_are_refused(address: str) -> None:
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as line:
        line.sendall(b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 100_000)
        assert b" 413 " in line.recv(1000)


def test_nothing_is_spooled_to_disk(
    dataset: Dataset, session: OpenSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setenv("TMPDIR", str(spool))
    before = spool.stat().st_mtime_ns
    with serving(dataset.folder, dataset.keys.folder) as address:
        for body in (drawn_jpeg(), drawn_jpeg() + bytes(10 * 1024 * 1024), b"nothing"):
            send(address, session.token, body)
    assert list(spool.iterdir()) == []
    assert spool.stat().st_mtime_ns == before  # nothing was made and removed there either


def test_two_tablets_at_once_lose_nothing(address: str, dataset: Dataset) -> None:
    sessions = [sit(dataset, enrol(dataset, "research")) for _ in range(2)]
    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(send, address, sessions[n % 2].token, drawn_jpeg()) for n in range(12)]
    assert [job.result()[0] for job in jobs] == [201] * 12


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "collector", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_four_programs_that_open_an_empty_folder_at_once_all_succeed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", f"""
from pathlib import Path
from collector.dataset.opening import open_dataset
open_dataset(Path({str(tmp_path / "d")!r}), Path({str(tmp_path / "k")!r})).close()
"""]  # fmt: skip
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    ends = [(process.communicate(timeout=60)[1], process.returncode) for process in running]
    assert [code for _, code in ends] == [0] * 4, ends


def test_a_taken_port_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        found = run("serve", "--data", str(tmp_path / "d"), "--keys", str(tmp_path / "k"),
                    "--port", port)  # fmt: skip
    assert found.returncode == 2
    assert f"Port {port} cannot be used" in found.stderr
    assert "Traceback" not in found.stderr


def test_data_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "d").write_text("a file, not a folder")
    found = run("serve", "--data", str(tmp_path / "d"), "--keys", str(tmp_path / "k"),
                "--port", str(free_port()))  # fmt: skip
    assert (found.returncode, found.stderr.count("\n")) == (2, found.stderr.count("\n"))
    assert "Traceback" not in found.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals are another matter on Windows")
def test_it_ends_when_it_is_told_to(dataset: Dataset) -> None:
    with serving(dataset.folder, dataset.keys.folder):
        begun = time.monotonic()
    assert time.monotonic() - begun < 10
