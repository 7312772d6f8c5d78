"""The collector's command line."""

import logging
import sys
from pathlib import Path
from typing import Any

import click

from collector.coverage import coverage
from collector.dataset.commands import (
    ask_passphrase,
    dataset_options,
    json_option,
    opened_dataset,
    report,
)
from collector.dataset.commands import run_command as run
from collector.dataset.opening import open_dataset
from collector.dataset.users import add_user, list_users, set_password
from collector.dataset.vocabulary import ROLES
from collector.demo import PASSWORD, fill_play_dataset
from collector.flow import flow
from collector.importing import import_photos
from collector.lan_options import lan_options, read_lan_options
from collector.maintenance import COMMANDS
from collector.rights import consent
from collector.settings import Settings, require_address


@click.group(name="collector")
@click.version_option(package_name="child-expressions")
def collector() -> None:
    """Collect photographs of children's facial expressions, with consent behind every photo."""


@collector.command()
@dataset_options
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True,
              envvar="COLLECTOR_PORT", show_envvar=True, help="The port to serve on.")  # fmt: skip
@click.option("--votes", type=click.IntRange(1, 50), default=3, show_default=True,
              envvar="COLLECTOR_VOTES", show_envvar=True,
              help="How many reviewers judge each photo.")  # fmt: skip
@click.option("--public-address", envvar="COLLECTOR_PUBLIC_ADDRESS", show_envvar=True,
              help="Where guardians reach this server, such as https://faces.school.example: "
                   "receipts carry it as a QR code.")  # fmt: skip
@lan_options
def serve(
    data: Path, keys: Path | None, port: int, votes: int, public_address: str | None, **lan: Any
) -> None:
    """Serve the app on this machine, bringing the dataset's tables up to date first.

    With --lan tablets reach it, too: over HTTPS, under a name that stays.
    """
    # Imported here, so that the other commands start without the web.
    from collector.serving import serve_dataset  # noqa: PLC0415

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    settings = Settings(
        data=data,
        keys=keys,
        port=port,
        wanted_votes=votes,
        public_address=require_address(public_address) if public_address else None,
    )
    options = read_lan_options(**lan)
    dataset = open_dataset(data, keys, passphrase=ask_passphrase)
    try:
        serve_dataset(dataset, settings, options)
    finally:
        dataset.close()
    click.echo("Stopped.", err=True)


@collector.command()
@dataset_options
@click.option("--children", type=click.IntRange(1, 500), default=6, show_default=True,
              help="How many invented children.")  # fmt: skip
@click.option("--shots", type=click.IntRange(1, 200), default=4, show_default=True,
              help="Shots of each emotion a child.")  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True,
              help="The same seed draws the same faces.")  # fmt: skip
@json_option
def demo(
    data: Path, keys: Path | None, children: int, shots: int, seed: int, as_json: bool
) -> None:
    """Fill an empty folder with a play dataset: invented children, faces drawn by the program."""
    dataset = open_dataset(data, keys, play=True, passphrase=ask_passphrase)
    try:
        counts = fill_play_dataset(dataset, children=children, shots=shots, seed=seed)
    finally:
        dataset.close()
    text = (
        f"{counts['children']} invented children, {counts['photos']} photos, "
        f"{counts['votes']} votes in {data}. Accounts: olga, rita, rustam, samal; "
        f"the password of all is {PASSWORD}."
    )
    report({"data": str(data), **counts}, as_json, text)


@collector.group()
def users() -> None:
    """Accounts: list, add, give a new password."""


@users.command("list")
@dataset_options
@json_option
def list_accounts(data: Path, keys: Path | None, as_json: bool) -> None:
    """List all accounts."""
    with opened_dataset(data, keys) as dataset, dataset.database.read() as db:
        found = [
            {"name": user.name, "roles": sorted(role.role for role in user.roles)}
            for user in list_users(db)
        ]
    lines = [f"{one['name']}: {', '.join(one['roles'])}" for one in found]
    report({"users": found}, as_json, "\n".join(lines) or "No accounts yet.")


@users.command("add")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES),
              help="A role; may be given several times.")  # fmt: skip
@click.password_option(help="Asked for if it is left out.", envvar="COLLECTOR_PASSWORD")
@dataset_options
@json_option
def add_account(
    name: str, roles: tuple[str, ...], password: str, data: Path, keys: Path | None, as_json: bool
) -> None:
    """Make an account called NAME."""
    with opened_dataset(data, keys) as dataset:
        add_user(dataset, name, password, roles, actor="command")
    report({"name": name, "roles": sorted(set(roles))}, as_json, f"{name} may sign in now.")


@users.command("password")
@click.argument("name")
@click.password_option(help="Asked for if it is left out.", envvar="COLLECTOR_PASSWORD")
@dataset_options
@json_option
def change_password(name: str, password: str, data: Path, keys: Path | None, as_json: bool) -> None:
    """Give the account NAME a new password; it is signed out everywhere."""
    with opened_dataset(data, keys) as dataset:
        set_password(dataset, name, password, actor="command")
    report({"name": name}, as_json, f"{name} has a new password.")


for command in (*COMMANDS, consent, import_photos, flow, coverage):
    collector.add_command(command)


def main() -> None:
    """The console script."""
    sys.exit(run(collector))
