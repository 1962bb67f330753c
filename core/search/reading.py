"""What somebody typed into the box: codes, a telephone number, an e-mail, a birth date, a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from core.kit.fields import plain_text
from core.policies import policy_number
from core.search.birth_dates import birth_date

MOST_CHARACTERS = 100
MOST_WORDS = 6
PHONE_DIGITS = 10
# Fewer digits are no part of a telephone number, and fewer letters no part of a number or name.
FEWEST_DIGITS = 4
FEWEST_LETTERS = 3

_CODE = re.compile(r"(C|L|O|CL|P)[- ]?(\d{1,12})", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,12}")
_PREFIXES = ("C", "L", "O", "CL", "P")
_POLICY_PART = re.compile(r"(?=.*\d)[0-9A-Za-z-]{4,40}")
_PHONE = re.compile(r"[+0-9()./\-\s]{4,30}")
_PHONE_LABEL = re.compile(r"^(?:tel|phone|mobile|cell)\b[.:]?\s*(?=[+(\d])", re.IGNORECASE)
_EXTENSION = re.compile(r"(?<=\d)[\s,;]*(?:ext(?:ension)?|x|#)[.:=]?\s*\d{1,6}$", re.IGNORECASE)
# Hyphens, dashes and the minus sign are one sign to search, and the middle dot is a space.
_SIGNS = str.maketrans({**dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"), "\u00b7": " "})
_WIDTH = 6


@dataclass(frozen=True, slots=True)
class Typed:
    """The readings of one text; an empty one does not apply.

    `codes` are whole codes that it may stand for, `code_starts` the digits with which codes of a prefix
    may begin.
    """

    text: str
    words: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    code_starts: tuple[tuple[str, str], ...] = ()
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
    typed = plain_text(plain_text(text).translate(_SIGNS)[:MOST_CHARACTERS])
    codes, starts = _codes(typed.strip("#.,;: "))
    born_on, rest = birth_date(typed, today)
    digits = _digits(typed) if born_on is None else ""
    email = typed.lower().removeprefix("mailto:").strip("<>,; ")
    return Typed(
        text=typed,
        words=_words(rest) if "@" not in rest and not digits else (),
        codes=codes,
        code_starts=starts,
        policy_part=typed.upper() if _POLICY_PART.fullmatch(typed) else "",
        digits=digits,
        email=email if "@" in email and " " not in email else "",
        local_part=_local_part(email),
        born_on=born_on,
    )


def _codes(typed: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    if found := _CODE.fullmatch(typed):
        prefix, digits = found[1].upper(), found[2]
        if prefix == "P":
            return (policy_number(int(digits)), f"P-{digits}"), ((prefix, digits),)
        return (f"{prefix}-{int(digits):0{_WIDTH}d}", f"{prefix}-{digits}"), ((prefix, digits),)
    if _NUMBER.fullmatch(typed):
        number = int(typed)
        four = tuple(f"{prefix}-{number:0{_WIDTH}d}" for prefix in _PREFIXES if prefix != "P")
        return (*four, policy_number(number)), tuple((prefix, typed) for prefix in _PREFIXES)
    is_like_one = " " not in typed and any(character.isdigit() for character in typed)
    return ((typed.upper(),), ()) if is_like_one and "@" not in typed else ((), ())


def _digits(typed: str) -> str:
    number = _EXTENSION.sub("", _PHONE_LABEL.sub("", typed))
    if not _PHONE.fullmatch(number):
        return ""
    digits = "".join(character for character in number if character in "0123456789")
    if number.startswith("+1") or (len(digits) == PHONE_DIGITS + 1 and digits[0] == "1"):
        digits = digits[1:]
    return digits[-PHONE_DIGITS:] if len(digits) >= FEWEST_DIGITS else ""


def _words(rest: str) -> tuple[str, ...]:
    listed = [word for word in rest.replace(",", " ").split() if any(c.isalpha() for c in word)]
    return tuple(listed[:MOST_WORDS])


def _local_part(email: str) -> str:
    local = email.partition("@")[0]
    is_one_word = " " not in email and len(local) >= FEWEST_LETTERS and local[:1].isalpha()
    return local if is_one_word else ""
