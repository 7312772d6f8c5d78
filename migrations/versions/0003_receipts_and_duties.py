"""Receipts for guardians, duties after a withdrawal, and which children a training used.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("code_mac", sa.String(length=64), nullable=False),
        sa.Column("sealed_code", sa.LargeBinary(), nullable=True),
        sa.Column("chain_position", sa.Integer(), nullable=False),
        sa.Column("chain_mac", sa.String(length=64), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("void_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["issued_by"], ["user.id"], name="fk_receipt_issued_by_user"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_receipt_site_id_site"),
        sa.PrimaryKeyConstraint("id", name="pk_receipt"),
        sa.UniqueConstraint("code_mac", name="uq_receipt_code_mac"),
    )
    op.create_index("ix_receipt_participant", "receipt", ["participant_id"])
    op.create_table(
        "duty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("place", sa.String(length=700), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('export', 'snapshot', 'model', 'key_backup')", name="ck_duty_kind_known"
        ),
        sa.ForeignKeyConstraint(["done_by"], ["user.id"], name="fk_duty_done_by_user"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_duty_site_id_site"),
        sa.PrimaryKeyConstraint("id", name="pk_duty"),
    )
    op.create_index("ix_duty_participant", "duty", ["participant_id"])
    op.create_table(
        "model_run_child",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["model_run.id"], name="fk_model_run_child_run_id_model_run"
        ),
        sa.PrimaryKeyConstraint("run_id", "participant_id", name="pk_model_run_child"),
    )
    op.create_index("ix_model_run_child_participant", "model_run_child", ["participant_id"])
    op.create_index("ix_export_item_participant", "export_item", ["participant_id"])
    # Trainings from before this table: the children of their snapshots, as far as still known.
    op.execute(
        "INSERT INTO model_run_child (run_id, participant_id) "
        "SELECT DISTINCT model_run.id, capture_session.participant_id FROM model_run "
        "JOIN snapshot_item ON snapshot_item.snapshot_id = model_run.snapshot_id "
        "JOIN photo ON photo.id = snapshot_item.photo_id "
        "JOIN capture_session ON capture_session.id = photo.session_id"
    )


def downgrade() -> None:
    op.drop_index("ix_export_item_participant", table_name="export_item")
    op.drop_table("model_run_child")
    op.drop_table("duty")
    op.drop_table("receipt")
