"""Who was entered twice in the demo is found by the finder of duplicates, before all others."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from core.customers.compared import Person
from core.customers.dedupe import matches
from core.demo.doubles import EVERY, entered_again
from core.demo.kin import families
from core.demo.names import plain
from core.demo.people import CITY, OLDEST, YOUNGEST, invent

COUNT = 8 * EVERY


@pytest.fixture(scope="module")
def town():
    """People of two areas, of whom everybody became a customer on one day; with their doubles."""
    rng = np.random.default_rng(7)
    area = np.arange(COUNT) % 2
    day = np.full(COUNT, 20_000)
    born = day - (rng.uniform(YOUNGEST, OLDEST, COUNT) * 365.25).astype(np.int64)
    return *entered_again(invent(rng, np.arange(COUNT), area, born), area, day), area


def compared(people):
    """The people as the finder sees them; each has moved, so their streets tell nothing."""
    columns = (people.first_name, people.last_name, people.email, people.phone)
    texts = [column.to_pylist() for column in columns]
    for key, (first_name, last_name, email, phone) in enumerate(zip(*texts, strict=True)):
        yield Person(
            key, plain(first_name).lower(), plain(last_name).lower(),
            date(1970, 1, 1) + timedelta(days=int(people.born[key])), email, phone,
            city=CITY[int(people.city[key])].as_py(),
        )  # fmt: skip


def test_one_in_four_hundred_was_entered_twice_in_one_area(town):
    _, second, first, area = town
    assert len(second) == COUNT // EVERY
    assert (area[second] == area[first]).all()


def test_whoever_was_entered_twice_shares_a_phone_or_an_address_and_a_birth_date(town):
    people, second, first, _ = town
    found = matches(compared(people))
    wanted = {tuple(sorted(pair)) for pair in zip(first.tolist(), second.tolist(), strict=True)}
    assert {(one.first, one.second) for one in found[: len(wanted)]} == wanted
    for one in found[: len(wanted)]:
        reasons = set(one.reasons)
        assert reasons & {"same phone", "same e-mail"}
        assert reasons & {"same birth date", "birth date one slip off"}


def test_nobody_is_a_relative_of_their_own_double(town):
    people, second, first, _ = town
    kin = families(people)
    pairs = set(zip(kin.first.tolist(), kin.second.tolist(), strict=True))
    doubles = list(zip(first.tolist(), second.tolist(), strict=True))
    assert pairs.isdisjoint([*doubles, *((two, one) for one, two in doubles)])
