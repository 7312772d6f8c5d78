"""The watch over this machine's addresses while it serves."""

import logging
from contextlib import ExitStack
from threading import Event, Thread

from collector.web.lan.awake import kept_awake
from collector.web.lan.outlet import Outlet

SECONDS_BETWEEN_LOOKS = 10.0

log = logging.getLogger(__name__)


class Watch:
    """A thread that follows the addresses while the server runs; a context manager."""

    def __init__(self, outlet: Outlet, seconds: float = SECONDS_BETWEEN_LOOKS) -> None:
        """Nothing runs before it is entered."""
        self._outlet = outlet
        self._seconds = seconds
        self._ended = Event()
        self._thread = Thread(target=self._run, name="addresses")
        self._awake = ExitStack()

    def __enter__(self) -> "Watch":
        """Begin."""
        if not self._awake.enter_context(kept_awake()):
            log.warning("this machine may fall asleep: set it so that it does not, while you serve")
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """End, and take the announcement back."""
        self._ended.set()
        self._thread.join()
        self._awake.close()
        if self._outlet.announcement:
            self._outlet.announcement.close()

    def _run(self) -> None:
        said = ""
        while not self._ended.is_set():
            try:
                self._outlet.follow()
                said = ""
            except Exception as error:
                if str(error) != said:
                    log.warning("the name or certificate could not follow: %s", error)
                said = str(error)
            self._ended.wait(self._seconds)
