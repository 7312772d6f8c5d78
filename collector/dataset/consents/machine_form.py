"""A receipt's machine-readable form, described by docs/receipt.schema.json.

Field names are those of the information structure of ISO/IEC TS 27560:2023 where that has one:

- record header: `schema_version`, `record_id` (one for each consent), `pii_principal_id`;
- processing: `privacy_notice`, `language`, `purposes`, `purpose`, `lawful_basis`,
  `pii_information` (`pii_type`, `pii_optional`), `pii_controllers`, `collection_method`,
  `processing_method`, `storage_locations`, `retention_period`, `withdrawal_method`,
  `privacy_rights`;
- parties: `party_id`, `party_name`, `party_role`, `party_contact`;
- event: `event_time` (the signature), `validity_duration`, `entity_id` (who signed), `event_type`,
  `event_state`.

The Technical Specification prescribes no encoding: how the sections are arranged, and every other
name, is this program's own. Nobody has certified conformity. What a guardian agreed to is said by
the signed document, which `privacy_notice` names by version and hash.

Left out on purpose: the withdrawal code (whoever holds it can withdraw, and a file travels further
than paper), and the pseudonym, which stands on the child's cards and in shared copies of the
dataset: beside the guardian's name it would tell everybody who finds the receipt whose photos those
are. The random id leads back to the child only inside the dataset.
"""

from datetime import UTC, date, datetime
from typing import Any

from collector.dataset.consents.certificate import Certificate
from collector.dataset.models import Consent
from collector.dataset.studies import StudyDetails

SCHEMA = "urn:child-expressions:receipt:1"
CONTROLLER = "controller"

# What is kept, and whether the guardian may leave it out.
KEPT = (
    ("photographs of the child's face", False),
    ("emotion asked for, time, measures of light and sharpness, camera settings", False),
    ("emotion that reviewers and trained models see in a photograph", False),
    ("the guardian's name, relation, signature or scan, and answers", False),
    ("year and month of birth, sex, glasses of the child", True),
    ("origin of the child in the guardian's words", True),
)
RIGHTS = (
    "withdrawal", "access", "rectification", "erasure", "restriction", "portability", "objection",
    "complaint to the supervisory authority",
)  # fmt: skip


def certify(certificate: Certificate) -> dict[str, Any]:
    """The receipt as plain values for JSON; moments in UTC, to the second."""
    receipt = certificate.receipt
    guardians = _guardians(certificate)
    return {
        "schema_version": SCHEMA,
        "receipt_id": str(receipt.id),
        "issued_at": _moment(receipt.issued_at),
        "void_at": _moment(receipt.void_at),
        "pii_principal_id": str(receipt.participant_id),
        "site": {"site_id": str(receipt.site_id), "name": certificate.site},
        "study": _study(certificate.study),
        "parties": _parties(certificate.study, guardians),
        "consents": [
            _record(consent, guardians[guardian.name, consent.relation])
            for consent, guardian in certificate.answers
        ],
        "processing": _processing(certificate.study),
        "audit_chain": {"position": receipt.chain_position, "mac": receipt.chain_mac},
    }


def _study(study: StudyDetails) -> dict[str, Any]:
    return {
        "title": study.title,
        "ethics_approval": study.ethics_approval,
        "capture_until": _day(study.capture_until),
        "keep_until": _day(study.keep_until),
    }


def _parties(study: StudyDetails, guardians: dict[tuple[str, str], str]) -> list[dict[str, str]]:
    """The controller, then whoever signed."""
    controller = {
        "party_id": CONTROLLER,
        "party_role": "PII controller",
        "party_name": study.controller,
        "party_contact": study.contact,
    }
    signed = [
        {
            "party_id": party_id,
            "party_role": "representative of the PII principal",
            "party_name": name,
            "relation": relation,
        }
        for (name, relation), party_id in guardians.items()
    ]
    return [controller, *signed]


def _record(consent: Consent, guardian: str) -> dict[str, Any]:
    """One answer: the document that was read, the purpose, and the moment it was signed."""
    signed, end = _moment(consent.signed_at), _moment(consent.valid_until)
    return {
        "record_id": str(consent.id),
        "privacy_notice": {
            "title": consent.text.title,
            "version": consent.text.version,
            "sha256": consent.text.sha256,
        },
        "language": consent.text.language,
        "purposes": [
            {
                "purpose": consent.purpose,
                "lawful_basis": "consent",
                "pii_controllers": [CONTROLLER],
            }
        ],
        "event": {
            "event_time": signed,
            "event_type": "explicit",
            "event_state": consent.state,
            "entity_id": guardian,
            # An interval of ISO 8601; two dots where no end is set.
            "validity_duration": f"{signed}/{end or '..'}",
            "method": consent.method,
        },
        "recorded_at": _moment(consent.recorded_at),
        "valid_until": end,
    }


def _processing(study: StudyDetails) -> dict[str, Any]:
    """What is the same for every consent: what this program keeps, where, and until when."""
    return {
        "pii_information": [{"pii_type": what, "pii_optional": may} for what, may in KEPT],
        "collection_method": "the child photographs itself in sessions; the guardian's own words",
        "processing_method": "storage, labelling by people, training of models; no decisions",
        "storage_locations": ["the controller's own machine, encrypted, and its backups"],
        "retention_period": {"until": _day(study.keep_until)},
        "withdrawal_method": [
            "with the code on the printed receipt, on the withdrawal page if the receipt names one",
            "through the operator or the controller's contact, by telephone with the code",
        ],
        "privacy_rights": list(RIGHTS),
    }


def _guardians(certificate: Certificate) -> dict[tuple[str, str], str]:
    """A short id for each guardian who answered, by name and relation."""
    found = dict.fromkeys((who.name, one.relation) for one, who in certificate.answers)
    return {key: f"guardian-{number}" for number, key in enumerate(found, start=1)}


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
