"""How values look on every page: the only formatters. An empty value is a dash, never a 0."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import numbers as babel_numbers

from core.kit.wording import clock_told, day_told

EMPTY = "–"
LOCALE = "en_US"
CURRENCY = "USD"

Number = int | float | Decimal
_THOUSAND = 1000


def _exact(value: Number) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _rounded(value: Number, digits: int) -> Decimal:
    return _exact(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


@lru_cache(maxsize=20_000)
def money(amount: Number | None) -> str:
    """An amount to the cent, such as "$1,234.50"."""
    if amount is None:
        return EMPTY
    text: str = babel_numbers.format_currency(_rounded(amount, 2), CURRENCY, locale=LOCALE)
    return text


# Boards and tables show the same few thousand values again and again.
@lru_cache(maxsize=20_000)
def money_whole(amount: Number | None) -> str:
    """An amount to the dollar, such as "$1,235"; for dense places that say so."""
    if amount is None:
        return EMPTY
    text: str = babel_numbers.format_currency(
        _rounded(amount, 0), CURRENCY, format="¤#,##0;-¤#,##0", locale=LOCALE, currency_digits=False
    )
    return text


def money_short(amount: Number | None) -> str:
    """An amount in few digits, such as "$1.2M", "$34.5K" or "$950"."""
    if amount is None:
        return EMPTY
    sign = "-" if amount < 0 else ""
    return f"{sign}${_short(abs(_exact(amount)))}"


@lru_cache(maxsize=20_000)
def number(value: Number | None, digits: int = 0) -> str:
    """A plain number with thousands separated, such as "12,345"."""
    if value is None:
        return EMPTY
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    text: str = babel_numbers.format_decimal(_rounded(value, digits), format=pattern, locale=LOCALE)
    return text


def number_short(value: Number | None) -> str:
    """A number in few digits, such as "12.3K"."""
    if value is None:
        return EMPTY
    return ("-" if value < 0 else "") + _short(abs(_exact(value)))


def _short(value: Decimal) -> str:
    if value < _THOUSAND:
        return number(value)
    kept = value.quantize(Decimal(1).scaleb(value.adjusted() - 2), rounding=ROUND_HALF_UP)
    letters = ((10**9, "B"), (10**6, "M"), (10**3, "K"))
    size, letter = next(unit for unit in letters if kept >= unit[0])
    return f"{(kept / size).quantize(Decimal('0.1')):f}".removesuffix(".0") + letter


def percent(ratio: Number | None, digits: int = 1) -> str:
    """A ratio as a percentage: 0.134 is "13.4%". None, the ratio of nothing, is a dash."""
    if ratio is None:
        return EMPTY
    return number(_exact(ratio) * 100, digits) + "%"


def change_percent(now: Number | None, before: Number | None) -> str:
    """The change against before, such as "+12.5%"; empty when either is missing or before is 0."""
    if now is None or before is None or before == 0:
        return ""
    change = (_exact(now) - _exact(before)) / abs(_exact(before))
    return _signed(percent(change), change)


def change_points(now: Number | None, before: Number | None) -> str:
    """The change of a ratio in percentage points, such as "+1.2 pts"."""
    if now is None or before is None:
        return ""
    change = _exact(now) - _exact(before)
    return _signed(number(change * 100, 1) + " pts", change)


def change_number(now: Number | None, before: Number | None, digits: int = 0) -> str:
    """The change of a number, such as "+3"."""
    if now is None or before is None:
        return ""
    change = _exact(now) - _exact(before)
    return _signed(number(change, digits), change)


def _signed(text: str, value: Decimal) -> str:
    """With its sign, unless nothing is left of the change at the digits shown."""
    if not any(sign in "123456789" for sign in text):
        return text.removeprefix("-")
    return f"+{text}" if value > 0 else text


@lru_cache(maxsize=20_000)
def day(value: date | None) -> str:
    """A date, such as "Nov 21, 2025"."""
    if value is None:
        return EMPTY
    return day_told(value)


def span(first: date, last: date, today: date) -> str:
    """The dates from first to last in few signs; whole months by name, the year unless it is this."""
    year = "" if last.year == first.year == today.year else f" {last.year}"
    if first.day == 1 and (last + timedelta(days=1)).day == 1 and first.year == last.year:
        if (first.month, last.month) == (1, 12):
            return str(last.year)
        until = f"–{last:%b}" if first.month != last.month else ""
        return f"{first:%b}{until}{year}"
    begin, end = f"{first:%b} {first.day}", f"{last:%b} {last.day}"
    if first.year != last.year:
        return f"{begin}, {first.year} – {end},{year}"
    until = f"–{last.day}" if first.month == last.month else f" – {end}"
    return f"{begin}{until}" + (f",{year}" if year else "")


def moment(value: datetime | None, zone: str) -> str:
    """A UTC moment in the viewer's zone, such as "Nov 21, 2025, 4:05 PM"."""
    if value is None:
        return EMPTY
    return f"{day(_local(value, zone).date())}, {clock(value, zone)}"


