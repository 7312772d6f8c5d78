"""All tables of the design.

It is long because it is plain: one table after the other as Alembic writes them from the mappings, so
that it means the same when those have changed. Once released it is never edited, only followed.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("play", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_audit_event_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("site_id", "position", name=op.f("uq_audit_event_site_id_position")),
    )
    op.create_table(
        "consent_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("covers_earlier_photos", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('shipped', 'own')", name=op.f("ck_consent_text_origin_known")
        ),
        sa.CheckConstraint(
            "purpose IN ('research', 'publication', 'sharing')",
            name=op.f("ck_consent_text_purpose_known"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_consent_text_site_id_site")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_text")),
        sa.UniqueConstraint(
            "site_id",
            "purpose",
            "language",
            "version",
            name=op.f("uq_consent_text_site_id_purpose_language_version"),
        ),
    )
    op.create_table(
        "protocol",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_protocol_site_id_site")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["protocol.id"], name=op.f("fk_protocol_supersedes_id_protocol")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocol")),
        sa.UniqueConstraint(
            "site_id", "name", "version", name=op.f("uq_protocol_site_id_name_version")
        ),
    )
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("rule IN ('majority', 'prompted')", name=op.f("ck_snapshot_rule_known")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_snapshot_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_snapshot_site_id_name")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("licence", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_source_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_source_site_id_name")),
    )
    op.create_table(
        "study",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("controller", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("ethics_approval", sa.String(length=120), nullable=False),
        sa.Column("capture_until", sa.Date(), nullable=True),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_study_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("sign_outs", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_user_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_user_site_id_name")),
    )
    op.create_table(
        "export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("snapshot_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('research', 'publication', 'sharing')",
            name=op.f("ck_export_purpose_known"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_export_made_by_user")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_export_site_id_site")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshot.id"], name=op.f("fk_export_snapshot_id_snapshot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )
    op.create_table(
        "model_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("snapshot_id", sa.Uuid(), nullable=False),
        sa.Column("architecture", sa.String(length=80), nullable=False),
        sa.Column("folder", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("config", sa.JSON(), nullable=False),
        sa.Column("metrics", sa.JSON(), nullable=True),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('training', 'done', 'failed')", name=op.f("ck_model_run_state_known")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_model_run_site_id_site")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshot.id"], name=op.f("fk_model_run_snapshot_id_snapshot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_run")),
    )
    op.create_table(
        "participant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("pseudonym", sa.String(length=80), nullable=False),
        sa.Column("attributes", sa.LargeBinary(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user.id"], name=op.f("fk_participant_created_by_user")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_participant_site_id_site")),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_participant_study_id_study")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("site_id", "pseudonym", name=op.f("uq_participant_site_id_pseudonym")),
    )
    op.create_table(
        "user_role",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "role IN ('admin', 'operator', 'reviewer')", name=op.f("ck_user_role_role_known")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_role_user_id_user")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_role")),
    )
    op.create_table(
        "withdrawal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('code', 'operator', 'command')", name=op.f("ck_withdrawal_channel_known")
        ),
        sa.CheckConstraint(
            "purpose IN ('research', 'publication', 'sharing')",
            name=op.f("ck_withdrawal_purpose_known"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_withdrawal_recorded_by_user")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_withdrawal_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("guardian", sa.LargeBinary(), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("signed_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("valid_until", sa.DateTime(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "method IN ('screen', 'paper', 'scan')", name=op.f("ck_consent_method_known")
        ),
        sa.CheckConstraint(
            "purpose IN ('research', 'publication', 'sharing')",
            name=op.f("ck_consent_purpose_known"),
        ),
        sa.CheckConstraint("state IN ('given', 'refused')", name=op.f("ck_consent_state_known")),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until > signed_at", name=op.f("ck_consent_term")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_consent_participant_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_consent_recorded_by_user")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_consent_site_id_site")),
        sa.ForeignKeyConstraint(
            ["text_id"], ["consent_text.id"], name=op.f("fk_consent_text_id_consent_text")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_table(
        "export_item",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"], ["export.id"], name=op.f("fk_export_item_export_id_export")
        ),
        sa.PrimaryKeyConstraint("export_id", "photo_id", name=op.f("pk_export_item")),
    )
    op.create_table(
        "capture_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("protocol_id", sa.Uuid(), nullable=True),
        sa.Column("operator_id", sa.Uuid(), nullable=True),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("light", sa.String(length=40), nullable=False),
        sa.Column("assent", sa.String(length=40), nullable=True),
        sa.Column("assent_at", sa.DateTime(), nullable=True),
        sa.Column("device", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("announced", sa.JSON(), nullable=False),
        sa.Column("after_stop", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "after_stop IN ('keep', 'bin')", name=op.f("ck_capture_session_after_stop_known")
        ),
        sa.CheckConstraint(
            "assent IN ('yes', 'no', 'not_today')", name=op.f("ck_capture_session_assent_known")
        ),
        sa.CheckConstraint(
            "light IN ('natural', 'artificial', 'mixed', 'unknown')",
            name=op.f("ck_capture_session_light_known"),
        ),
        sa.CheckConstraint(
            "origin IN ('captured', 'imported')", name=op.f("ck_capture_session_origin_known")
        ),
        sa.CheckConstraint(
            "state IN ('ready', 'running', 'stopped', 'finished', 'declined')",
            name=op.f("ck_capture_session_state_known"),
        ),
        sa.CheckConstraint(
            "(consent_id IS NULL) <> (source_id IS NULL)",
            name=op.f("ck_capture_session_one_ground"),
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_capture_session_consent_id_consent")
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["user.id"], name=op.f("fk_capture_session_operator_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_capture_session_participant_id_participant"),
        ),
        sa.ForeignKeyConstraint(
            ["protocol_id"], ["protocol.id"], name=op.f("fk_capture_session_protocol_id_protocol")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_capture_session_site_id_site")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_capture_session_source_id_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture_session")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_capture_session_token_sha256")),
    )
    op.create_table(
        "consent_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_consent_document_consent_id_consent")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_consent_document_site_id_site")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_document")),
        sa.UniqueConstraint("consent_id", name=op.f("uq_consent_document_consent_id")),
    )
    op.create_table(
        "photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("burst_id", sa.Uuid(), nullable=False),
        sa.Column("shot", sa.Integer(), nullable=False),
        sa.Column("prompted_emotion", sa.String(length=40), nullable=True),
        sa.Column("head_pose", sa.String(length=40), nullable=True),
        sa.Column("light", sa.String(length=40), nullable=False),
        sa.Column("taken_at", sa.DateTime(), nullable=True),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("luminance_mean", sa.Double(), nullable=True),
        sa.Column("under_exposed", sa.Double(), nullable=True),
        sa.Column("over_exposed", sa.Double(), nullable=True),
        sa.Column("contrast", sa.Double(), nullable=True),
        sa.Column("lr_asymmetry", sa.Double(), nullable=True),
        sa.Column("laplacian_variance", sa.Double(), nullable=True),
        sa.Column("face_boxes", sa.JSON(), nullable=False),
        sa.Column("camera_settings", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("state_reason", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "(state = 'active') = (state_reason IS NULL)",
            name=op.f("ck_photo_reason_if_not_active"),
        ),
        sa.CheckConstraint(
            "light IN ('natural', 'artificial', 'mixed', 'unknown')",
            name=op.f("ck_photo_light_known"),
        ),
        sa.CheckConstraint(
            "prompted_emotion IN ('surprise', 'disgust', 'sad', 'angry', 'fear', 'happy', 'contempt', 'neutral')",
            name=op.f("ck_photo_prompted_emotion_known"),
        ),
        sa.CheckConstraint(
            "state IN ('active', 'quarantined', 'rejected')", name=op.f("ck_photo_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["capture_session.id"], name=op.f("fk_photo_session_id_capture_session")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_photo_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
    )
    op.create_table(
        "lease",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_lease_photo_id_photo")),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["user.id"], name=op.f("fk_lease_reviewer_id_user")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_lease_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lease")),
        sa.UniqueConstraint("photo_id", "reviewer_id", name=op.f("uq_lease_photo_id_reviewer_id")),
    )
    op.create_table(
        "photo_bytes",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_thumbnail", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_photo_bytes_photo_id_photo")
        ),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_photo_bytes")),
    )
    op.create_table(
        "prediction",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("emotion", sa.String(length=40), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "emotion IN ('surprise', 'disgust', 'sad', 'angry', 'fear', 'happy', 'contempt', 'neutral')",
            name=op.f("ck_prediction_emotion_known"),
        ),
        sa.CheckConstraint(
            "part IN ('train', 'validation')", name=op.f("ck_prediction_part_known")
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_prediction_photo_id_photo")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["model_run.id"], name=op.f("fk_prediction_run_id_model_run")
        ),
        sa.PrimaryKeyConstraint("run_id", "photo_id", name=op.f("pk_prediction")),
    )
    op.create_table(
        "snapshot_item",
        sa.Column("snapshot_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=True),
        sa.Column("label", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "label IN ('surprise', 'disgust', 'sad', 'angry', 'fear', 'happy', 'contempt', 'neutral')",
            name=op.f("ck_snapshot_item_label_known"),
        ),
        sa.CheckConstraint(
            "(photo_id IS NULL) = (label IS NULL)", name=op.f("ck_snapshot_item_whole_or_empty")
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_snapshot_item_photo_id_photo")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshot.id"], name=op.f("fk_snapshot_item_snapshot_id_snapshot")
        ),
        sa.PrimaryKeyConstraint("snapshot_id", "position", name=op.f("pk_snapshot_item")),
    )
    op.create_table(
        "vote",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("emotion", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("valence", sa.Double(), nullable=True),
        sa.Column("arousal", sa.Double(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=True),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(verdict = 'emotion') = (emotion IS NOT NULL)", name=op.f("ck_vote_emotion_if_named")
        ),
        sa.CheckConstraint(
            "(verdict = 'not_usable') = (reason IS NOT NULL)",
            name=op.f("ck_vote_reason_if_unusable"),
        ),
        sa.CheckConstraint(
            "emotion IN ('surprise', 'disgust', 'sad', 'angry', 'fear', 'happy', 'contempt', 'neutral')",
            name=op.f("ck_vote_emotion_known"),
        ),
        sa.CheckConstraint(
            "origin IN ('queue', 'grid', 'adjudication', 'imported')",
            name=op.f("ck_vote_origin_known"),
        ),
        sa.CheckConstraint(
            "verdict IN ('emotion', 'unsure', 'not_usable', 'undone')",
            name=op.f("ck_vote_verdict_known"),
        ),
        sa.CheckConstraint("arousal BETWEEN -1 AND 1", name=op.f("ck_vote_arousal_range")),
        sa.CheckConstraint("valence BETWEEN -1 AND 1", name=op.f("ck_vote_valence_range")),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_vote_photo_id_photo")),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["user.id"], name=op.f("fk_vote_reviewer_id_user")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_vote_site_id_site")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["vote.id"], name=op.f("fk_vote_supersedes_id_vote")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_vote_supersedes_id")),
    )


def downgrade() -> None:
    op.drop_table("vote")
    op.drop_table("snapshot_item")
    op.drop_table("prediction")
    op.drop_table("photo_bytes")
    op.drop_table("lease")
    op.drop_table("photo")
    op.drop_table("consent_document")
    op.drop_table("capture_session")
    op.drop_table("export_item")
    op.drop_table("consent")
    op.drop_table("withdrawal")
    op.drop_table("user_role")
    op.drop_table("participant")
    op.drop_table("model_run")
    op.drop_table("export")
    op.drop_table("user")
    op.drop_table("study")
    op.drop_table("source")
    op.drop_table("snapshot")
    op.drop_table("protocol")
    op.drop_table("consent_text")
    op.drop_table("audit_event")
    op.drop_table("site")
