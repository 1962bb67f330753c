"""How files write dates: in forms that people tell by the example of 31 December 2026."""

from __future__ import annotations

import re
from datetime import datetime

ISO = "%Y-%m-%d"
EXAMPLE = datetime(2026, 12, 31, 14, 5)  # noqa: DTZ001  # shows how a date is written
# The forms that are offered, as people are shown them.
DATE_FORMATS = {
    ISO: "2026-12-31 (year-month-day)",
    "%m/%d/%Y": "12/31/2026 (month/day/year)",
    "%d/%m/%Y": "31/12/2026 (day/month/year)",
    "%m/%d/%y": "12/31/26 (month/day/year)",
    "%d.%m.%Y": "31.12.2026 (day.month.year)",
    "%d %b %Y": "31 Dec 2026",
    "%b %d, %Y": "Dec 31, 2026",
    "%Y%m%d": "20261231",
    "%Y-%m-%d %H:%M:%S": "2026-12-31 14:05:00",
}
HINT = "12/31/2026 (month first), 31.12.2026 (day first) or 2026-12-31"
_PARTS = {"2026": "%Y", "december": "%B", "dec": "%b", "12": "%m", "31": "%d", "26": "%y"}
_PART = re.compile("|".join(_PARTS), re.IGNORECASE)


def form_of(written: str) -> str:
    """The form of a date that somebody wrote as an example, 31 December 2026; other texts stay."""
    if "%" in written:
        return written
    return _PART.sub(lambda part: _PARTS[part[0].lower()], written.strip())


def shown(form: str) -> str:
    """How dates of a form look; those that people told themselves have an example alone."""
    return DATE_FORMATS.get(form) or EXAMPLE.strftime(form)
