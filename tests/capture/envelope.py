"""A tablet's file in tests: what the page saves, without the page."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from collector.dataset.dataset import Dataset
from collector.dataset.rescue.envelope import CURVE, SIGN, prove, public_key
from tests.capture.tablet import details
from tests.cast import OpenSession, drawn_jpeg


def waiting(count: int = 1, **changed: object) -> list[dict[str, Any]]:
    """Photos that wait on a tablet: id, details, bytes."""
    return [
        {"id": uuid.uuid4(), "details": json.loads(details(**changed)), "data": drawn_jpeg()}
        for _ in range(count)
    ]


def parcel(
    dataset: Dataset,
    session: OpenSession,
    photos: Sequence[Mapping[str, Any]],
    *errands: tuple[str, str],
    proof: str | None = None,
) -> dict[str, Any]:
    """What a file says of one session."""
    return {
        "session": str(session.id),
        "proof": prove(dataset, session.id) if proof is None else proof,
        "errands": [{"name": name, "args": [said]} for name, said in errands],
        "photos": [
            {
                "id": str(one["id"]),
                "sha256": hashlib.sha256(one["data"]).hexdigest(),
                "details": one["details"],
            }
            for one in photos
        ],
    }


def pack(
    dataset: Dataset, about: object, pictures: Sequence[bytes], key: bytes | None = None
) -> bytes:
    """The file, sealed for the dataset's server or for another `key`."""
    server = key or public_key(dataset)
    own = ec.generate_private_key(CURVE)
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    agreed = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, server))
    cipher = AESGCM(HKDF(SHA256(), 32, point + server, SIGN).derive(agreed))
    header = SIGN + point
    first = about if isinstance(about, bytes) else json.dumps(about).encode()
    frames = [first, *pictures]
    sealed = [cipher.encrypt(n.to_bytes(12), frame, header) for n, frame in enumerate(frames)]
    return header + b"".join(len(one).to_bytes(4) + one for one in sealed)


def saved(
    dataset: Dataset,
    session: OpenSession,
    photos: Sequence[Mapping[str, Any]],
    *errands: tuple[str, str],
) -> bytes:
    """The file of one session."""
    about = {"sessions": [parcel(dataset, session, photos, *errands)]}
    return pack(dataset, about, [one["data"] for one in photos])
