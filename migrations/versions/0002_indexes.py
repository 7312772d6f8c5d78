"""Indexes for the paths that a waiting person feels: the doors, the queue, a vote's history.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("capture_session") as batch_op:
        batch_op.create_index("ix_capture_session_participant", ["participant_id"])

    with op.batch_alter_table("consent") as batch_op:
        batch_op.create_index("ix_consent_participant", ["participant_id", "purpose"])

    with op.batch_alter_table("photo") as batch_op:
        batch_op.create_index("ix_photo_session", ["session_id", "state"])

    with op.batch_alter_table("prediction") as batch_op:
        batch_op.create_index("ix_prediction_photo", ["photo_id"])

    with op.batch_alter_table("snapshot_item") as batch_op:
        batch_op.create_index("ix_snapshot_item_photo", ["photo_id"])

    with op.batch_alter_table("vote") as batch_op:
        batch_op.create_index("ix_vote_photo", ["photo_id"])
        batch_op.create_index("ix_vote_reviewer", ["reviewer_id", "created_at"])

    with op.batch_alter_table("withdrawal") as batch_op:
        batch_op.create_index("ix_withdrawal_participant", ["participant_id", "purpose"])


def downgrade() -> None:
    with op.batch_alter_table("withdrawal") as batch_op:
        batch_op.drop_index("ix_withdrawal_participant")

    with op.batch_alter_table("vote") as batch_op:
        batch_op.drop_index("ix_vote_reviewer")
        batch_op.drop_index("ix_vote_photo")

    with op.batch_alter_table("snapshot_item") as batch_op:
        batch_op.drop_index("ix_snapshot_item_photo")

    with op.batch_alter_table("prediction") as batch_op:
        batch_op.drop_index("ix_prediction_photo")

    with op.batch_alter_table("photo") as batch_op:
        batch_op.drop_index("ix_photo_session")

    with op.batch_alter_table("consent") as batch_op:
        batch_op.drop_index("ix_consent_participant")

    with op.batch_alter_table("capture_session") as batch_op:
        batch_op.drop_index("ix_capture_session_participant")
