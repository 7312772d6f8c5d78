"""Where tablets find this machine: a name that stays, and the addresses of the moment."""

import re
import socket
import uuid

import ifaddr

from collector.dataset.errors import CommandMistake

LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")  # RFC 1123
# Networks within the machine, between it and its containers: no tablet is there.
WITHIN = ("docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "vethernet", "utun", "tailscale")
# TEST-NET-1 (RFC 5737): nothing is sent, the system only says by which address it would go.
ELSEWHERE = ("192.0.2.1", 9)


def local_name(site: uuid.UUID, wanted: str | None = None) -> str:
    """The `.local` name: the wanted one, or one that follows from the site and so stays with it."""
    label = (wanted or f"faces-{site.hex[:4]}").lower().removesuffix(".local")
    if not LABEL.fullmatch(label):
        raise CommandMistake("A name holds the letters a to z, digits and hyphens alone.")
    return f"{label}.local"


def find_addresses() -> list[str]:
    """This machine's IPv4 addresses in its networks, the one most used first."""
    found = [
        str(ip.ip)
        for adapter in ifaddr.get_adapters()
        if not adapter.nice_name.lower().startswith(WITHIN)
        for ip in adapter.ips
        if ip.is_IPv4 and not str(ip.ip).startswith("127.")
    ]
    first = _way_out()
    return sorted(set(found), key=lambda one: (one != first, one))


def _way_out() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
            return str(probe.getsockname()[0])
        except OSError:  # no network at all
            return None
