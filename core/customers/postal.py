"""Postal codes by country: which forms they have, and their usual spelling.

The forms are those of the Universal Postal Union's S42 (international postal address components and
templates) and its addressing notes by country. Of a country that is not listed only letters, digits,
spaces and hyphens are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.kit.errors import Refusal
from core.kit.fields import plain_text


@dataclass(frozen=True, slots=True)
class Form:
    """How a country writes its codes; the groups of the pattern are joined by the separator."""

    country: str
    pattern: re.Pattern[str]
    example: str
    separator: str = ""


def _form(country: str, pattern: str, example: str, separator: str = "") -> Form:
    return Form(country, re.compile(pattern, re.ASCII), example, separator)


_FIVE, _FOUR = r"(\d{5})", r"(\d{4})"
_GB_OUTWARD = r"([A-PR-UWYZ](?:\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d(?:\d|[ABEHMNPRVWXY])?)|GIR)"
FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "US": _form("the United States", r"(\d{5})(?:[- ]?(\d{4}))?", "43085 or 43085-1234", "-"),
        "CA": _form(
            "Canada",
            r"([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z])[- ]?(\d[ABCEGHJ-NPRSTV-Z]\d)",
            "K1A 0B1",
            " ",
        ),
        "GB": _form("the United Kingdom", _GB_OUTWARD + r" ?(\d[ABD-HJLNP-UW-Z]{2})", "SW1A 1AA", " "),
        "IE": _form("Ireland", r"([A-Z]\d[\dW]) ?([\dA-Z]{4})", "D02 AF30", " "),
        "DE": _form("Germany", r"(?:D[- ]?)?" + _FIVE, "10115"),
        "AT": _form("Austria", r"(?:A[- ]?)?" + _FOUR, "1010"),
        "CH": _form("Switzerland", r"(?:CH[- ]?)?" + _FOUR, "8001"),
        "FR": _form("France", r"(?:F[- ]?)?" + _FIVE, "75001"),
        "IT": _form("Italy", _FIVE, "00184"),
        "ES": _form("Spain", _FIVE, "28001"),
        "PT": _form("Portugal", r"(\d{4})-?(\d{3})", "1000-205", "-"),
        "NL": _form("the Netherlands", r"([1-9]\d{3}) ?([A-Z]{2})", "1012 AB", " "),
        "BE": _form("Belgium", _FOUR, "1000"),
        "LU": _form("Luxembourg", r"(?:L[- ]?)?" + _FOUR, "1009"),
        "DK": _form("Denmark", _FOUR, "1050"),
        "NO": _form("Norway", _FOUR, "0150"),
        "SE": _form("Sweden", r"(\d{3}) ?(\d{2})", "111 20", " "),
        "FI": _form("Finland", _FIVE, "00100"),
        "PL": _form("Poland", r"(\d{2})-?(\d{3})", "00-001", "-"),
        "CZ": _form("Czechia", r"(\d{3}) ?(\d{2})", "110 00", " "),
        "AU": _form("Australia", _FOUR, "2000"),
        "NZ": _form("New Zealand", _FOUR, "6011"),
        "IN": _form("India", r"([1-9]\d{2}) ?(\d{3})", "110001"),
        "JP": _form("Japan", r"(\d{3})-?(\d{4})", "100-0001", "-"),
        "CN": _form("China", r"(\d{6})", "100000"),
        "BR": _form("Brazil", r"(\d{5})-?(\d{3})", "01310-100", "-"),
        "MX": _form("Mexico", _FIVE, "06000"),
    }
)
# Other ways to write the countries than their ISO 3166 code and the name above.
_ALSO = MappingProxyType(
    {
        "US": ("usa", "united states", "united states of america", "america"),
        "GB": ("uk", "united kingdom", "great britain", "england", "scotland", "wales", "northern ireland"),
        "DE": ("deutschland", "brd"),
        "AT": ("osterreich",),
        "CH": ("schweiz", "suisse", "svizzera"),
        "FR": ("frankreich",),
        "IT": ("italia",),
        "ES": ("espana",),
        "NL": ("netherlands", "holland", "nederland"),
        "BE": ("belgie", "belgique"),
        "CZ": ("czech republic",),
        "MX": ("mejico",),
        "BR": ("brasil",),
    }
)
_CODES: Mapping[str, str] = MappingProxyType(
    {
        **{code.lower(): code for code in FORMS},
        **{form.country.lower().removeprefix("the "): code for code, form in FORMS.items()},
        **{name: code for code, names in _ALSO.items() for name in names},
    }
)
_ANYWHERE = re.compile(r"(?=.*[0-9A-Z])[0-9A-Z][0-9A-Z -]{0,18}[0-9A-Z]?", re.ASCII)


def form_of(country: str) -> Form | None:
    """The form that a country's codes have, by its name or ISO code; None for one that is not listed."""
    code = _CODES.get(" ".join(country.lower().replace(".", "").split()))
    return FORMS[code] if code else None


def postal_code(typed: str, country: str) -> str:
    """The code in its usual spelling. Raises Refusal with an example of how the country writes them."""
    written = plain_text(typed).upper()
    form = form_of(country)
    if form is None:
        if not _ANYWHERE.fullmatch(written):
            raise Refusal(
                f"“{typed[:20]}” is not a postal code: it has letters, digits, spaces and hyphens."
            )
        return written
    found = form.pattern.fullmatch(written)
    if found is None:
        raise Refusal(f"In {form.country} a postal code looks like {form.example}.")
    return form.separator.join(part for part in found.groups() if part)
