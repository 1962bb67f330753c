"""What somebody typed into the box: codes, a telephone number, an e-mail, a birth date, a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from core.kit.fields import plain_text
from core.policies import policy_number

MOST_CHARACTERS = 100
MOST_WORDS = 6
PHONE_DIGITS = 10
# Fewer digits are no part of a telephone number, and fewer letters no part of a number or name.
FEWEST_DIGITS = 4
FEWEST_LETTERS = 3

_CODE = re.compile(r"(C|L|O|CL|P)[- ]?(\d{1,12})", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,12}")
_POLICY_PART = re.compile(r"(?=.*\d)[0-9A-Za-z-]{4,40}")
_PHONE = re.compile(r"[+0-9()./\-\s]{4,30}")
_WIDTH = 6
_DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y", "%d.%m.%Y", "%m/%d/%y", "%B %d %Y", "%b %d %Y", "%d %b %Y")
_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|\d{1,2}\.\d{1,2}\.\d{4}"
    r"|[A-Za-z]{3,9} \d{1,2},? \d{4}|\d{1,2} [A-Za-z]{3} \d{4}"
)


@dataclass(frozen=True, slots=True)
class Typed:
    """The readings of one text; an empty one does not apply.

    `codes` are whole codes that it may stand for, `code_starts` what codes may begin with.
    """

    text: str
    words: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    code_starts: tuple[str, ...] = ()
    policy_part: str = ""
    digits: str = ""
    email: str = ""
    local_part: str = ""
    born_on: date | None = None

    @property
    def name(self) -> str:
        """The words that may be a name, in one text."""
        return " ".join(self.words)


def read(text: str, *, today: date) -> Typed:
    """The readings of what was typed; birth dates with a two-digit year lie before today."""
    typed = plain_text(text)[:MOST_CHARACTERS].strip()
    codes, starts = _codes(typed)
    born_on, rest = _birth_date(typed, today)
    return Typed(
        text=typed,
        words=_words(rest) if "@" not in rest else (),
        codes=codes,
        code_starts=starts,
        policy_part=typed.upper() if _POLICY_PART.fullmatch(typed) else "",
        digits=_digits(typed) if born_on is None else "",
        email=typed.lower() if "@" in typed and " " not in typed else "",
        local_part=_local_part(typed),
        born_on=born_on,
    )


def _codes(typed: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if found := _CODE.fullmatch(typed):
        prefix, digits = found[1].upper(), found[2]
        if prefix == "P":
            return (policy_number(int(digits)), f"P-{digits}"), (f"P-{digits}",)
        return (f"{prefix}-{int(digits):0{_WIDTH}d}", f"{prefix}-{digits}"), (f"{prefix}-{digits}",)
    if _NUMBER.fullmatch(typed):
        number = int(typed)
        four = tuple(f"{prefix}-{number:0{_WIDTH}d}" for prefix in ("C", "L", "O", "CL"))
        return (*four, policy_number(number)), tuple(f"{p}-{typed}" for p in ("C", "L", "O", "CL", "P"))
    is_like_one = " " not in typed and any(character.isdigit() for character in typed)
    return ((typed.upper(),), ()) if is_like_one and "@" not in typed else ((), ())


def _digits(typed: str) -> str:
    if not _PHONE.fullmatch(typed):
        return ""
    digits = "".join(character for character in typed if character in "0123456789")
    if typed.startswith("+1") or (len(digits) == PHONE_DIGITS + 1 and digits[0] == "1"):
        digits = digits[1:]
    return digits[-PHONE_DIGITS:] if len(digits) >= FEWEST_DIGITS else ""


def _words(rest: str) -> tuple[str, ...]:
    listed = [word for word in rest.replace(",", " ").split() if any(c.isalpha() for c in word)]
    return tuple(listed[:MOST_WORDS])


def _local_part(typed: str) -> str:
    local = typed.partition("@")[0].lower()
    is_one_word = " " not in typed and len(local) >= FEWEST_LETTERS and local[:1].isalpha()
    return local if is_one_word else ""


def _birth_date(typed: str, today: date) -> tuple[date | None, str]:
    """The date in the text, and the text without it."""
    for found in _DATE.finditer(typed):
        day = _as_date(found[0].replace(",", ""), today)
        if day is not None:
            return day, typed[: found.start()] + " " + typed[found.end() :]
    return None, typed


def _as_date(written: str, today: date) -> date | None:
    for form in _DATES:
        try:
            day = datetime.strptime(written, form).date()  # noqa: DTZ007  # a birth date has no zone
        except ValueError:
            continue
        if form.endswith("%y") and day > today:
            day = day.replace(year=day.year - 100)
        return day if day <= today else None
    return None
