"""Input fields: how what people type is cleaned and checked, with every problem told at once.

A form is a tuple of `Field`; `clean` reads a mapping by it. Texts are normalised (NFC), trimmed and
freed of control characters; names may be in any script.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from core.kit.errors import Invalid, Refusal
from core.kit.money import parse_money, round_cents, written
from core.kit.wording import day_told

PHONE_REGION = "US"
MATCHED_DIGITS = 10
MAX_EMAIL = 100
MAX_PHONE = 20
# Joiners that Persian, Hindi and other scripts spell names with.
_JOINERS = frozenset("\u200c\u200d")
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


@dataclass(frozen=True, slots=True)
class Field:
    """One input: its name, what people call it, and how it is read.

    `read` gets a value that is not empty and raises Refusal. Values of `personal` fields are kept
    out of the audit log.
    """

    name: str
    label: str
    read: Callable[[object], object]
    required: bool = False
    personal: bool = False


def clean(fields: Iterable[Field], values: Mapping[str, object]) -> dict[str, object]:
    """The cleaned values of the fields that are in `values`; empty ones become None.

    Raises Invalid with one message per wrong field, KeyError for a name that is no field.
    """
    by_name = {field.name: field for field in fields}
    problems: dict[str, str] = {}
    cleaned: dict[str, object] = {}
    for name, value in values.items():
        field = by_name[name]
        try:
            cleaned[name] = None if _is_empty(value) else field.read(value)
        except Refusal as refusal:
            problems[name] = str(refusal)
            continue
        if field.required and _is_empty(cleaned[name]):
            problems[name] = f"{field.label} is missing."
    if problems:
        raise Invalid(problems)
    return cleaned


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def plain_text(value: str, *, lines: bool = False) -> str:
    """The text without control, formatting and unassigned characters, in normal form C.

    On one line, any run of white space becomes one space; with `lines`, line ends are kept.
    """
    if value.isascii() and value.isprintable():  # nearly all of them, and nothing to drop
        return value.strip() if lines else " ".join(value.split())
    unified = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(
        character
        for character in unified
        if character in _JOINERS or character in "\n\t" or unicodedata.category(character) not in _DROPPED
    )
    if lines:
        return "\n".join(line.rstrip() for line in kept.split("\n")).strip()
    return " ".join(kept.split())


def like_anywhere(word: str) -> str:
    """A pattern for SQL's LIKE that holds the word as it stands, wherever it is."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def text(most: int, *, lines: bool = False) -> Callable[[object], str]:
    """Reads a text of at most so many characters."""

    def read(value: object) -> str:
        found = plain_text(str(value), lines=lines)
        if len(found) > most:
            raise Refusal(f"At most {most} characters fit here; this has {len(found)}.")
        return found

    return read


def person_name(most: int) -> Callable[[object], str]:
    """Reads a part of a person's name: any script, at least one letter."""
    read_text = text(most)

    def read(value: object) -> str:
        found = read_text(value)
        if not any(character.isalpha() for character in found):
            raise Refusal("A name has at least one letter.")
        return found

    return read


def email(value: object) -> str:
    """Reads an e-mail address by its form; no mail server is asked."""
    typed = plain_text(str(value))
    try:
        found = validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError:
        raise Refusal(f"“{typed[:60]}” is not an e-mail address.") from None
    if len(found) > MAX_EMAIL:
        raise Refusal(f"At most {MAX_EMAIL} characters fit here; this has {len(found)}.")
    return found


def phone(value: object) -> str:
    """Reads a telephone number in any notation; returns its international format.

    A number without a country code is one of the US.
    """
    typed = plain_text(str(value))
    try:
        parsed = phonenumbers.parse(typed, PHONE_REGION)
    except phonenumbers.NumberParseException:
        raise Refusal(f"“{typed[:40]}” is not a telephone number.") from None
    if parsed.extension:
        raise Refusal("Write the extension into the notes, and only the number here.")
    if not phonenumbers.is_possible_number(parsed):
        raise Refusal(
            f"“{typed[:40]}” has the wrong number of digits.", remedy="Start foreign numbers with +."
        )
    found = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return found if len(found) <= MAX_PHONE else found.replace(" ", "").replace("-", "")


def phone_digits(typed: str) -> str:
    """What two notations of one number have in common: its last ten digits; "" when there are none."""
    try:
        parsed = phonenumbers.parse(typed, PHONE_REGION)
        found = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        found = typed
    return "".join(character for character in found if character in "0123456789")[-MATCHED_DIGITS:]


def amount(most: Decimal) -> Callable[[object], Decimal]:
    """Reads an amount of money from 0 to `most`, in whole cents. A float is a programming error."""

    def read(value: object) -> Decimal:
        if isinstance(value, str):
            found: Decimal = parse_money(value)
        elif isinstance(value, (Decimal, int)):
            found = Decimal(value)
        else:
            raise TypeError(f"money came as {type(value).__name__}")
        if not found.is_finite() or found < 0:
            raise Refusal("The amount can't be below 0.")
        if found > most:
            raise Refusal(f"At most {most:,} fits here.")
        rounded = round_cents(found)
        if rounded != found:
            raise Refusal("The amount has more than two decimals.")
        return rounded

    return read


def day(earliest: date, latest: date) -> Callable[[object], date]:
    """Reads a date within bounds, both inclusive; a text must be in ISO form (2026-03-31)."""

    def read(value: object) -> date:
        if isinstance(value, date):
            found = value
        else:
            try:
                found = date.fromisoformat(str(value).strip())
            except ValueError:
                raise Refusal(f"“{str(value)[:40]}” is not a date.", remedy="Write 2026-03-31.") from None
        if not earliest <= found <= latest:
            raise Refusal(f"The date must lie between {day_told(earliest)} and {day_told(latest)}.")
        return found

    return read


def choice(options: type[StrEnum]) -> Callable[[object], StrEnum]:
    """Reads one of the values of an enumeration."""

    def read(value: object) -> StrEnum:
        try:
            return options(str(value))
        except ValueError:
            known = ", ".join(option.value.replace("_", " ") for option in options)
            raise Refusal(f"“{str(value)[:40]}” is not one of: {known}.") from None

    return read


def flag(value: object) -> bool:
    """Reads yes or no, which only True and False are."""
    if not isinstance(value, bool):
        raise Refusal("Choose yes or no.")
    return value


def whole(least: int, most: int) -> Callable[[object], int]:
    """Reads a whole number within bounds, both inclusive."""

    def read(value: object) -> int:
        found = written(str(value), has_currency=False)
        if found is None:
            raise Refusal(f"“{str(value)[:20]}” is not a number.")
        if found != int(found):
            raise Refusal("Enter a whole number.")
        if not least <= found <= most:
            raise Refusal(f"Enter a number from {least} to {most}.")
        return int(found)

    return read


def key(value: object) -> int:
    """Reads the id of another record."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
        raise Refusal("Choose one from the list.")
    return value
