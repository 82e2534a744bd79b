"""Virtual time for tests: a clock that moves only when it is told to."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class FakeClock:
    """A clock that stands still until it is moved.

    Pass it as ``Engine(clock=…)``; calling it returns the instant as an aware UTC datetime.

    Example:
        >>> clock = FakeClock(datetime(2026, 2, 2, 1, tzinfo=UTC))
        >>> clock.advance(days=1)
        datetime.datetime(2026, 2, 3, 1, 0, tzinfo=datetime.timezone.utc)
        >>> clock.set_local(date(2026, 2, 4), hour=9)
        datetime.datetime(2026, 2, 4, 1, 0, tzinfo=datetime.timezone.utc)
    """

    def __init__(self, start: datetime = datetime(2026, 1, 5, 1, tzinfo=UTC)) -> None:
        self._now = self._checked(start)

    def __call__(self) -> datetime:
        """Return the instant at which the clock stands."""
        return self._now

    def advance(
        self, delta: timedelta = timedelta(), *, days: float = 0, hours: float = 0, seconds: float = 0
    ) -> datetime:
        """Move by ``delta`` and the given parts; return the new instant."""
        self._now += delta + timedelta(days=days, hours=hours, seconds=seconds)
        return self._now

    def set(self, instant: datetime) -> datetime:
        """Move to ``instant`` (aware), forwards or backwards; return it in UTC."""
        self._now = self._checked(instant)
        return self._now

    def set_local(self, on: date, *, hour: int = 9, minute: int = 0, zone: str = "Asia/Makassar") -> datetime:
        """Move to a local time of day on ``on`` in ``zone``; return the instant in UTC."""
        return self.set(datetime.combine(on, time(hour, minute), tzinfo=ZoneInfo(zone)))

    @staticmethod
    def _checked(instant: datetime) -> datetime:
        if instant.utcoffset() is None:
            raise ValueError(f"FakeClock needs an aware datetime, got {instant!r}")
        return instant.astimezone(UTC)
