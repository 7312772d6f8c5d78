"""Sentences of the child's page in an operator's own voice: kept, heard, replaced, deleted.

The voice is an adult's who recorded it himself. No child is ever recorded.
"""

import re
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import LANGUAGES
from collector.dataset.errors import NotFound, Unprocessable
from collector.dataset.models import VoiceRecording

MAX_SECONDS = 15
MAX_AUDIO = 400 * 1024  # 15 seconds are 240 KiB at the 128 kbit/s that browsers record at most
MAX_PHRASE = 300

EBML, DOCUMENT = b"\x1aE\xdf\xa3", b"\x42\x82"


def recordings_of(session: Session, language: str) -> Sequence[VoiceRecording]:
    """The recordings in that language, by phrase."""
    statement = select(VoiceRecording).where(VoiceRecording.language == language)
    return session.scalars(statement.order_by(VoiceRecording.phrase)).all()


def read_recording(session: Session, recording_id: uuid.UUID) -> tuple[bytes, str]:
    """The sound and its media type; raises NotFound."""
    recording = session.get(VoiceRecording, recording_id)
    if recording is None:
        raise NotFound("There is no such recording.")
    return recording.audio, recording.media_type


def keep_recording(
    dataset: Dataset,
    language: str,
    phrase: str,
    audio: bytes,
    *,
    actor: str,
    operator_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Keep a phrase's recording in place of the one before; raises Unprocessable.

    `audio` is WebM with Opus or MP4 with AAC, at most 400 KiB.
    """
    media_type = media_type_of(audio)
    if language not in LANGUAGES or not 0 < len(phrase) <= MAX_PHRASE:
        raise Unprocessable("This sentence is not on the list: please reload the page.")
    with dataset.database.write() as session:
        before = session.scalars(
            select(VoiceRecording).where(
                VoiceRecording.site_id == dataset.site_id,
                VoiceRecording.language == language,
                VoiceRecording.phrase == phrase,
            )
        ).one_or_none()
        if before is not None:
            session.delete(before)
            session.flush()
        # A new id for a new sound: tablets remember sounds by it.
        recording = VoiceRecording(
            id=uuid.uuid4(),
            site_id=dataset.site_id,
            language=language,
            phrase=phrase,
            media_type=media_type,
            audio=audio,
            operator_id=operator_id,
            created_at=clock.now(),
        )
        session.add(recording)
        session.flush()
        dataset.chain.record(session, actor, "voice recorded", recording.id, language=language)
    dataset.database.forget_erased_pages()
    return recording.id


def delete_recording(dataset: Dataset, recording_id: uuid.UUID, *, actor: str) -> str:
    """Delete a recording; returns its language. Raises NotFound."""
    with dataset.database.write() as session:
        recording = session.get(VoiceRecording, recording_id)
        if recording is None:
            raise NotFound("There is no such recording.")
        language = recording.language
        session.delete(recording)
        dataset.chain.record(session, actor, "voice deleted", recording_id, language=language)
    dataset.database.forget_erased_pages()
    return language


def media_type_of(audio: bytes) -> str:
    """The media type that the bytes themselves say; raises Unprocessable.

    A browser's recording is one audio track of Opus in WebM or of AAC in MP4: the codec's name and
    the kind of track stand in its header, wherever a muxer puts that.
    """
    if not 0 < len(audio) <= MAX_AUDIO:
        raise Unprocessable("The recording is too long: at most 15 seconds are kept.")
    if audio.startswith(EBML) and DOCUMENT in audio[:64] and b"webm" in audio[:64]:
        if b"A_OPUS" in audio and not re.search(rb"V_(VP8|VP9|AV1|MPEG4)", audio):
            return "audio/webm"
    elif audio[4:8] == b"ftyp" and b"mp4a" in audio and b"vide" not in audio:
        return "audio/mp4"
    raise Unprocessable("This recording is of a kind that not every tablet can play.")
