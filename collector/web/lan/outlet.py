"""Everything that `--lan` adds: two listeners, the name's announcement, what follows addresses."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flask import Flask

from collector.settings import Lan, Settings
from collector.web.hosts import trusted_hosts
from collector.web.lan.announcing import Announcement
from collector.web.lan.certificates import fingerprint, thumbprint
from collector.web.lan.keeping import Wallet
from collector.web.lan.names import find_addresses, local_name
from collector.web.lan.own import OwnCertificate, check_own
from collector.web.lan.trust import create_trust_app
from collector.web.server import PatientServer, make_server
from collector.web.tls import PatientAdapter

EVERYWHERE = "0.0.0.0"  # noqa: S104 - it is what --lan asks for

log = logging.getLogger(__name__)


class Outlet:
    """The way in for tablets, made before the app so that the app knows its own name."""

    def __init__(
        self,
        site: uuid.UUID,
        folder: Path,
        *,
        name: str | None = None,
        port: int = 8443,
        plain_port: int = 8080,
        own: tuple[Path, Path] | None = None,
        addresses: Callable[[], list[str]] = find_addresses,
    ) -> None:
        """Find or make the certificate; raises CommandMistake where one given is of no use."""
        self._addresses = addresses
        self.present: list[str] = addresses()
        self.own = _own_certificate(own, name) if own else None
        self.wallet: Wallet | None = None
        stays = self.own.name if self.own else local_name(site, name)
        if self.own is None:
            self.wallet = Wallet(folder, stays)
            self.wallet.renew(self.present)
        self.lan = Lan(stays, port, plain_port, authority=self.wallet is not None)
        if self.wallet:
            found = self.wallet.authority.certificate
            self.lan = replace(
                self.lan, fingerprint=fingerprint(found), thumbprint=thumbprint(found)
            )
        self.announcement: Announcement | None = None
        if self.lan.name.endswith(".local"):  # other names are the school's own servers' matter
            self.announcement = Announcement(self.lan.name, port)
        self.adapter = PatientAdapter(*self._files(), elsewhere=f"{self.lan.plain_address}/")
        self._apps: list[Flask] = []
        self._settings: Settings | None = None

    def servers(self, app: Flask, settings: Settings) -> list[PatientServer]:
        """The listener for tablets over TLS, and the plain one of the page that explains."""
        wallet = self.wallet
        authority = (lambda: wallet.authority) if wallet else None
        plain = create_trust_app(settings, self.lan, authority, self.present)
        self._apps, self._settings = [app, plain], settings
        self._trust_hosts()
        over_tls = make_server(
            app, EVERYWHERE, self.lan.port, self.adapter, option="--lan-port")  # fmt: skip
        try:
            explaining = make_server(
                plain, EVERYWHERE, self.lan.plain_port, option="--trust-port")  # fmt: skip
        except Exception:
            over_tls.stop()
            raise
        return [over_tls, explaining]

    def follow(self) -> None:
        """Look at this machine's addresses: certificate, announcement and hosts follow them."""
        self.present = self._addresses()
        if self.wallet and self.wallet.renew(self.present):
            self.adapter.load(*self._files())
        self._trust_hosts()
        if self.announcement and self.announcement.follow(self.present):
            log.info("tablets find %s at %s", self.lan.address, ", ".join(self.present) or "nobody")

    def _files(self) -> tuple[Path, Path]:
        if self.own:
            return self.own.certificate, self.own.key
        assert self.wallet is not None  # noqa: S101 - one of the two was made
        return self.wallet.file, self.wallet.file

    def _trust_hosts(self) -> None:
        for app in self._apps:
            assert self._settings is not None  # noqa: S101 - set with the apps
            app.config["TRUSTED_HOSTS"] = trusted_hosts(self._settings, self.present)


def _own_certificate(files: tuple[Path, Path], name: str | None) -> OwnCertificate:
    own = check_own(*files, name)
    if own.ends_soon:
        log.warning("%s ends in less than 30 days: renew it", own.certificate)
    return own
