"""The one place that asks what time it is."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def midnight(day: date) -> datetime:
    """The beginning of a day in this machine's time zone, as a moment in UTC."""
    return datetime(day.year, day.month, day.day).astimezone().astimezone(UTC)


def day_of(moment: datetime) -> date:
    """The day of a moment in this machine's time zone, as people there call it."""
    return moment.astimezone().date()
