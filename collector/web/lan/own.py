"""A school's own certificate: checked before anything is served with it."""

import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from collector.dataset import clock
from collector.dataset.errors import CommandMistake
from collector.web.lan.certificates import RENEWED


@dataclass(frozen=True)
class OwnCertificate:
    """The files, the name that tablets use, and whether 30 days or less are left."""

    certificate: Path
    key: Path
    name: str
    ends_soon: bool


def check_own(
    certificate: Path, key: Path, name: str | None = None, at: datetime | None = None
) -> OwnCertificate:
    """The certificate, found to be usable; raises CommandMistake in one sentence if it is not."""
    now = at or clock.now()
    found = _read_certificate(certificate)
    _require_same_key(found, certificate, key)
    if not found.not_valid_before_utc <= now < found.not_valid_after_utc:
        day = found.not_valid_after_utc.date()
        raise CommandMistake(f"{certificate} is not valid today: it ends on {day}.")
    ends_soon = found.not_valid_after_utc - now < RENEWED
    return OwnCertificate(certificate, key, _choose_name(found, certificate, name), ends_soon)


def _read_certificate(file: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(file.read_bytes())
    except OSError as error:
        raise CommandMistake(f"{file} cannot be read.") from error
    except ValueError as error:
        raise CommandMistake(f"{file} is not a certificate in PEM form.") from error


def _require_same_key(found: x509.Certificate, certificate: Path, file: Path) -> None:
    try:
        key = load_pem_private_key(file.read_bytes(), None)
    except OSError as error:
        raise CommandMistake(f"{file} cannot be read.") from error
    except TypeError as error:
        raise CommandMistake(f"{file} asks for a passphrase: give a key without one.") from error
    except ValueError as error:
        raise CommandMistake(f"{file} is not a private key in PEM form.") from error
    if key.public_key() != found.public_key():
        raise CommandMistake(f"{file} is not the key of {certificate}.")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, file)
    except ssl.SSLError as error:
        raise CommandMistake(f"{certificate} cannot be served with this machine's TLS.") from error


def _choose_name(found: x509.Certificate, file: Path, wanted: str | None) -> str:
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        held = [one.lower() for one in names.get_values_for_type(x509.DNSName)]
    except x509.ExtensionNotFound:
        held = []
    if wanted is None:
        plain = [one for one in held if not one.startswith("*.")]
        if not plain:
            raise CommandMistake(f"{file} names no single host: say which one with --name.")
        return plain[0]
    if wanted.lower() not in held and f"*.{wanted.lower().partition('.')[2]}" not in held:
        raise CommandMistake(f"{file} is not for {wanted}.")
    return wanted.lower()
