"""What each field says about two records being one person, in bits, for many pairs at once.

Each field adds log2(P(agreement | same person) / P(agreement | two people)): agreement on a rare
value weighs more than on a common one (Fellegi and Sunter 1969; Winkler's adjustment for the
frequency of values). A missing field says nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import token_set_ratio
from rapidfuzz.process import cpdist

from core.customers.compared import Codes, People, Texts

Positions = npt.NDArray[np.int64]
Bits = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Levels = npt.NDArray[np.int8]

SAME, SIMILAR, THIRD, FOURTH = 1, 2, 3, 4
_SAME_NAME, _CLOSE_NAME = 0.85, 0.12
# People take another last name more often than another first name.
_OTHER_NAME = {"first_name": 0.02, "last_name": 0.06}
# Birth dates lie within about fifty years.
_DATES = 365.25 * 50
# Jaro-Winkler similarity, 1 for the same: of alike names, of alike ones with slips, and the least that
# a name and its short form have.
_ALIKE, _LESS_ALIKE, _SHORT_FORM = 0.9, 0.8, 0.6
_FEWEST_LETTERS = 3
# Typing slips (insert, drop, change, swap) that a name or a date may have; a short code may have one.
_SLIPS = 2
_SHORT_CODE = 6
# A local part shorter than this, such as info@, is everybody's.
_OWN_LOCAL_PART = 6
# Of 100 for streets that have all words in common.
_SAME_WORDS = 85
SWAPPED = "names swapped"
# What it costs to hold that they were.
CROSSING = 2.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one field says: a label for people, and its bits for (positive) or against."""

    label: str
    bits: float


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of records by their places among the people."""

    people: People
    first: Positions
    second: Positions

    def __len__(self) -> int:
        return len(self.first)

    def only(self, kept: Mask) -> Pairs:
        """Some of the pairs."""
        return Pairs(self.people, self.first[kept], self.second[kept])


@dataclass(frozen=True, eq=False)
class Field:
    """One field of many pairs: its labels and bits by level; 0 is unknown, 1 agreement.

    `measure` says of pairs that differ, by their texts, which level from 2 on they have.
    """

    labels: tuple[str, ...]
    bits: tuple[Bits | float, ...]
    known: Mask
    same: Mask
    texts: tuple[Texts, Texts]
    codes: tuple[Codes, Codes]
    measure: Callable[[list[str], list[str], Positions], Levels]

    def best(self) -> Bits:
        """The most that the field may still say of every pair, before texts are compared."""
        most = np.maximum.reduce([np.broadcast_to(one, self.known.shape) for one in self.bits[1:]])
        return np.where(self.known, np.where(self.same, self.bits[0], most), 0.0)

    @cached_property
    def levels(self) -> Levels:
        """What every pair has."""
        found = np.where(self.known & self.same, SAME, 0).astype(np.int8)
        differ = np.flatnonzero(self.known & ~self.same)
        if len(differ):
            left, right = (
                texts.lookup[codes[differ]].tolist()
                for texts, codes in zip(self.texts, self.codes, strict=True)
            )
            found[differ] = self.measure(left, right, differ)
        return found

    @cached_property
    def said(self) -> Bits:
        """The bits of every pair at its level."""
        found: Bits = np.choose(self.levels, [np.zeros(len(self.levels)), *self.bits])
        return found


def fields(pairs: Pairs) -> tuple[Field, ...]:
    """The fields besides the names, each compared at once."""
    code, city, street = (
        _place(pairs, "postal_code", "postal code"),
        _place(pairs, "city", "city"),
        _street(pairs),
    )
    # Who lives in one street shares the postal code by that, and by the code the city: agreement on
    # them says nothing more.
    one_code = code.known & code.same
    city = replace(city, known=city.known & ~one_code)
    code = replace(code, known=code.known & ~(one_code & street.known & street.same))
    return (_birth(pairs), _email(pairs), _phone(pairs), code, city, street)


def total(pairs: Pairs, least: float) -> Bits:
    """The bits of every pair; those that can't reach `least` are only known to be below it."""
    found = _names(pairs)[1]
    reachable: Mask = found + sum(field.best() for field in fields(pairs)) >= least
    found[~reachable] = -np.inf
    found[reachable] += sum(field.said for field in fields(pairs.only(reachable)))
    return found


