"""The name on the network: found by another speaker of multicast DNS, and it follows addresses."""

import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from zeroconf import AddressResolverIPv4, Zeroconf

from collector.dataset.errors import CommandMistake
from collector.settings import Settings
from collector.web.lan.announcing import Announcement
from collector.web.lan.certificates import read_certified
from collector.web.lan.names import find_addresses, local_name
from collector.web.lan.outlet import Outlet
from collector.web.lan.watch import Watch
from tests.server.serving import free_port
from tests.web.handshakes import shake

pytestmark = pytest.mark.slow

SITE = uuid.UUID("1a2b" + "0" * 28)


def find(name: str) -> list[str]:
    """The addresses that a tablet on this network would find."""
    with Zeroconf(interfaces=["127.0.0.1"]) as tablet:
        asked = AddressResolverIPv4(f"{name}.")
        asked.request(tablet, 2000)
        return asked.parsed_addresses()


@pytest.fixture
def name() -> str:
    """A name that nobody else uses on this network."""
    return f"test-{uuid.uuid4().hex[:8]}.local"


@pytest.fixture
def announcement(name: str) -> Iterator[Announcement]:
    made = Announcement(name, 8443)
    yield made
    made.close()


def test_a_tablet_finds_the_machine_by_its_name(announcement: Announcement, name: str) -> None:
    try:
        assert announcement.follow(["127.0.0.1"])
    except OSError:
        pytest.skip("this machine has no multicast on its loopback address")
    assert find(name) == ["127.0.0.1"]
    assert not announcement.follow(["127.0.0.1"])


def test_the_announcement_follows_the_addresses(announcement: Announcement, name: str) -> None:
    announcement.follow(["127.0.0.1"])
    # The second is an address of the loopback network, too: sockets can be bound to it.
    assert announcement.follow(["127.0.0.1", "127.0.0.2"])
    assert sorted(find(name)) == ["127.0.0.1", "127.0.0.2"]
    assert announcement.follow([])
    assert find(name) == []


def test_the_default_name_belongs_to_the_site() -> None:
    assert local_name(SITE) == "faces-1a2b.local"
    assert local_name(SITE, "Class-3B.local") == "class-3b.local"


@pytest.mark.parametrize("wanted", ["two words", "a.b", "-a", "класс", "a" * 64])
def test_a_name_that_is_none_is_refused(wanted: str) -> None:
    with pytest.raises(CommandMistake, match="A name holds"):
        local_name(SITE, wanted)


def test_loopback_is_no_address_for_tablets() -> None:
    assert not [one for one in find_addresses() if one.startswith("127.")]


class Room:
    """A machine that is carried from one network to another."""

    def __init__(self, folder: Path, name: str) -> None:
        self.addresses = ["127.0.0.1"]
        self.outlet = Outlet(
            SITE, folder, name=name, port=free_port(), plain_port=free_port(),
            addresses=lambda: list(self.addresses),
        )  # fmt: skip


@pytest.fixture
def room(tmp_path: Path, name: str) -> Iterator[Room]:
    made = Room(tmp_path / "tls", name)
    yield made
    assert made.outlet.announcement
    made.outlet.announcement.close()


def test_with_a_new_address_name_and_trust_stay(room: Room, app: Flask) -> None:
    outlet = room.outlet
    settings = Settings(data=Path("nowhere"), lan=outlet.lan)
    hosts = app.config["TRUSTED_HOSTS"]
    servers = outlet.servers(app, settings)
    try:
        outlet.follow()
        assert outlet.wallet
        authority, before = outlet.wallet.authority, outlet.wallet.file.read_bytes()
        room.addresses = ["127.0.0.3"]
        outlet.follow()
        assert find(outlet.lan.name) == ["127.0.0.3"]
        assert outlet.wallet.authority is authority
        assert outlet.wallet.file.read_bytes() != before
        for name in (outlet.lan.name, "127.0.0.3"):
            assert shake(outlet.wallet.file, authority, name)
        assert "127.0.0.3" in app.config["TRUSTED_HOSTS"]
        assert outlet.lan.name in app.config["TRUSTED_HOSTS"]
    finally:
        app.config["TRUSTED_HOSTS"] = hosts
        for server in servers:
            server.stop()


def test_the_watch_sees_a_change_by_itself(room: Room) -> None:
    outlet = room.outlet
    with Watch(outlet, seconds=0.05):
        room.addresses = ["127.0.0.4"]
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and outlet.present != ["127.0.0.4"]:
            time.sleep(0.05)
        assert outlet.wallet
        held = read_certified(outlet.wallet.file.read_bytes())
        assert "127.0.0.4" in str(held.certificate.extensions)
    assert find(outlet.lan.name) == []  # taken back


def test_a_network_that_fails_ends_nothing(room: Room) -> None:
    outlet = room.outlet
    with Watch(outlet, seconds=0.05):
        room.addresses = ["192.0.2.250"]  # not this machine's: no socket can be bound to it
        time.sleep(0.5)
        room.addresses = ["127.0.0.5"]
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and find(outlet.lan.name) != ["127.0.0.5"]:
            time.sleep(0.1)
        assert find(outlet.lan.name) == ["127.0.0.5"]
