"""When a document counts as signed that bears a day and no hour."""

from datetime import date, datetime, timedelta

from collector.dataset import clock

SECOND = timedelta(seconds=1)


def signing_moment(day: date | None, given: bool) -> datetime:
    """The moment, in UTC: what bears no day, or today's, is signed now.

    Of an earlier day nobody knows the hour: consent counts from its beginning, so that it covers
    that day, a refusal from its end, so that it ends whatever was signed before it.
    """
    if day is None or day == clock.now().astimezone().date():
        return clock.now()
    return clock.midnight(day) if given else clock.midnight(day + timedelta(days=1)) - SECOND
