"""Serving a dataset: on this machine alone, or to the tablets of a network as well."""

from dataclasses import replace

import click

from collector.dataset.dataset import Dataset
from collector.lan_options import LanOptions
from collector.settings import Settings
from collector.web.app import create_app
from collector.web.lan.outlet import Outlet
from collector.web.lan.watch import Watch
from collector.web.server import make_server, serve


def serve_dataset(dataset: Dataset, settings: Settings, options: LanOptions | None) -> None:
    """Serve until Ctrl+C or SIGTERM; raises UserMistake where it cannot."""
    if options is None:
        server = make_server(create_app(dataset, settings), settings.host, settings.port)
        _say_where(settings)
        serve(server)
    else:
        _serve_tablets(dataset, settings, options)


def _serve_tablets(dataset: Dataset, settings: Settings, options: LanOptions) -> None:
    outlet = Outlet(
        dataset.site_id, dataset.keys.folder / "tls",
        name=options.name, port=options.port, plain_port=options.plain_port,
        own=(options.certificate, options.key) if options.certificate and options.key else None,
    )  # fmt: skip
    settings = replace(settings, lan=outlet.lan)
    app = create_app(dataset, settings)
    server = make_server(app, settings.host, settings.port)
    try:
        others = outlet.servers(app, settings)
    except BaseException:
        server.stop()  # its threads would keep the program from ending
        raise
    _say_where(settings)
    _say_where_tablets_go(outlet)
    with Watch(outlet):
        serve(server, *others)


def _say_where(settings: Settings) -> None:
    address = f"http://{settings.host}:{settings.port}"
    click.echo(f"Serving {settings.data} on {address} - Ctrl+C stops.", err=True)


def _say_where_tablets_go(outlet: Outlet) -> None:
    lan, there = outlet.lan, ", ".join(outlet.present) or "no network yet"
    click.echo(f"Tablets: {lan.address} (now at {there})", err=True)
    if lan.authority:
        click.echo(f"Prepare each tablet once at {lan.plain_address}", err=True)
        click.echo(f"Authority, SHA-256: {lan.fingerprint}", err=True)
    click.echo("The page “On tablets” shows the same as codes to scan.", err=True)
