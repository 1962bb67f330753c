"""People who were entered a second time: by a slip of the pen, after a move, or under a new name."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np

from core.demo import names
from core.demo.columns import Bools, Ints
from core.demo.people import OLDEST, YOUNGEST, People

# One customer in so many has another record already, which is one of as many before.
EVERY = 400
KINDS = MISHEARD, MOVED, MISTYPED, MARRIED = range(4)
_GIVEN = {name: place for place, name in enumerate((*names.FEMALE, *names.MALE))}
_HEARD_AS = (
    *(("Sarah", "Sara"), ("Katherine", "Catherine"), ("Christine", "Christina"), ("Diane", "Diana")),
    *(("Julie", "Julia"), ("Teresa", "Theresa"), ("Brian", "Bryan")),
)
# Given names that sound alike, both ways.
HEARD_AS = MappingProxyType(
    {_GIVEN[one]: _GIVEN[other] for pair in _HEARD_AS for one, other in (pair, pair[::-1])}
)
# Days that a wrong first digit of the day makes.
_SLIP = 10


def entered_again(people: People, area: Ints, day: Ints) -> tuple[People, Ints, Ints]:
    """The people, of whom some are others once more; with the places of these and of the first records.

    `day` is when each became a customer, and nobody does so at an age at which nothing is sold. Both
    live in one area, so that one manager sees both. What they share is what people keep: the telephone
    or the e-mail address, and the birth date.
    """
    pairs = [
        (place, before, KINDS[turn % len(KINDS)])
        for turn, place in enumerate(range(EVERY - 1, len(people), EVERY))
        if (before := _first(people, area, day, place, KINDS[turn % len(KINDS)])) is not None
    ]
    second, first, kind = np.array(pairs, dtype=np.int64).reshape(-1, 3).T
    same_name, same_phone, same_mail = kind != MARRIED, kind != MOVED, (kind == MOVED) | (kind == MISTYPED)
    given = people.given[first]
    heard = np.array([HEARD_AS.get(one, one) for one in given.tolist()], dtype=np.int64)
    born = people.born[first]
    known = replace(
        people,
        given=_put(people.given, second, np.where(kind == MISHEARD, heard, given)),
        gender=_put(people.gender, second, people.gender[first]),
        born=_put(people.born, second, np.where(kind == MISTYPED, _slipped(born), born)),
        city=_put(people.city, second, people.city[first]),
        family=_taken(people.family, second, first, same_name),
        exchange=_taken(people.exchange, second, first, same_phone),
        line=_taken(people.line, second, first, same_phone),
        number=_taken(people.number, second, first, same_mail),
        host=_taken(people.host, second, first, same_mail),
    )
    return known, second, first


def _first(people: People, area: Ints, day: Ints, second: int, kind: int) -> int | None:
    """The place of the nearest one before who can have been entered again as the second."""
    before = np.arange(second - 1, second - EVERY, -1)
    age = (day[second] - people.born[before]) / 365.25
    fits: Bools = (area[before] == area[second]) & (age >= YOUNGEST) & (age <= OLDEST)
    if kind == MISHEARD:
        fits &= np.isin(people.given[before], list(HEARD_AS))
    return int(before[np.argmax(fits)]) if fits.any() else None


def _slipped(born: Ints) -> Ints:
    """Another day of the month, with another first digit."""
    days = born.astype("datetime64[D]")
    of_month = (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    return born + np.where(of_month <= _SLIP, _SLIP, -_SLIP)


def _put(column: Ints, places: Ints, values: Ints) -> Ints:
    found = column.copy()
    found[places] = values
    return found


def _taken(column: Ints, second: Ints, first: Ints, where: Bools) -> Ints:
    """The column, with the values of the first records for the second ones where they share it."""
    return _put(column, second[where], column[first[where]])
