"""Ids of cases: RFC 9562 UUIDv7, ordered by the engine's clock.

Owns nothing else. The random part is the operating system's.
"""

from __future__ import annotations

import os
import uuid
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def uuid7(now: datetime) -> str:
    """Return a lower-case UUIDv7: milliseconds of ``now``, the rest random.

    Source: RFC 9562, section 5.7.
    """
    milliseconds = (now - _EPOCH) // _MILLISECOND
    value = milliseconds << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
