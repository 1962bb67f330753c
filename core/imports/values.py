"""One cell's text as a field's value, by what the mapping states and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from core.imports.dateforms import ISO, shown
from core.imports.fields import Field, Kind
from core.imports.mapping import Source
from core.imports.workbook import Cell
from core.kit.dates import start_of_day
from core.kit.errors import Refusal
from core.kit.fields import text as plain
from core.kit.money import round_cents, written

Convert = Callable[[Cell, str], object]
FLAGS = dict.fromkeys(("true", "yes", "y", "1"), True) | dict.fromkeys(("false", "no", "n", "0"), False)
MAX_TEXT = 10_000
DIGITS = frozenset("0123456789")


class NotAValue(ValueError):
    """A cell that is no value of its field; says why."""


def converter(field: Field, source: Source, zone: str) -> Convert:
    """A function from (cell, its mapped text) to the field's value. It raises NotAValue."""
    match field.kind:
        case Kind.DATE | Kind.DAY_START:
            return _dates(field, source, zone)
        case Kind.MONEY | Kind.NUMBER:
            return _numbers(field, source)
        case Kind.FLAG:
            return lambda _cell, text: _flag(text)
        case Kind.CHOICE:
            known = {label.casefold(): value for value, label in field.choices.items()}
            known.update({value.casefold(): value for value in field.choices})
            return lambda _cell, text: _choice(text, known)
        case Kind.RECORD:
            return lambda _cell, text: text
        case _:
            return _texts(field)


def _dates(field: Field, source: Source, zone: str) -> Convert:
    stated = source.date_formats or (ISO,)
    is_moment = field.kind is Kind.DAY_START

    @lru_cache(maxsize=4096)
    def parse(text: str) -> date | datetime:
        for one in stated:
            with suppress(ValueError):
                day = datetime.strptime(text, one).date()  # noqa: DTZ007  # a business date has no zone
                return start_of_day(day, zone) if is_moment else day
        raise NotAValue(f"It is no date like {' or '.join(map(shown, stated))}.")

    def convert(cell: Cell, text: str) -> object:
        # A workbook's own date needs no format: it is none that could be misread.
        if isinstance(cell, date):
            day = cell.date() if isinstance(cell, datetime) else cell
            return start_of_day(day, zone) if is_moment else day
        return parse(text)

    return convert


def _numbers(field: Field, source: Source) -> Convert:
    def convert(_cell: Cell, text: str) -> object:
        found = written(
            text, thousands=source.thousands, point=source.decimal, has_currency=field.kind is Kind.MONEY
        )
        if found is None:
            raise NotAValue(_unlike(text, source))
        return _in_range(found * (source.times or 1), field, to_cents=source.to_cents)

    return convert


def _unlike(text: str, source: Source) -> str:
    """What keeps the text from being a number as the mapping states them."""
    if not any(sign in DIGITS for sign in text):
        return "It is no number."
    if source.thousands and not _separates(text, source.thousands, source.decimal):
        return f"“{source.thousands}” does not separate thousands here."
    if source.decimal != "." and "." in text and source.thousands != ".":
        return f"It is no number with {source.decimal} for decimals."
    return "It is no number in the form that the mapping states."


def _separates(text: str, mark: str, decimal: str) -> bool:
    """Whether the marks stand before groups of three digits; else this is another way of writing."""
    whole = text.split(decimal, maxsplit=1)[0].lstrip("-+$ ")
    groups = whole.split(mark)
    return len(groups) == 1 or (1 <= len(groups[0]) <= 3 and all(len(one) == 3 for one in groups[1:]))  # noqa: PLR2004


def _in_range(amount: Decimal, field: Field, *, to_cents: bool) -> Decimal | int:
    if amount < 0:
        raise NotAValue("It is negative.")
    if field.limit is not None and amount > field.limit:
        raise NotAValue(f"It is larger than {field.limit:,}.")
    if field.kind is Kind.NUMBER:
        if amount != amount.to_integral_value():
            raise NotAValue("It is no whole number.")
        return int(amount)
    rounded = round_cents(amount)
    if rounded != amount and not to_cents:
        raise NotAValue("It has more than two decimals.")
    return rounded


def _flag(text: str) -> bool:
    found = FLAGS.get(text.casefold())
    if found is None:
        raise NotAValue("It is neither yes nor no.")
    return found


def _choice(text: str, known: Mapping[str, str]) -> str:
    found = known.get(text.casefold())
    if found is None:
        raise NotAValue(f"It is none of: {', '.join(sorted(set(known.values())))}.")
    return found


def _texts(field: Field) -> Convert:
    """As a form reads it: one line where a length is set, else with its line ends."""
    read = field.read or plain(field.limit or MAX_TEXT, lines=field.limit is None)

    def convert(_cell: Cell, text: str) -> object:
        try:
            return read(text)
        except Refusal as refusal:
            raise NotAValue(str(refusal)) from None

    return convert
