"""The certificate follows time, name and addresses; nobody else may read the keys."""

import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from collector.dataset import clock
from collector.dataset.errors import CommandMistake
from collector.web.lan.certificates import read_certified
from collector.web.lan.keeping import Wallet
from tests.web.handshakes import shake

NAME = "faces-1a2b.local"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "tls"


@pytest.fixture
def wallet(folder: Path) -> Wallet:
    made = Wallet(folder, NAME)
    assert made.renew(["192.168.1.7"])
    return made


def serial(wallet: Wallet) -> int:
    return read_certified(wallet.file.read_bytes()).certificate.serial_number


def test_nothing_is_renewed_without_need(wallet: Wallet, folder: Path) -> None:
    before = serial(wallet)
    assert wallet.is_new
    again = Wallet(folder, NAME)
    assert not again.is_new
    assert not again.renew(["192.168.1.7"])
    assert not again.renew(["192.168.1.7"], clock.now() + timedelta(days=365))
    assert serial(again) == before


def test_it_is_renewed_in_its_last_thirty_days(wallet: Wallet) -> None:
    ends = read_certified(wallet.file.read_bytes()).certificate.not_valid_after_utc
    assert not wallet.renew(["192.168.1.7"], ends - timedelta(days=30, seconds=1))
    authority = wallet.authority
    assert wallet.renew(["192.168.1.7"], ends - timedelta(days=30))
    assert wallet.authority is authority  # tablets keep trusting it


def test_a_new_address_is_named_and_the_name_stays(wallet: Wallet) -> None:
    assert wallet.renew(["10.0.0.5"])
    assert shake(wallet.file, wallet.authority, "10.0.0.5")
    assert shake(wallet.file, wallet.authority, NAME)
    assert not wallet.renew([])  # fewer addresses are no reason


def test_another_name_needs_another_authority(wallet: Wallet, folder: Path) -> None:
    renamed = Wallet(folder, "class-3b.local")
    assert renamed.is_new
    assert renamed.renew([])
    assert shake(renamed.file, renamed.authority, "class-3b.local")
    with pytest.raises(Exception, match="CERTIFICATE_VERIFY_FAILED"):
        shake(renamed.file, wallet.authority, "class-3b.local")


def test_a_machine_that_got_another_host_name_keeps_its_authority(
    wallet: Wallet, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "another-machine")
    moved = Wallet(folder, NAME)
    moved.renew([])
    assert not moved.is_new
    assert shake(moved.file, wallet.authority, NAME)


def test_an_authority_near_its_end_is_replaced(wallet: Wallet) -> None:
    old = wallet.authority
    wallet.renew([], old.certificate.not_valid_after_utc - timedelta(days=29))
    assert wallet.authority is not old
    assert wallet.is_new


def test_a_damaged_certificate_is_made_anew(wallet: Wallet) -> None:
    wallet.file.write_bytes(wallet.file.read_bytes()[:300])
    assert wallet.renew(["192.168.1.7"])
    assert shake(wallet.file, wallet.authority, NAME)


def test_a_damaged_authority_is_said_in_a_sentence(wallet: Wallet, folder: Path) -> None:
    (folder / "authority.pem").write_text("nothing")
    with pytest.raises(CommandMistake, match=r"authority\.pem cannot be read"):
        Wallet(folder, NAME)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a user's folders apart by other means")
def test_nobody_else_reads_the_keys(wallet: Wallet, folder: Path) -> None:
    old = os.umask(0)
    try:
        wallet.renew(["10.0.0.5"])
        fresh = Wallet(folder.with_name("tls-2"), NAME)
        fresh.renew([])
    finally:
        os.umask(old)
    for place in (folder, fresh.folder):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        found = {file.name: stat.S_IMODE(file.stat().st_mode) for file in place.iterdir()}
        assert found == {"authority.pem": 0o600, "machine.pem": 0o600}


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a user's folders apart by other means")
def test_what_a_copy_opened_to_others_is_closed_again(wallet: Wallet, folder: Path) -> None:
    folder.chmod(0o755)
    for file in folder.iterdir():
        file.chmod(0o644)
    Wallet(folder, NAME)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert wallet.file.exists()


def test_addresses_of_the_internet_are_left_out(wallet: Wallet) -> None:
    wallet.renew(["203.0.113.9", "10.0.0.5"])
    held = read_certified(wallet.file.read_bytes()).certificate.extensions
    names = held.get_extension_for_class(x509.SubjectAlternativeName).value
    found = {str(one) for one in names.get_values_for_type(x509.IPAddress)}
    assert found == {"127.0.0.1", "::1", "10.0.0.5"}
    assert not wallet.renew(["203.0.113.9", "10.0.0.5"])
