"""The options of `collector serve --lan`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from collector.dataset.errors import CommandMistake

Command = TypeVar("Command", bound=Callable[..., Any])

FILE = click.Path(path_type=Path, dir_okay=False)
PORT = click.IntRange(1, 65535)
OPTIONS = (
    click.option("--lan", is_flag=True, envvar="COLLECTOR_LAN", show_envvar=True,
                 help="Serve tablets on this network, too, over HTTPS."),
    click.option("--name", envvar="COLLECTOR_NAME", show_envvar=True,
                 help="The name tablets use: NAME.local. Left out, it follows from the dataset."),
    click.option("--lan-port", type=PORT, default=8443, show_default=True,
                 envvar="COLLECTOR_LAN_PORT", show_envvar=True, help="The port for tablets."),
    click.option("--trust-port", type=PORT, default=8080, show_default=True,
                 envvar="COLLECTOR_TRUST_PORT", show_envvar=True,
                 help="The plain port of the page that prepares a tablet."),
    click.option("--tls-cert", type=FILE, envvar="COLLECTOR_TLS_CERT", show_envvar=True,
                 help="The school's own certificate (PEM, with its chain)."),
    click.option("--tls-key", type=FILE, envvar="COLLECTOR_TLS_KEY", show_envvar=True,
                 help="The private key of that certificate (PEM)."),
)  # fmt: skip


@dataclass(frozen=True)
class LanOptions:
    """What the command line says about the LAN."""

    name: str | None = None
    port: int = 8443
    plain_port: int = 8080
    certificate: Path | None = None
    key: Path | None = None


def lan_options(command: Command) -> Command:
    """Give a command these options."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def read_lan_options(
    *, lan: bool, name: str | None, lan_port: int, trust_port: int,
    tls_cert: Path | None, tls_key: Path | None,
) -> LanOptions | None:  # fmt: skip
    """The options, or None without --lan; raises CommandMistake where they do not fit together."""
    if not lan:
        if name or tls_cert or tls_key:
            raise CommandMistake("--name, --tls-cert and --tls-key are for --lan: add it.")
        return None
    if (tls_cert is None) != (tls_key is None):
        raise CommandMistake("--tls-cert and --tls-key belong together: give both or neither.")
    if lan_port == trust_port:
        raise CommandMistake("--lan-port and --trust-port must differ.")
    return LanOptions(name, lan_port, trust_port, tls_cert, tls_key)
