"""Lessons with paired tablets, light passports, prompts in an operator's voice.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "light_passport",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("room", sa.String(length=120), nullable=False),
        sa.Column("light", sa.String(length=40), nullable=False),
        sa.Column("lux", sa.Double(), nullable=True),
        sa.Column("sheet", sa.String(length=40), nullable=True),
        sa.Column("cct", sa.Double(), nullable=True),
        sa.Column("luminance_mean", sa.Double(), nullable=True),
        sa.Column("lr_asymmetry", sa.Double(), nullable=True),
        sa.Column("camera_settings", sa.JSON(), nullable=True),
        sa.Column("token_sha256", sa.String(length=64), nullable=True),
        sa.Column("token_until", sa.DateTime(), nullable=True),
        sa.Column("operator_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("measured_at", sa.DateTime(), nullable=True),
        sa.Column("valid_until", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "light IN ('natural', 'artificial', 'mixed', 'unknown')",
            name="ck_light_passport_light_known",
        ),
        sa.CheckConstraint("sheet IN ('white', 'grey')", name="ck_light_passport_sheet_known"),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["user.id"], name="fk_light_passport_operator_id_user"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_light_passport_site_id_site"),
        sa.PrimaryKeyConstraint("id", name="pk_light_passport"),
        sa.UniqueConstraint("token_sha256", name="uq_light_passport_token_sha256"),
    )
    op.create_table(
        "voice_recording",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("phrase", sa.String(length=300), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("audio", sa.LargeBinary(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["user.id"], name="fk_voice_recording_operator_id_user"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_voice_recording_site_id_site"),
        sa.PrimaryKeyConstraint("id", name="pk_voice_recording"),
        sa.UniqueConstraint(
            "site_id", "language", "phrase", name="uq_voice_recording_site_id_language_phrase"
        ),
    )
    op.create_table(
        "lesson",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("protocol_id", sa.Uuid(), nullable=False),
        sa.Column("light_passport_id", sa.Uuid(), nullable=True),
        sa.Column("operator_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("light", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["light_passport_id"],
            ["light_passport.id"],
            name="fk_lesson_light_passport_id_light_passport",
        ),
        sa.ForeignKeyConstraint(["operator_id"], ["user.id"], name="fk_lesson_operator_id_user"),
        sa.ForeignKeyConstraint(
            ["protocol_id"], ["protocol.id"], name="fk_lesson_protocol_id_protocol"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_lesson_site_id_site"),
        sa.PrimaryKeyConstraint("id", name="pk_lesson"),
    )
    op.create_table(
        "tablet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=True),
        sa.Column("token_sha256", sa.String(length=64), nullable=True),
        sa.Column("device", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("paired_at", sa.DateTime(), nullable=True),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name="fk_tablet_lesson_id_lesson"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_tablet_site_id_site"),
        sa.PrimaryKeyConstraint("id", name="pk_tablet"),
        sa.UniqueConstraint("code_sha256", name="uq_tablet_code_sha256"),
        sa.UniqueConstraint("token_sha256", name="uq_tablet_token_sha256"),
    )
    op.create_table(
        "lesson_child",
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("is_absent", sa.Boolean(), nullable=False),
        sa.Column("tablet_id", sa.Uuid(), nullable=True),
        sa.Column("rehearsal_id", sa.Uuid(), nullable=True),
        sa.Column("rehearsed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lesson.id"], name="fk_lesson_child_lesson_id_lesson"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name="fk_lesson_child_participant_id_participant",
        ),
        sa.ForeignKeyConstraint(
            ["tablet_id"], ["tablet.id"], name="fk_lesson_child_tablet_id_tablet"
        ),
        sa.PrimaryKeyConstraint("lesson_id", "participant_id", name="pk_lesson_child"),
    )
    # Not in a batch, which would make the table anew without its CHECKs.
    kind = sa.Uuid().compile(dialect=op.get_bind().dialect)
    for table in ("light_passport", "lesson", "tablet"):
        op.execute(
            f"ALTER TABLE capture_session ADD COLUMN {table}_id {kind} "
            f"CONSTRAINT fk_capture_session_{table}_id_{table} REFERENCES {table} (id)"
        )
    op.add_column(
        "capture_session",
        sa.Column("earlier_tokens", sa.JSON(), nullable=False, server_default="[]"),
    )
    op.add_column("photo", sa.Column("lux", sa.Double(), nullable=True))
    op.add_column("photo", sa.Column("attempt", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("photo", sa.Column("guidance", sa.String(length=40), nullable=True))


def downgrade() -> None:
    op.drop_column("photo", "guidance")
    op.drop_column("photo", "attempt")
    op.drop_column("photo", "lux")
    op.drop_column("capture_session", "earlier_tokens")
    for table in ("tablet", "lesson", "light_passport"):
        op.drop_column("capture_session", f"{table}_id")
    op.drop_table("lesson_child")
    op.drop_table("tablet")
    op.drop_table("lesson")
    op.drop_table("voice_recording")
    op.drop_table("light_passport")
