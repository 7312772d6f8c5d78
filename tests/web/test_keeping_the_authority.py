"""What tablets trust outlives the laptop: it lies in the backup of the keys."""

import stat
import sys
import zipfile
from pathlib import Path

import pytest

from collector.dataset.dataset import Dataset
from collector.dataset.upkeep.backups import back_up_dataset, back_up_keys
from collector.dataset.upkeep.restoring import restore
from collector.web.lan.keeping import Wallet
from tests.cast import enrol
from tests.web.handshakes import shake

pytestmark = pytest.mark.slow

NAME = "faces-1a2b.local"


@pytest.fixture
def wallet(dataset: Dataset) -> Wallet:
    """The authority that a class's tablets trust."""
    made = Wallet(dataset.keys.folder / "tls", NAME)
    made.renew([])
    enrol(dataset, "research")
    return made


def bring_back(dataset: Dataset, folder: Path) -> Path:
    """Back both up, and restore them on another laptop; returns its folder of keys."""
    photos = back_up_dataset(dataset, folder / "stick.db", actor="test").file
    keys = back_up_keys(dataset, folder / "stick.zip", actor="test").file
    new = folder / "another-laptop"
    restore(photos, new / "data", new / "keys", keys_from=keys, actor="test")
    return new / "keys"


def test_tablets_trust_the_next_laptop(dataset: Dataset, wallet: Wallet, tmp_path: Path) -> None:
    folder = bring_back(dataset, tmp_path) / "tls"
    there = Wallet(folder, NAME)
    assert not there.is_new
    there.renew([])
    assert shake(there.file, wallet.authority, NAME)
    if sys.platform != "win32":
        assert {stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()} == {0o600}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_machine_s_own_key_stays_on_the_machine(
    dataset: Dataset, wallet: Wallet, tmp_path: Path
) -> None:
    file = back_up_keys(dataset, tmp_path / "stick.zip", actor="test").file
    with zipfile.ZipFile(file) as container:
        assert [one for one in container.namelist() if "tls" in one] == ["tls/authority.pem"]
        assert container.read("tls/authority.pem") == wallet.authority.to_pem()


def test_an_authority_that_is_there_stays(dataset: Dataset, wallet: Wallet, tmp_path: Path) -> None:
    present = Wallet(tmp_path / "another-laptop" / "keys" / "tls", NAME)
    bring_back(dataset, tmp_path)
    kept = Wallet(present.folder, NAME).authority
    assert kept.certificate == present.authority.certificate
    assert kept.certificate != wallet.authority.certificate


def test_a_dataset_that_served_no_tablets_brings_none(dataset: Dataset, tmp_path: Path) -> None:
    enrol(dataset, "research")
    assert not (bring_back(dataset, tmp_path) / "tls").exists()
