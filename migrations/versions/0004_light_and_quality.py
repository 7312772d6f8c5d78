"""Measures of light and quality by ISO/IEC 29794-5; earlier ones that differ keep other names.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# The sharpness of 0001 is that of the face's box; `laplacian_variance` is now at a fixed distance
# of the eyes. Both exposures of 0001 are of luma, the standard's of linear light.
RENAMED = {
    "under_exposed": "shadow_share",
    "over_exposed": "highlight_share",
    "laplacian_variance": "box_laplacian_variance",
}
ADDED = (
    "luminance_variance",
    "under_exposure_prevention",
    "over_exposure_prevention",
    "dynamic_range",
    "illumination_uniformity",
    "single_face_present",
    "backlight",
    "inter_eye_distance",
    "head_size",
    "leftward_crop_of_the_face_image",
    "rightward_crop_of_the_face_image",
    "margin_above_of_the_face_image",
    "margin_below_of_the_face_image",
    "laplacian_variance",
    "roll",
    "cct",
)


# Column by column and not in a batch: the table is not made anew, so photos' votes and bytes, which
# refer to it, are not touched.


def upgrade() -> None:
    for old, new in RENAMED.items():
        op.alter_column("photo", old, new_column_name=new)
    for name in ADDED:
        op.add_column("photo", sa.Column(name, sa.Double(), nullable=True))


def downgrade() -> None:
    for name in ADDED:
        op.drop_column("photo", name)
    for old, new in RENAMED.items():
        op.alter_column("photo", new, new_column_name=old)
