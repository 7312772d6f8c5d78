"""The names that the server answers to: a page from elsewhere must not reach it under another."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from collector.settings import Settings
from collector.web.lan.keeping import own_names


def trusted_hosts(settings: Settings, addresses: Iterable[str] = ()) -> list[str]:
    """Loopback, the public address; on a LAN the stable names and the addresses of the moment."""
    found = ["127.0.0.1", "localhost", "[::1]", settings.host]
    public = urlsplit(settings.public_address or "").hostname
    if public:
        found.append(public)
    if settings.lan:
        found += [settings.lan.name, *own_names(), *addresses]
    return list(dict.fromkeys(found))