def explained(pairs: Pairs) -> list[list[Evidence]]:
    """What every field says about every pair, the strongest first."""
    told: list[list[Evidence]] = [[] for _ in range(len(pairs))]
    is_crossed, bits = _names(pairs)
    for place in np.flatnonzero(is_crossed):
        told[place].append(Evidence(SWAPPED, float(bits[place])))
    for field in _straight(pairs):
        _tell(field, told, ~is_crossed)
    for field in fields(pairs):
        _tell(field, told, field.known)
    return [sorted(one, key=lambda evidence: -evidence.bits) for one in told]


def _tell(field: Field, told: list[list[Evidence]], where: Mask) -> None:
    for place in np.flatnonzero(where & (field.levels > 0)):
        label = field.labels[field.levels[place] - 1]
        told[place].append(Evidence(label, float(field.said[place])))


def _names(pairs: Pairs) -> tuple[Mask, Bits]:
    """Whether first and last name are swapped, where that explains much more; the bits of both.

    One of the two has to be the other's to the letter.
    """
    first, last = (field.said for field in _straight(pairs))
    bits = first + last
    is_crossed = np.zeros(len(pairs), dtype=np.bool_)
    ours = pairs.people.first_name.codes, pairs.people.last_name.codes
    maybe = (ours[0][pairs.first] == ours[1][pairs.second]) | (
        ours[1][pairs.first] == ours[0][pairs.second]
    )
    if maybe.any():
        one, other = (field.said for field in _crossed(pairs.only(maybe)))
        swapped = one + other - CROSSING
        holds = (one > 0) & (other > 0) & (swapped > bits[maybe])
        is_crossed[maybe] = holds
        bits[is_crossed] = swapped[holds]
    return is_crossed, bits


def _straight(pairs: Pairs) -> tuple[Field, Field]:
    return (
        _name(pairs, "first_name", "first_name", "first_name"),
        _name(pairs, "last_name", "last_name", "last_name"),
    )


def _crossed(pairs: Pairs) -> tuple[Field, Field]:
    return (
        _name(pairs, "first_name", "last_name", "last_name"),
        _name(pairs, "last_name", "first_name", "last_name"),
    )


def _field(
    pairs: Pairs,
    left: Texts,
    right: Texts,
    *,
    labels: tuple[str, ...],
    bits: tuple[Bits | float, ...],
    measure: Callable[[list[str], list[str], Positions], Levels],
) -> Field:
    ours, theirs = left.codes[pairs.first], right.codes[pairs.second]
    known = (ours > 0) & (theirs > 0)
    return Field(labels, bits, known, ours == theirs, (left, right), (ours, theirs), measure)


def chance(pairs: Pairs, counted: Texts, left: Texts, right: Texts) -> Bits:
    """The chance that two people agree on the more common of the two values of every pair."""
    counts = counted.counts
    most = np.maximum(counts[left.codes[pairs.first]], counts[right.codes[pairs.second]])
    found: Bits = np.maximum(most, 2) / max(int(counts.sum()), 200)
    return found


def _close(share: float, by_chance: Bits) -> Bits:
    # Several spellings are close to any one value, so agreement is likelier by chance.
    found: Bits = np.log2(share / np.minimum(by_chance * 4, 0.1))
    return found


def _cdist(scorer: Any, left: list[str], right: list[str]) -> Bits:
    found: Bits = cpdist(left, right, scorer=scorer, dtype=np.float64)
    return found


def _name(pairs: Pairs, ours: str, theirs: str, column: str) -> Field:
    left, right = getattr(pairs.people, ours), getattr(pairs.people, theirs)
    by_chance = chance(pairs, getattr(pairs.people, column), left, right)
    label = column.replace("_", " ")
    return _field(
        pairs,
        left,
        right,
        labels=(f"same {label}", f"similar {label}", f"similar {label}", f"other {label}"),
        bits=(
            np.log2(_SAME_NAME / by_chance),
            _close(_CLOSE_NAME, by_chance),
            0.5,
            float(np.log2(_OTHER_NAME[column])),
        ),
        measure=_measure_names,
    )


def _measure_names(left: list[str], right: list[str], _: Positions) -> Levels:
    alike = _cdist(JaroWinkler.similarity, left, right)
    slips = _cdist(OSA.distance, left, right)
    near = (alike >= _ALIKE) | (slips <= 1)
    less_near = (alike >= _LESS_ALIKE) & (slips <= _SLIPS)
    maybe = np.flatnonzero(~near & (alike >= _SHORT_FORM))
    near[maybe] = [_is_short_form(left[place], right[place]) for place in maybe]
    return np.where(near, SIMILAR, np.where(less_near, THIRD, FOURTH)).astype(np.int8)


