"""Invented people: names, addresses, phones and e-mail addresses, many at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.demo import names
from core.demo.columns import Bools, Column, Ints, digits, joined, pick, words
from core.demo.places import AREAS
from core.demo.products import AGE_MEAN, AGE_SPREAD

# In years, at a purchase: products take people of 18 to 80 (domain.md section 10).
YOUNGEST, OLDEST = 18.1, 79.9
_CITIES = [(area.state, city) for area in AREAS for city in area.cities]
_CITY_START = np.cumsum([0, *(len(area.cities) for area in AREAS)])
_CITY_COUNT = np.array([len(area.cities) for area in AREAS])

GIVEN = words([*names.FEMALE, *names.MALE])
FAMILY = words(names.FAMILY)
GIVEN_PLAIN = words([names.plain(n) for n in (*names.FEMALE, *names.MALE)])
FAMILY_PLAIN = words([names.plain(n) for n in names.FAMILY])
CITY = words([city.name for _, city in _CITIES])
STATE = words([state for state, _ in _CITIES])
POSTAL = words([city.postal_prefix for _, city in _CITIES])
AREA_CODE = words([city.area_code for _, city in _CITIES])
STREET = words(names.STREETS)
STREET_KIND = words(names.STREET_KINDS)
# Reserved for examples (RFC 2606), so that no mail ever reaches anybody.
MAIL_HOST = words(["example.com", "example.net", "example.org"])
OCCUPATION = words([occupation for occupation, _ in names.OCCUPATIONS])
INCOME = words([income for _, income in names.OCCUPATIONS])
GENDER = words(["female", "male", "other"])
MARITAL = words(["single", "married", "divorced", "widowed"])
RELATION = words(["Spouse", "Child", "Parent", "Sibling", "Partner", "Estate"])


@dataclass
class People:
    """One element per person; names are positions in the vocabularies."""

    number: Ints  # makes the e-mail address unique
    given: Ints
    family: Ints
    gender: Ints
    born: Ints
    city: Ints
    exchange: Ints
    line: Ints
    host: Ints

    def __len__(self) -> int:
        return len(self.number)

    @cached_property
    def first_name(self) -> Column:
        """Given name."""
        return pick(GIVEN, self.given)

    @cached_property
    def last_name(self) -> Column:
        """Family name."""
        return pick(FAMILY, self.family)

    @cached_property
    def name(self) -> Column:
        """Both names."""
        return joined(self.first_name, " ", self.last_name)

    @cached_property
    def email(self) -> Column:
        """An address that can't exist."""
        name = joined(pick(GIVEN_PLAIN, self.given), ".", pick(FAMILY_PLAIN, self.family))
        return joined(name, digits(self.number, 1), "@", pick(MAIL_HOST, self.host))

    @cached_property
    def phone(self) -> Column:
        """A number of the exchange 555, written as every telephone number is stored."""
        area = pick(AREA_CODE, self.city)
        return joined("+1 ", area, "-", digits(self.exchange, 3), "-", digits(self.line, 4))

    def select(self, rows: Ints) -> People:
        """Some of them, in that order."""
        return People(**{name: getattr(self, name)[rows] for name in _FIELDS})

    def followed_by(self, others: People) -> People:
        """These and then those."""
        return People(
            **{name: np.concatenate([getattr(self, name), getattr(others, name)]) for name in _FIELDS}
        )


_FIELDS = ("number", "given", "family", "gender", "born", "city", "exchange", "line", "host")


def born_for(rng: np.random.Generator, category: Ints, day: Ints) -> Ints:
    """Birthdays of people who buy the category on the day (ages 18 to 80, domain.md section 10)."""
    age = rng.normal(AGE_MEAN[category], AGE_SPREAD[category])
    for _ in range(4):
        outside = (age < YOUNGEST) | (age > OLDEST)
        age[outside] = rng.normal(AGE_MEAN[category[outside]], AGE_SPREAD[category[outside]])
    return (day - np.clip(age, YOUNGEST, OLDEST) * 365.25).astype(np.int64)


def invent(rng: np.random.Generator, numbers: Ints, area: Ints, born: Ints) -> People:
    """As many people as there are numbers, living in the areas."""
    count = len(numbers)
    gender = np.searchsorted([0.495, 0.99], rng.random(count))
    is_female = (gender == 0) | ((gender == 2) & (rng.random(count) < 0.5))
    rank = rng.random(count) ** 1.6
    given = np.where(
        is_female,
        (rank * len(names.FEMALE)).astype(np.int64),
        len(names.FEMALE) + (rank * len(names.MALE)).astype(np.int64),
    )
    return People(
        number=numbers,
        given=given,
        family=(rng.random(count) ** 1.8 * len(names.FAMILY)).astype(np.int64),
        gender=gender,
        born=born,
        city=_CITY_START[area] + (rng.random(count) ** 1.3 * _CITY_COUNT[area]).astype(np.int64),
        exchange=np.full(count, 555),
        line=rng.integers(0, 10_000, count),
        host=rng.integers(0, 3, count),
    )


def addresses(rng: np.random.Generator, people: People, home: Ints) -> dict[str, Column]:
    """Street, unit, city, state and postal code; `home` is whose address each has."""
    count = len(people)
    number = digits(rng.integers(1, 9_900, count)[home], 1)
    street = pick(STREET, rng.integers(0, len(STREET), count)[home])
    kind = pick(STREET_KIND, rng.integers(0, len(STREET_KIND), count)[home])
    unit = joined("Apt ", digits(rng.integers(1, 60, count)[home], 1))
    has_none: Bools = rng.random(count)[home] > 0.22
    return {
        "address_line1": joined(number, " ", street, " ", kind),
        "address_line2": _null_where(unit, has_none),
        "city": pick(CITY, people.city),
        "state": pick(STATE, people.city),
        "postal_code": joined(pick(POSTAL, people.city), digits(rng.integers(1, 100, count)[home], 2)),
    }


def _null_where(column: Column, missing: Bools) -> Column:
    return pick(column, np.arange(len(missing)), missing)
