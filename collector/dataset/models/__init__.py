"""The tables, no rules; who writes what stands in ARCHITECTURE.md."""

from collector.dataset.models.capture import CaptureSession, Photo, PhotoBytes, Protocol, Source
from collector.dataset.models.consent import (
    Consent,
    ConsentDocument,
    ConsentText,
    Duty,
    Receipt,
    Withdrawal,
)
from collector.dataset.models.copies import Export, ExportItem, ModelRun, ModelRunChild, Prediction
from collector.dataset.models.labels import Lease, Snapshot, SnapshotItem, Vote
from collector.dataset.models.lessons import (
    Lesson,
    LessonChild,
    LightPassport,
    Tablet,
    VoiceRecording,
)
from collector.dataset.models.log import AuditEvent
from collector.dataset.models.people import Participant, Site, Study, User, UserRole

__all__ = [
    "AuditEvent",
    "CaptureSession",
    "Consent",
    "ConsentDocument",
    "ConsentText",
    "Duty",
    "Export",
    "ExportItem",
    "Lease",
    "Lesson",
    "LessonChild",
    "LightPassport",
    "ModelRun",
    "ModelRunChild",
    "Participant",
    "Photo",
    "PhotoBytes",
    "Prediction",
    "Protocol",
    "Receipt",
    "Site",
    "Snapshot",
    "SnapshotItem",
    "Source",
    "Study",
    "Tablet",
    "User",
    "UserRole",
    "VoiceRecording",
    "Vote",
    "Withdrawal",
]
