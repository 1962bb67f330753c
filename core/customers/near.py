"""Records that are nearly the person who is entered: a like name, and a near birth date or the place.

Asked for by the beginning of the last name or by dates of birth, which are indexed, and weighed by the
evidence that the duplicate finder goes by.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Row, and_, false, func, or_, select
from sqlalchemy.orm import Session

from core.customers import store
from core.customers.compared import People, Person
from core.customers.evidence import SWAPPED, Evidence, Pairs, explained
from core.customers.tables import Customer

# More would be passed by unread.
MOST = 5
# A common beginning of last names and a large city: the evidence sorts what comes.
_LOOKED_AT = 500
_LETTERS = 2
_A_DAY = timedelta(days=1)
_LAST_NAMES = frozenset({"same last name", "similar last name"})
_FIRST_NAMES = frozenset({"same first name", "similar first name"})
_DAY_OFF = "birth date a day off"
_BESIDE = frozenset(
    {"same birth date", "birth date one slip off", _DAY_OFF, "same postal code", "same city", "same street"}
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What is known of the person who is entered, as typed."""

    first_name: str
    last_name: str
    born_on: date | None
    city: str
    postal_code: str
    street: str


def near(session: Session, typed: Typed) -> list[tuple[Customer, tuple[str, ...]]]:
    """At most 5 live customers in anybody's book with what speaks for each, the strongest first."""
    if not typed.last_name.strip() or not typed.first_name.strip():
        return []
    given = session.execute(
        select(
            func.plain_text(typed.first_name),
            func.plain_text(typed.last_name),
            func.plain_text(typed.street),
            func.plain_text(typed.city),
        )
    ).one()
    rows = _candidates(session, typed, last_name=given[1], city=given[3])
    if not rows:
        return []
    asked = Person(0, given[0], given[1], typed.born_on, "", "", given[2], given[3], typed.postal_code)
    people = People.of([asked, *(_person(place, row) for place, row in enumerate(rows, start=1))])
    others = np.arange(1, len(rows) + 1, dtype=np.int64)
    found = explained(Pairs(people, np.zeros(len(rows), dtype=np.int64), others))
    told = [
        (sum(one.bits for one in evidence), row, _because(evidence, row.date_of_birth, typed.born_on))
        for (row, *_), evidence in zip(rows, found, strict=True)
    ]
    told = [one for one in told if _speaks(one[2])]
    return [(row, because) for _, row, because in sorted(told, key=lambda one: (-one[0], one[1].id))[:MOST]]


def _candidates(session: Session, typed: Typed, *, last_name: str, city: str) -> list[Row[Any]]:
    """Whose birth date is easily taken for the other, and who of the place has a like last name."""
    place = or_(
        false(),
        *([Customer.postal_code == typed.postal_code] if typed.postal_code else ()),
        *([func.plain_text(Customer.city) == city] if city else ()),
    )
    wanted = or_(
        and_(Customer.search_last_name.startswith(last_name[:_LETTERS], autoescape=True), place),
        *([Customer.date_of_birth.in_(near_dates(typed.born_on))] if typed.born_on else ()),
    )
    return list(
        session.execute(
            select(
                Customer,
                func.plain_text(Customer.first_name).label("first_name"),
                func.plain_text(Customer.last_name).label("last_name"),
                func.plain_text(Customer.address_line1).label("street"),
                func.plain_text(Customer.city).label("city"),
            )
            .where(store.LIVE, wanted)
            .order_by(
                (Customer.search_last_name == last_name).desc(),
                func.similarity(Customer.search_last_name, last_name).desc(),
                Customer.id.desc(),
            )
            .limit(_LOOKED_AT)
        )
    )


def _person(place: int, found: Row[Any]) -> Person:
    row: Customer = found[0]
    return Person(
        place,
        found.first_name,
        found.last_name,
        row.date_of_birth,
        street=found.street,
        city=found.city,
        postal_code=row.postal_code,
    )


def near_dates(born_on: date) -> list[date]:
    """The dates that are easily taken for one: itself, the days beside it, and one slip in its digits."""
    digits = f"{born_on:%Y%m%d}"
    written = {digits, digits[:4] + digits[6:] + digits[4:6]}
    for place in range(len(digits)):
        before, after = digits[:place], digits[place + 1 :]
        written |= {f"{before}{digit}{after}" for digit in "0123456789"}
        if after:
            written.add(f"{before}{after[0]}{digits[place]}{after[1:]}")
    found = {born_on}
    for one in written:
        with suppress(ValueError):
            found.add(date(int(one[:4]), int(one[4:6]), int(one[6:])))
    with suppress(OverflowError):
        found |= {born_on - _A_DAY, born_on + _A_DAY}
    return sorted(found)


def _because(evidence: Sequence[Evidence], one: date, other: date | None) -> tuple[str, ...]:
    """What speaks for it, in words, the strongest first."""
    told = tuple(said.label for said in evidence if said.bits > 0)
    is_told = any("birth date" in label for label in told)
    return (*told, _DAY_OFF) if other and not is_told and abs(one - other) == _A_DAY else told


def _speaks(because: Sequence[str]) -> bool:
    """Whether both names are alike, and the birth date or the place besides."""
    told = set(because)
    is_named = SWAPPED in told or (bool(told & _LAST_NAMES) and bool(told & _FIRST_NAMES))
    return is_named and bool(told & _BESIDE)
