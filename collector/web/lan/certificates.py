"""The local authority and the machine's certificate, as bytes: nothing here touches a disk.

Both keys are EC P-256 (FIPS 186-5), which iPadOS, Android and Windows all take. Extensions follow
RFC 5280, so that strict verifiers find nothing missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# RFC 1918, loopback and link-local: addresses that mean nothing outside a local network.
PRIVATE = tuple(
    ip_network(one)
    for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8",
                "::1/128", "fc00::/7", "fe80::/10")
)  # fmt: skip

AUTHORITY_TERM = timedelta(days=3652)  # ten years: tablets learn to trust it once
MACHINE_TERM = timedelta(days=397)  # browsers refuse certificates that last longer than 398 days
EARLIER = timedelta(days=1)  # a tablet's clock may be slow
RENEWED = timedelta(days=30)  # before the end


@dataclass(frozen=True)
class Certified:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def to_pem(self) -> bytes:
        """Key and certificate in one file, so that the two are always replaced together."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return key + self.certificate.public_bytes(Encoding.PEM)

    def to_der(self) -> bytes:
        """The certificate alone, as it is handed out."""
        return self.certificate.public_bytes(Encoding.DER)


def read_certified(pem: bytes) -> Certified:
    """What `to_pem` wrote; raises ValueError for anything else."""
    key = load_pem_private_key(pem, None)
    certificate = x509.load_pem_x509_certificate(pem)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("not a key on an elliptic curve")
    if key.public_key() != certificate.public_key():
        raise ValueError("key and certificate do not belong together")
    return Certified(certificate, key)


def make_authority(names: Iterable[str], at: datetime) -> Certified:
    """An authority that can vouch for these names and for private addresses, and nothing else."""
    permitted: list[x509.GeneralName] = [x509.DNSName(one) for one in sorted(set(names))]
    permitted += [x509.IPAddress(one) for one in PRIVATE]
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _title(f"Children's expressions: {sorted(names)[0]}")
    builder = (
        _builder(subject, subject, key, at, at + AUTHORITY_TERM)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
    )
    return Certified(builder.sign(key, SHA256()), key)


def make_certificate(
    authority: Certified, names: Iterable[str], addresses: Iterable[str], at: datetime
) -> Certified:
    """A certificate for the machine; what the authority cannot vouch for is left out."""
    wanted = _permitted(authority, names, addresses)
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = authority.certificate
    end = min(at - EARLIER + MACHINE_TERM, issuer.not_valid_after_utc)
    builder = (
        _builder(_title("Children's expressions"), issuer.subject, key, at, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(wanted), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()),
            critical=False,
        )
    )
    return Certified(builder.sign(authority.key, SHA256()), key)


def vouches_for(authority: Certified, name: str, at: datetime) -> bool:
    """Whether the authority may still be used for this name."""
    return name in _names_within_reach(authority) and _lasts(authority, at)


def still_fits(
    machine: Certified,
    authority: Certified,
    names: Iterable[str],
    addresses: Iterable[str],
    at: datetime,
) -> bool:
    """Whether the certificate is the authority's, names all of them and has 30 days left."""
    try:
        machine.certificate.verify_directly_issued_by(authority.certificate)
    except Exception:
        return False
    held = machine.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    wanted = _permitted(authority, names, addresses)
    return set(wanted) <= set(held.value) and _lasts(machine, at)


def is_private(address: str) -> bool:
    """Whether the address lies in one of the ranges that the authority vouches for."""
    return any(ip_address(address) in one for one in PRIVATE)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 in groups of four, as it can be compared on two screens."""
    return _grouped(certificate.fingerprint(SHA256()))


def thumbprint(certificate: x509.Certificate) -> str:
    """SHA-1 in groups of four: the one that Windows shows when it asks whether to trust."""
    return _grouped(certificate.fingerprint(SHA1()))  # noqa: S303 - compared, nothing rests on it


def _grouped(digest: bytes) -> str:
    digits = digest.hex().upper()
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def _permitted(
    authority: Certified, names: Iterable[str], addresses: Iterable[str]
) -> list[x509.GeneralName]:
    reach = _names_within_reach(authority)
    found: list[x509.GeneralName] = [x509.DNSName(one) for one in names if one in reach]
    found += [x509.IPAddress(ip_address(one)) for one in addresses if is_private(one)]
    return found


def _names_within_reach(authority: Certified) -> set[str]:
    limits = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    return {one.value for one in limits.permitted_subtrees or () if isinstance(one, x509.DNSName)}


def _lasts(certified: Certified, at: datetime) -> bool:
    certificate = certified.certificate
    return certificate.not_valid_before_utc <= at < certificate.not_valid_after_utc - RENEWED


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    at: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(at - EARLIER)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _title(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words[:64])])  # RFC 5280: 64 at most


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, key_cert_sign=signs, crl_sign=signs, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
        decipher_only=False,
    )  # fmt: skip
