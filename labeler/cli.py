"""The labeler's command line."""

import sys
from pathlib import Path
from typing import Any

import click

from collector.dataset.commands import (
    FAILED,
    dataset_options,
    json_option,
    opened_dataset,
    report,
    run_command,
)
from collector.dataset.snapshots import RULES, freeze_snapshot, list_snapshots, verify_snapshot


@click.group("labeler")
@click.version_option(package_name="child-expressions")
def labeler() -> None:
    """Freeze the photos that reviewers have labelled into curated sets for training.

    The review itself happens in the browser: collector serve.
    """


@labeler.group("snapshot")
def snapshot_group() -> None:
    """Create, list and verify frozen sets."""


@snapshot_group.command("create")
@click.argument("name")
@click.option(
    "--rule",
    type=click.Choice(RULES),
    default="majority",
    show_default=True,
    help="Label by the majority of votes, or by the prompt the child was given.",
)
@dataset_options
@json_option
def create(name: str, rule: str, data: Path, keys: Path | None, as_json: bool) -> None:
    """Freeze what is labelled now under NAME.

    By the rule of majority, photos without a vote, tied, unsure or not usable are left out; by
    the prompts, photos without a prompt. The answer counts them.
    """
    with opened_dataset(data, keys) as dataset:
        summary = _summary(freeze_snapshot(dataset, name, rule, actor="labeler"))
    report(summary, as_json, f"Frozen: {_line(summary)}")


@snapshot_group.command("list")
@dataset_options
@json_option
def list_all(data: Path, keys: Path | None, as_json: bool) -> None:
    """List the frozen sets, oldest first."""
    with opened_dataset(data, keys) as dataset, dataset.database.read() as session:
        summaries = [_summary(one) for one in list_snapshots(session)]
    lines = [_line(one) for one in summaries] or ["There is no snapshot yet."]
    report({"snapshots": summaries}, as_json, "\n".join(lines))


@snapshot_group.command("verify")
@click.argument("name")
@dataset_options
@json_option
@click.pass_context
def verify(context: click.Context, name: str, data: Path, keys: Path | None, as_json: bool) -> None:
    """Check that NAME holds what was frozen; exit 1 where it does not.

    Photos erased since leave their digests behind, so that the set stays verifiable.
    """
    with opened_dataset(data, keys) as dataset:
        verified = verify_snapshot(dataset, name)
    answer = "is what was frozen" if verified else "was changed after it was frozen"
    report({"snapshot": name, "verified": verified}, as_json, f"{name} {answer}.")
    if not verified:
        context.exit(FAILED)


def main() -> None:
    """Run the command line."""
    sys.exit(run_command(labeler))


def _summary(snapshot: Any) -> dict[str, Any]:
    """A snapshot's row as the JSON that commands print."""
    return {
        "snapshot": snapshot.name,
        "id": str(snapshot.id),
        "rule": snapshot.rule,
        "photos": sum(snapshot.counts["labels"].values()),
        "labels": snapshot.counts["labels"],
        "left_out": snapshot.counts["left_out"],
        "manifest_sha256": snapshot.manifest_sha256,
        "created_at": snapshot.created_at.isoformat(),
    }


def _line(summary: dict[str, Any]) -> str:
    labels = ", ".join(f"{label} {count}" for label, count in summary["labels"].items() if count)
    left_out = ", ".join(
        f"{count} {why.replace('_', ' ')}" for why, count in summary["left_out"].items()
    )
    return (
        f"{summary['snapshot']}, {summary['photos']} photos by {summary['rule']}: {labels}; "
        f"left out: {left_out or 'none'}."
    )