def clock(value: datetime | None, zone: str) -> str:
    """The time of day of a UTC moment in the viewer's zone, such as "4:05 PM"."""
    if value is None:
        return EMPTY
    return clock_told(_local(value, zone))


def _local(value: datetime, zone: str) -> datetime:
    aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(zone))


def ago(value: datetime | None, now: datetime) -> str:
    """How long ago a moment was: "just now", "5 min ago", "3 h ago", "2 days ago"."""
    if value is None:
        return EMPTY
    minutes = int((now - value).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:  # noqa: PLR2004 - minutes in an hour
        return f"{minutes} min ago"
    hours = minutes // 60
    if hours < 24:  # noqa: PLR2004 - hours in a day
        return f"{hours} h ago"
    return "1 day ago" if hours < 48 else f"{hours // 24} days ago"  # noqa: PLR2004


def days(count: Number | None, digits: int = 0) -> str:
    """A length in days, such as "1 day" or "12.5 days"."""
    if count is None:
        return EMPTY
    text = number(count, digits)
    return f"{text} day" if text == "1" else f"{text} days"


def counted(count: int, singular: str, plural: str = "") -> str:
    """A count with its noun: "1 lead", "1,204 leads"."""
    return f"{number(count)} {singular if count == 1 else plural or singular + 's'}"


def small(value: object) -> str:
    """Text in small grey letters, made safe as `plain` makes it; its lines and paragraphs stay."""
    lines = (line.strip() for line in str(value).splitlines())
    return "  \n".join(f":small[:gray[{plain(line)}]]" if line else "" for line in lines)


def text(value: object) -> str:
    """Text as it is; nothing and blanks are a dash."""
    shown = "" if value is None else str(value).strip()
    return shown or EMPTY


def plain(value: object) -> str:
    """Text made safe for places that read Markdown: every sign that has a meaning is escaped.

    Some signs are exchanged after escapes were read: words between colons become icons, two hyphens a
    dash, web addresses links to wherever somebody typed. These are split by an element without content.
    E-mail addresses are left to become links to the mail program.
    """
    escaped = str(value).translate(_ESCAPED)
    if _EXCHANGED.search(escaped):
        # Where emoji are looked for at all, which the element itself may bring about, they are split too.
        escaped = _EMOJI.sub(_split, _EXCHANGED.sub(_split, escaped))
    return _INDENT.sub(_unbreakable, escaped) if _INDENT.search(escaped) else escaped


def spoken(value: object) -> str:
    """Text made safe for a box's label, which is read out as it is written: escaped only if it must."""
    escaped = plain(value)
    return escaped if _NOTHING in escaped or _MEANS.search(str(value)) else str(value)


def _split(found: re.Match[str]) -> str:
    """With an element without content behind a colon, or else before every escaped sign but the first."""
    signs = found[0]
    if signs.endswith("\\:"):
        return signs + _NOTHING
    return signs[0] + signs[1:].replace("\\", _NOTHING + "\\")


def _unbreakable(found: re.Match[str]) -> str:
    return "\u00a0" * len(found[0].expandtabs(4))


_ESCAPED = {ord(sign): f"\\{sign}" for sign in "\\`*_{}[]()<>#+-=.!|~$:&"}
_NOTHING = ":small[]"
# As escaped above. The arrows and dashes are exchanged where they stand alone; the byte order mark is a
# blank to the browser.
_EXCHANGED = re.compile(
    r"\\:(?=material[/\\]|streamlit\\:)|[hH][tT]{2}[pP][sS]?\\:(?=//)|[wW]{3}\\."
    r"|(?<![^\s\ufeff])(?:\\<\\-\\>|\\-\\>|\\<\\-|\\-\\-|\\[<>~]\\=)(?![^\s\ufeff])"
)
_EMOJI = re.compile(r"\\:(?=[\w+\\-]+\\:)")
# A label has no lists, quotes and headings.
_MEANS = re.compile(r"[\\`*_\[\]<&~$:|\n]")
# Four blanks at the beginning of a line would make it code.
_INDENT = re.compile(r"^(?: {4}|\t)[ \t]*", re.MULTILINE)


BY_KIND: dict[str, Callable[[Number | None], str]] = {
    "money": money,
    "percent": percent,
    "int": number,
    "number": lambda value: number(value, 1),
    "days": lambda value: days(value, 1),
}
