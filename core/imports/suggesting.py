"""Suggests which column fills which field, by their names alone; a person confirms."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.imports.fields import Entity, Field

# What other systems call our fields.
OTHER_NAMES = {
    "owner": ("sales agent", "agent", "sales rep", "rep", "assigned to", "salesperson"),
    "stage": ("deal stage", "status", "pipeline stage"),
    "status": ("stage", "lead status"),
    "opened_on": ("engage date", "open date", "start date"),
    "closed_on": ("close date", "closed date", "closed"),
    "created_on": ("create date", "created", "created at", "date created"),
    "won_value": ("close value", "amount", "won amount"),
    "estimated_value": ("value", "expected revenue", "estimated revenue"),
    "expected_premium": ("premium", "value"),
    "product_interest": ("product", "product of interest"),
    "account": ("company", "organisation", "organization", "customer account"),
    "company_name": ("company", "organisation", "organization"),
    "first_name": ("given name", "forename", "first"),
    "last_name": ("surname", "family name", "last"),
    "email": ("e mail", "mail", "email address"),
    "phone": ("phone number", "telephone", "mobile"),
    "source": ("lead source", "channel"),
    "name": ("title", "deal name", "opportunity name"),
    "date_of_birth": ("birth date", "dob", "birthday"),
    "industry": ("sector",),
    "annual_revenue": ("revenue", "turnover"),
    "employee_count": ("employees",),
    "parent": ("subsidiary of", "parent account", "parent company"),
}


# Words that a column of ids or codes ends with, and what comes before them when they are the row's own.
ID_WORDS = ("id", "code", "number", "no", "key", "ref", "reference", "uuid", "guid")
OWN_WORDS = ("", "row", "record", "external")


def suggest(spec: Entity, header: Sequence[str]) -> dict[str, str]:
    """Field to column, each column at most once; fields without a likely column are left out."""
    free = {_plain(name): name for name in reversed(header)}
    found: dict[str, str] = {}
    for names_of in (_own_names, _other_names):
        for one in spec.fields:
            if one.name in found:
                continue
            match = next((name for name in names_of(one) if name in free), None)
            if match is not None:
                found[one.name] = free.pop(match)
    return found


def suggest_key(spec: Entity, header: Sequence[str]) -> tuple[str, ...]:
    """The column that looks like the id or code of the row itself, if one does; not one of another."""
    owners = (*OWN_WORDS, spec.noun)
    likely = [f"{owner} {word}".strip() for word in ID_WORDS for owner in owners]
    if spec.code is not None:
        likely.insert(0, _plain(spec.code))
    named = {_plain(name): name for name in reversed(header)}
    found = next((named[name] for name in likely if name in named), None)
    return () if found is None else (found,)


def _own_names(one: Field) -> tuple[str, ...]:
    return (_plain(one.name), _plain(one.label))


def _other_names(one: Field) -> tuple[str, ...]:
    return OTHER_NAMES.get(one.name, ())


def _plain(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"[a-z0-9]+", spaced.lower()))
