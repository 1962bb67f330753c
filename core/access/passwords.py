"""Passwords: how they are kept, which are refused, and the first one that somebody is given.

They are kept as bcrypt (the scheme of the sign-in form's own hasher). bcrypt reads 72 bytes and no
more, so it is given a keyed digest of the password, which is as good as the password itself at any
length (OWASP Password Storage Cheat Sheet, "Pre-Hashing").
"""

from __future__ import annotations

import base64
import hmac
import secrets
import string
import unicodedata
from collections.abc import Iterable

import bcrypt

from core.kit.errors import Invalid
from core.kit.logs import REFERENCE_ALPHABET

SHORTEST = 12
LONGEST = 128
COST = 12

_PURPOSE = b"policydesk password v1"
_DISTINCT_SIGNS = 5
_SHORTEST_PART = 4
_SHORT_BIT = 6
# A hash of nothing that anybody knows, at COST: checked where there is no user, for the same time.
_NOBODY = "$2b$12$uBB1v7SLkhlgIOfOnn2OhePY0Xdrq6MedeF.jVeFNxZ2GUwMGa4Ai"
# Beginnings of the passwords that head every published list, once digits and signs are dropped.
_COMMON = (
    "password", "passwort", "passphrase", "qwerty", "qwertz", "azerty", "asdfgh", "zxcvbn", "letmein",
    "welcome", "iloveyou", "monkey", "dragon", "football", "baseball", "sunshine", "princess", "superman",
    "batman", "trustno", "master", "changeme", "default", "secret", "administrator", "admin", "login",
    "abcdefgh", "abcabc", "starwars", "whatever", "michael", "jennifer", "computer", "internet", "company",
    "insurance", "policydesk", "summer", "winter", "spring", "autumn", "january", "february", "november",
    "december", "monday", "friday",
)  # fmt: skip
_ROWS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_LEET = str.maketrans("013457@$!", "oieastasi")


def hash_password(password: str) -> str:
    """The bcrypt hash to keep; takes about a quarter of a second on purpose."""
    return bcrypt.hashpw(_digest(password), bcrypt.gensalt(COST)).decode()


def matches(password: str, kept: str) -> bool:
    """Whether the password is the one that was kept; what is no hash matches nothing."""
    try:
        return bcrypt.checkpw(_digest(password), kept.encode())
    except ValueError:
        return False


def check_nobody(password: str) -> None:
    """Take the time of `matches`, so that an unknown user is answered no sooner than a known one."""
    matches(password, _NOBODY)


def initial_password() -> str:
    """A first password to hand over, easy to read out; about 79 random bits."""
    signs = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(16))
    return "-".join(signs[at : at + 4] for at in range(0, 16, 4))


def require_good(password: str, *, about: Iterable[str] = (), field: str = "password") -> None:
    """Length and guessability only, no rules of composition (OWASP ASVS 6.2).

    `about` holds the user's own names. Raises Invalid with what is wrong under `field`.
    """
    reason = _weakness(password, about)
    if reason:
        raise Invalid({field: reason}, remedy="Several words that you alone put together are easy to keep.")


def _weakness(password: str, about: Iterable[str]) -> str:
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    plain = password.casefold()
    if len(set(plain)) < _DISTINCT_SIGNS or _is_repeated(plain) or _is_run(plain):
        return "This is one of the first that somebody would try: it repeats, or follows the keyboard."
    if _is_common(plain):
        return "This is one of the first that somebody would try: it is a common word with some signs."
    if any(_is_mostly(part, plain) for part in about):
        return "Leave out your own name, user name and e-mail address."
    return ""


def _is_repeated(plain: str) -> bool:
    return any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, _SHORT_BIT + 1))


def _is_run(plain: str) -> bool:
    return any(plain in row * 2 or plain in (row * 2)[::-1] for row in _ROWS)


def _is_common(plain: str) -> bool:
    """Whether nothing is left but a common word, once, twice, or in "leet", between digits and signs."""
    core = plain.strip(string.digits + string.punctuation + " ")
    letters = {"".join(sign for sign in form if sign.isalpha()) for form in (core, core.translate(_LEET))}
    return any(found == word * (len(found) // len(word)) for found in letters if found for word in _COMMON)


def _is_mostly(part: str, plain: str) -> bool:
    """Whether the password holds the part, and little besides."""
    wanted = part.casefold().partition("@")[0]
    return len(wanted) >= _SHORTEST_PART and wanted in plain and len(plain) - len(wanted) < SHORTEST


def _digest(password: str) -> bytes:
    plain = unicodedata.normalize("NFKC", password).encode()
    return base64.b64encode(hmac.digest(_PURPOSE, plain, "sha256"))
