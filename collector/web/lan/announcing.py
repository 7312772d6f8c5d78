"""The announcement of the `.local` name by multicast DNS (RFC 6762), which tablets understand."""

import logging
import socket
from collections.abc import Sequence

from zeroconf import Error, ServiceInfo, Zeroconf

SERVICE = "_https._tcp.local."
SECONDS = 60  # how long a tablet may remember an address that may change

log = logging.getLogger(__name__)


class Announcement:
    """Says on the network which addresses the name has, and says it anew when they change."""

    def __init__(self, name: str, port: int) -> None:
        """Nothing is said before `follow`."""
        self.name = name
        self.port = port
        self._addresses: tuple[str, ...] = ()
        self._speaker: Zeroconf | None = None

    def follow(self, addresses: Sequence[str]) -> bool:
        """Announce these addresses and no others; says whether anything had to be said."""
        wanted = tuple(addresses)
        if wanted == self._addresses:
            return False
        self.close()
        if wanted:
            self._speak(wanted)
        self._addresses = wanted
        return True

    def close(self) -> None:
        """Take the announcement back."""
        if self._speaker:
            self._speaker.close()
        self._speaker, self._addresses = None, ()

    def _speak(self, addresses: tuple[str, ...]) -> None:
        # A new speaker each time: its sockets belong to the addresses that it was made with.
        speaker = Zeroconf(interfaces=list(addresses))
        label = self.name.removesuffix(".local")
        info = ServiceInfo(
            SERVICE,
            f"{label}.{SERVICE}",
            port=self.port,
            server=f"{self.name}.",
            addresses=[socket.inet_aton(one) for one in addresses],
            host_ttl=SECONDS,
        )
        try:
            speaker.register_service(info)
        except (Error, OSError) as error:
            speaker.close()
            raise OSError(f"{self.name} could not be announced: {error!r}") from error
        self._speaker = speaker