def _is_short_form(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= _FEWEST_LETTERS and long.startswith(short)


def _birth(pairs: Pairs) -> Field:
    texts = pairs.people.birth
    swapped = texts.day_and_month_swapped

    def measure(left: list[str], right: list[str], places: Positions) -> Levels:
        slips = _cdist(OSA.distance, left, right)
        ours, theirs = texts.codes[pairs.first[places]], texts.codes[pairs.second[places]]
        near = (slips == 1) | (swapped[ours] == theirs)
        return np.where(near, SIMILAR, np.where(slips == _SLIPS, THIRD, FOURTH)).astype(np.int8)

    return _field(
        pairs,
        texts,
        texts,
        labels=(
            "same birth date",
            "birth date one slip off",
            "birth date two slips off",
            "other birth date",
        ),
        bits=(
            float(np.log2(0.85 * _DATES)),
            # About thirty dates lie one slip away from any date.
            float(np.log2(0.1 * _DATES / 30)),
            -2.0,
            float(np.log2(0.03)),
        ),
        measure=measure,
    )


def _email(pairs: Pairs) -> Field:
    def measure(left: list[str], right: list[str], _: Positions) -> Levels:
        ours = [one.partition("@")[0] for one in left]
        theirs = [one.partition("@")[0] for one in right]
        lengths = np.fromiter((len(one) for one in left), dtype=np.int64, count=len(left))
        few = _cdist(OSA.distance, left, right) <= np.maximum(_SLIPS, lengths // 8)
        # Numbers in addresses are there to tell people of one name apart.
        called_alike = _cdist(JaroWinkler.similarity, ours, theirs) >= _LESS_ALIKE
        alike = few & _same_digits(ours, theirs) & called_alike
        elsewhere = np.fromiter(
            (a == b and len(a) >= _OWN_LOCAL_PART for a, b in zip(ours, theirs, strict=True)),
            dtype=np.bool_,
            count=len(ours),
        )
        return np.where(alike, SIMILAR, np.where(elsewhere, THIRD, FOURTH)).astype(np.int8)

    return _field(
        pairs,
        pairs.people.email,
        pairs.people.email,
        labels=("same e-mail", "similar e-mail", "same e-mail name at another provider", "other e-mail"),
        bits=(14.0, 10.0, 7.0, -1.5),
        measure=measure,
    )


def _phone(pairs: Pairs) -> Field:
    return _field(
        pairs,
        pairs.people.phone,
        pairs.people.phone,
        labels=("same phone", "phone one digit off", "other phone"),
        bits=(11.0, 5.0, -1.0),
        measure=lambda left, right, _: _either(_cdist(OSA.distance, left, right) == 1),
    )


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _same_digits(left: list[str], right: list[str]) -> Mask:
    pairs = zip(left, right, strict=True)
    return np.fromiter((_digits(a) == _digits(b) for a, b in pairs), dtype=np.bool_, count=len(left))


def _either(near: Mask) -> Levels:
    return np.where(near, SIMILAR, THIRD).astype(np.int8)


def _place(pairs: Pairs, column: str, label: str) -> Field:
    texts: Texts = getattr(pairs.people, column)
    by_chance = chance(pairs, texts, texts, texts)

    def measure(left: list[str], right: list[str], _: Positions) -> Levels:
        lengths = np.fromiter((len(one) for one in left), dtype=np.int64, count=len(left))
        allowed = np.where(lengths < _SHORT_CODE, 1, _SLIPS)
        return _either(_cdist(OSA.distance, left, right) <= allowed)

    return _field(
        pairs,
        texts,
        texts,
        labels=(f"same {label}", f"similar {label}", f"other {label}"),
        bits=(np.log2(0.85 / by_chance), _close(0.1, by_chance), -1.5),
        measure=measure,
    )


def _street(pairs: Pairs) -> Field:
    texts = pairs.people.street
    by_chance = chance(pairs, texts, texts, texts)
    return _field(
        pairs,
        texts,
        texts,
        labels=("same street", "similar street", "other street"),
        bits=(np.log2(0.75 / by_chance), _close(0.2, by_chance), -1.5),
        measure=_measure_streets,
    )


def _measure_streets(left: list[str], right: list[str], _: Positions) -> Levels:
    """Similar where a word or the house number is missing or misspelt, not where it is another one."""
    alike = _cdist(token_set_ratio, left, right) >= _SAME_WORDS
    places = np.flatnonzero(alike)
    numbers = [(_digits(left[place]), _digits(right[place])) for place in places]
    alike[places] = [not a or not b or a == b for a, b in numbers]
    return _either(alike)
