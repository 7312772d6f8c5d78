"""The settings of a running server, from options, then from the environment."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from collector.dataset.errors import CommandMistake


@dataclass(frozen=True)
class Lan:
    """Where tablets reach this server; `authority` is whether they must learn to trust one."""

    name: str
    port: int
    plain_port: int
    authority: bool = True
    fingerprint: str = ""
    thumbprint: str = ""

    @property
    def address(self) -> str:
        """The app's address for tablets, which stays as it is."""
        return f"https://{self.name}:{self.port}"

    @property
    def plain_address(self) -> str:
        """Where the page lies that explains how to trust the authority."""
        return f"http://{self.name}:{self.plain_port}"


@dataclass(frozen=True)
class Settings:
    """How a server runs; made once by the command line and handed down.

    `wanted_votes` is how many reviewers judge each photo; `public_address` is where guardians reach
    this server from anywhere, if they do: receipts carry it. `lan` is set if tablets are served.
    """

    data: Path
    keys: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    wanted_votes: int = 3
    public_address: str | None = None
    lan: Lan | None = None


def require_address(address: str) -> str:
    """The address without a slash at its end; raises CommandMistake for anything but https://."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise CommandMistake("A public address begins with https:// and names a host.")
    return address.rstrip("/")
