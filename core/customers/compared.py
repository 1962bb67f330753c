"""The people that the duplicate finder compares, column by column, so that a million fit in memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int32]
Keys = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Person:
    """What is compared of a record; texts plain (lower case, no accents), "" for unknown."""

    key: int
    first_name: str = ""
    last_name: str = ""
    date_of_birth: date | None = None
    email: str = ""
    phone: str = ""
    street: str = ""
    city: str = ""
    postal_code: str = ""
    # The birth date as its digits were written, where they are no date of the calendar.
    birth_digits: str = ""

    @property
    def birth(self) -> str:
        """The birth date in digits, year first; "" for unknown."""
        if self.birth_digits or self.date_of_birth is None:
            return self.birth_digits
        return self.date_of_birth.strftime("%Y%m%d")


@dataclass(frozen=True)
class Texts:
    """One column: every distinct text once, and which one each record has; number 0 is the unknown."""

    values: list[str]
    codes: Codes

    @cached_property
    def counts(self) -> Keys:
        """How many records have each value; of the unknown 0."""
        found: Keys = np.bincount(self.codes, minlength=len(self.values)).astype(np.int64)
        found[0] = 0
        return found

    @cached_property
    def lookup(self) -> npt.NDArray[np.object_]:
        """The distinct texts by their numbers, for taking many at once."""
        return np.array(self.values, dtype=np.object_)

    @cached_property
    def day_and_month_swapped(self) -> Keys:
        """For a column of birth dates: the number of each one with day and month swapped, or -1."""
        numbers = {value: number for number, value in enumerate(self.values)}
        swapped = (numbers.get(one[:4] + one[6:8] + one[4:6], -1) for one in self.values)
        return np.fromiter(swapped, dtype=np.int64, count=len(self.values))


@dataclass(frozen=True, slots=True)
class People:
    """Everybody compared. First and last names are numbered together, so that they can be swapped."""

    keys: Keys
    first_name: Texts
    last_name: Texts
    birth: Texts
    email: Texts
    phone: Texts
    street: Texts
    city: Texts
    postal_code: Texts

    def __len__(self) -> int:
        return len(self.keys)

    @classmethod
    def of(cls, people: Iterable[Person]) -> People:
        """Take the columns of the people, whom it goes through once."""
        keys, names = array("q"), _Numbers()
        first, last = _Column(names), _Column(names)
        birth, email, phone, street, city, code = (_Column(_Numbers()) for _ in range(6))
        for one in people:
            keys.append(one.key)
            first.add(one.first_name)
            last.add(one.last_name)
            birth.add(one.birth)
            email.add(one.email)
            phone.add(one.phone)
            street.add(one.street)
            city.add(one.city)
            code.add(one.postal_code)
        texts = (column.texts() for column in (first, last, birth, email, phone, street, city, code))
        return cls(np.array(keys, dtype=np.int64), *texts)


class _Numbers(dict[str, int]):
    """Numbers texts in the order in which they come; "" is 0."""

    def __init__(self) -> None:
        super().__init__({"": 0})

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number


class _Column:
    def __init__(self, numbers: _Numbers) -> None:
        self._numbers = numbers
        self._codes = array("i")

    def add(self, text: str) -> None:
        self._codes.append(self._numbers[text])

    def texts(self) -> Texts:
        return Texts(list(self._numbers), np.array(self._codes, dtype=np.int32))
