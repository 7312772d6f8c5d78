"""Children whose photos went everywhere, and the codes in their guardians' hands."""

import uuid
from pathlib import Path

from collector.dataset.consents.receipts import issue_receipt, read_code
from collector.dataset.dataset import Dataset
from collector.dataset.exports import register_export
from collector.dataset.runs import register_run
from collector.dataset.snapshots import freeze_snapshot
from collector.dataset.upkeep.backups import back_up_keys
from tests.cast import sit, snap


def code_for(dataset: Dataset, child: uuid.UUID, *, lost: bool = False) -> str:
    """The code of a new receipt, as it is printed."""
    return read_code(dataset, issue_receipt(dataset, child, actor="test", lost=lost))


def photograph(dataset: Dataset, child: uuid.UUID, count: int = 1) -> list[uuid.UUID]:
    """That many photos of the child, in one sitting."""
    sitting = sit(dataset, child)
    return [snap(dataset, sitting) for _ in range(count)]


def copy_out(dataset: Dataset, purpose: str, *children: uuid.UUID) -> uuid.UUID:
    """A copy of one photo of each child, made for the purpose."""
    photos = {photograph(dataset, child)[0]: child for child in children}
    return register_export(
        dataset, photos, purpose=purpose, format="folder", path=Path(f"{purpose}.zip"), actor="test"
    )


def spread(dataset: Dataset, child: uuid.UUID, folder: Path) -> None:
    """A photo of the child in a snapshot, a model trained on it, and a backup of its key."""
    photograph(dataset, child)
    frozen = freeze_snapshot(dataset, "first", "prompted", actor="test")
    register_run(
        dataset,
        snapshot_id=frozen.id,
        architecture="resnet18",
        folder=folder / "run",
        config={},
    )
    back_up_keys(dataset, folder / "keys.backup", actor="test")
