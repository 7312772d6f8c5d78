"""The authority and what it can vouch for, judged by Python's own TLS."""

import ssl
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from collector.dataset import clock
from collector.web.lan import certificates
from collector.web.lan.certificates import Certified, make_authority, make_certificate
from tests.web.handshakes import shake

NAME = "faces-1a2b.local"


@pytest.fixture
def authority() -> Certified:
    return make_authority([NAME, "localhost"], clock.now())


@pytest.fixture
def file(authority: Certified, tmp_path: Path) -> Path:
    made = make_certificate(authority, [NAME], ["192.168.1.7", "203.0.113.9"], clock.now())
    path = tmp_path / "machine.pem"
    path.write_bytes(made.to_pem())
    return path


@pytest.mark.parametrize("name", [NAME, "192.168.1.7"])
def test_a_tablet_with_the_authority_trusts_the_machine(
    name: str, file: Path, authority: Certified
) -> None:
    assert shake(file, authority, name).version() == "TLSv1.3"


@pytest.mark.parametrize("name", ["faces-ffff.local", "localhost", "192.168.1.8", "203.0.113.9"])
def test_under_another_name_it_is_refused(name: str, file: Path, authority: Certified) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match=r"mismatch|not valid for"):
        shake(file, authority, name)


def test_without_the_authority_it_is_refused(file: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer"):
        shake(file, None, NAME)


def test_another_machine_s_authority_is_not_enough(file: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        shake(file, make_authority([NAME], clock.now()), NAME)


@pytest.mark.parametrize("victim", ["bank.example", "school.local", "203.0.113.9"])
def test_a_stolen_authority_opens_no_other_site(
    victim: str, authority: Certified, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        name: x509.GeneralName = x509.IPAddress(ip_address(victim))
    except ValueError:
        name = x509.DNSName(victim)
    # A thief does not ask what the authority may vouch for.
    monkeypatch.setattr(certificates, "_permitted", lambda *_: [name])
    forged = tmp_path / "forged.pem"
    forged.write_bytes(make_certificate(authority, [victim], [], clock.now()).to_pem())
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        shake(forged, authority, victim)


def test_the_authority_signs_no_other_authority(authority: Certified) -> None:
    basic = authority.certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (basic.critical, basic.value.ca, basic.value.path_length) == (True, True, 0)
    limits = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical


def test_browsers_accept_the_term_and_the_curve(authority: Certified) -> None:
    now = clock.now()
    made = make_certificate(authority, [NAME], [], now).certificate
    assert made.not_valid_after_utc - made.not_valid_before_utc <= timedelta(days=397)
    assert made.not_valid_after_utc - now > timedelta(days=390)
    years = authority.certificate.not_valid_after_utc - now
    assert timedelta(days=3650) < years < timedelta(days=3654)
    for key in (made.public_key(), authority.certificate.public_key()):
        assert isinstance(key, ec.EllipticCurvePublicKey)
        assert key.curve.name == "secp256r1"


def test_a_certificate_does_not_outlast_its_authority(authority: Certified) -> None:
    late = authority.certificate.not_valid_after_utc - timedelta(days=100)
    made = make_certificate(authority, [NAME], [], late).certificate
    assert made.not_valid_after_utc == authority.certificate.not_valid_after_utc
