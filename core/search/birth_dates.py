"""Birth dates in the notations of the office, of letters and of other countries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_SEPARATED = re.compile(r"(?<![\w./-])(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(?![\w/-])")
_MONTH_FIRST = re.compile(
    r"(?<![\w-])([a-z]{3,9})\.?[ -](\d{1,2})(?:st|nd|rd|th)?,?[ -](\d{4})(?![\w-])", re.IGNORECASE
)
_DAY_FIRST = re.compile(
    r"(?<![\w./-])(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4}|\d{2})(?![\w-])", re.IGNORECASE
)


def birth_date(typed: str, today: date) -> tuple[date | None, str]:
    """The first date up to today in the text, and the text without it.

    With a two-digit year it lies before today. Of 3/4/1986 the month comes first, of 3.4.1986 the day;
    a number above 12 is the day in both.
    """
    for found, year, month, day in _readings(typed):
        read = _as_date(year, month, day, today)
        if read is not None:
            return read, typed[: found.start()] + " " + typed[found.end() :]
    return None, typed


def _readings(typed: str) -> Iterator[tuple[re.Match[str], str, int, int]]:
    """What may be a date: the match, the year as it was typed, month and day."""
    for found in _SEPARATED.finditer(typed):
        yield found, *_separated(*found.groups())
    for found in _MONTH_FIRST.finditer(typed):
        yield found, found[3], _month(found[1]), int(found[2])
    for found in _DAY_FIRST.finditer(typed):
        yield found, found[3], _month(found[2]), int(found[1])


def _separated(one: str, sign: str, two: str, three: str) -> tuple[str, int, int]:
    if len(one) == len("1986"):
        return one, int(two), int(three)
    first, second = int(one), int(two)
    is_day_first = first > len(_MONTHS) or (sign == "." and second <= len(_MONTHS))
    return (three, second, first) if is_day_first else (three, first, second)


def _month(word: str) -> int:
    """The number of a month by its name, whole or short; 0 for any other word."""
    typed = "sep" if word.lower() == "sept" else word.lower()
    return next((number for number, name in enumerate(_MONTHS, 1) if name.startswith(typed)), 0)


def _as_date(year: str, month: int, day: int, today: date) -> date | None:
    if len(year) not in {len("86"), len("1986")}:
        return None
    century = today.year // 100 * 100 if len(year) == len("86") else 0
    try:
        read = date(century + int(year), month, day)
        if century and read > today:
            read = date(read.year - 100, month, day)
    except ValueError:
        return None
    return read if read <= today else None
