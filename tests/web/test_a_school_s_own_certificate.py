"""A certificate that the school brings is checked before anything is served with it."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from collector.dataset import clock
from collector.dataset.errors import CommandMistake
from collector.web.lan.certificates import Certified
from collector.web.lan.own import check_own

NAMES = ["faces.school.example", "*.lab.example"]


def issue(names: list[str], age: timedelta = timedelta()) -> Certified:
    """A certificate for a year, as a school's own authority might have issued it."""
    key, at = ec.generate_private_key(ec.SECP256R1()), clock.now() - age
    title = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "School")])
    held = x509.SubjectAlternativeName([x509.DNSName(one) for one in names])
    made = (
        x509.CertificateBuilder(title, title, key.public_key(), 7)
        .not_valid_before(at)
        .not_valid_after(at + timedelta(days=365))
        .add_extension(held, critical=False)
        .sign(key, SHA256())
    )
    return Certified(made, key)


def write(folder: Path, names: list[str], age: timedelta = timedelta()) -> tuple[Path, Path]:
    """Such a certificate and its key, in files of their own."""
    certificate, key = folder / f"{len(names)}.crt", folder / f"{len(names)}.key"
    pem = issue(names, age).to_pem()
    at = pem.index(b"-----BEGIN CERTIFICATE")
    certificate.write_bytes(pem[at:])
    key.write_bytes(pem[:at])
    return certificate, key


def test_its_first_name_is_the_address(tmp_path: Path) -> None:
    own = check_own(*write(tmp_path, NAMES))
    assert (own.name, own.ends_soon) == ("faces.school.example", False)


def test_a_name_may_be_chosen_that_it_covers(tmp_path: Path) -> None:
    assert check_own(*write(tmp_path, NAMES), name="Room7.lab.example").name == "room7.lab.example"
    with pytest.raises(CommandMistake, match=r"is not for other\.example"):
        check_own(*write(tmp_path, NAMES), name="other.example")


def test_one_for_any_name_asks_which(tmp_path: Path) -> None:
    with pytest.raises(CommandMistake, match="--name"):
        check_own(*write(tmp_path, ["*.lab.example"]))


def test_the_key_of_another_is_refused(tmp_path: Path) -> None:
    certificate, _ = write(tmp_path, NAMES)
    _, other = write(tmp_path, NAMES[:1])
    with pytest.raises(CommandMistake, match="is not the key of"):
        check_own(certificate, other)


@pytest.mark.parametrize("days", [-3, 400])
def test_one_that_is_not_valid_today_is_refused(tmp_path: Path, days: int) -> None:
    with pytest.raises(CommandMistake, match="not valid today"):
        check_own(*write(tmp_path, NAMES, timedelta(days=days)))


def test_one_that_ends_soon_is_served_and_noticed(tmp_path: Path) -> None:
    assert check_own(*write(tmp_path, NAMES, timedelta(days=340))).ends_soon


def test_files_that_cannot_be_used_are_said_in_a_sentence(tmp_path: Path) -> None:
    certificate, key = write(tmp_path, NAMES)
    nothing = tmp_path / "nothing.pem"
    nothing.write_text("nothing")
    for pair, sentence in {
        (tmp_path / "missing", key): "cannot be read",
        (certificate, tmp_path / "missing"): "cannot be read",
        (nothing, key): "is not a certificate",
        (certificate, nothing): "is not a private key",
    }.items():
        with pytest.raises(CommandMistake, match=sentence):
            check_own(*pair)


def test_a_key_behind_a_passphrase_is_refused(tmp_path: Path) -> None:
    made = issue(NAMES)
    file = tmp_path / "locked.pem"
    pem = made.to_pem()
    locked = made.key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
    )
    file.write_bytes(locked + pem[pem.index(b"-----BEGIN CERTIFICATE") :])
    with pytest.raises(CommandMistake, match="asks for a passphrase"):
        check_own(file, file)
