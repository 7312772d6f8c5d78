"""The folder `tls` beside the keys: authority and certificate, kept and renewed."""

import os
import socket
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from collector.dataset import clock
from collector.dataset.errors import CommandMistake
from collector.web.lan.certificates import (
    Certified,
    make_authority,
    make_certificate,
    read_certified,
    still_fits,
    vouches_for,
)

AUTHORITY, MACHINE = "authority.pem", "machine.pem"


class Wallet:
    """The authority and the certificate of one name; `file` is what a TLS context loads."""

    def __init__(self, folder: Path, name: str) -> None:
        """Open the folder, made at first use with everything in it; raises CommandMistake."""
        self.folder = folder
        self.name = name
        self.file = folder / MACHINE
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        keep_private(folder)
        self.is_new = False  # whether tablets have an authority to learn
        self.authority = self._open_authority(clock.now())

    def renew(self, addresses: Iterable[str], at: datetime | None = None) -> bool:
        """Make a certificate if the one kept does not fit any more; says whether it did."""
        now, names = at or clock.now(), [self.name, *own_names()]
        if not vouches_for(self.authority, self.name, now):
            self.authority = self._make_authority(now)
        everywhere = ["127.0.0.1", "::1", *addresses]
        with suppress(OSError, ValueError):  # missing or damaged: a new one is as good
            kept = read_certified(self.file.read_bytes())
            if still_fits(kept, self.authority, names, everywhere, now):
                return False
        made = make_certificate(self.authority, names, everywhere, now)
        write_private(self.file, made.to_pem())
        return True

    def _open_authority(self, now: datetime) -> Certified:
        file = self.folder / AUTHORITY
        if not file.exists():
            return self._make_authority(now)
        try:
            found = read_certified(file.read_bytes())
        except (OSError, ValueError) as error:
            raise CommandMistake(
                f"{file} cannot be read. Remove it, and tablets must trust a new authority."
            ) from error
        return found if vouches_for(found, self.name, now) else self._make_authority(now)

    def _make_authority(self, now: datetime) -> Certified:
        made = make_authority([self.name, *own_names()], now)
        write_private(self.folder / AUTHORITY, made.to_pem())
        self.is_new = True
        return made


def own_names() -> list[str]:
    """The machine's own names, as other machines may know it."""
    host = socket.gethostname().lower().removesuffix(".local")
    fits = host.replace("-", "").replace(".", "").isalnum() and host.isascii()
    found = ["localhost"]
    if fits and host != "localhost":
        found += [host] if "." in host else [host, f"{host}.local"]
    return found


def keep_private(folder: Path) -> None:
    """Take away from others what a copy or an unpacked archive may have given them."""
    folder.chmod(0o700)
    for file in folder.glob("*.pem"):
        file.chmod(0o600)


def write_private(file: Path, content: bytes) -> None:
    """Replace the file at once, readable by its owner alone from its first byte on."""
    beside = file.with_name(file.name + ".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as output:
        output.write(content)
        output.flush()
        os.fsync(output.fileno())
    beside.replace(file)
