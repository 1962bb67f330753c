"""Who may be the same person: evidence for and against, field by field, in bits.

Each field adds log2(P(agreement | same person) / P(agreement | two people)): agreement on a rare
value weighs more than on a common one (Fellegi and Sunter 1969; Winkler's adjustment for the
frequency of values). A missing field says nothing. Two records are held for one person when the
sum outweighs the odds against a random pair, which grow with the number of people.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import token_set_ratio

# How much the evidence has to exceed the odds against a random pair: 4 bits are 16 to 1.
MARGIN_BITS = 4.0
# A block with more people than this tells nothing about any two of them.
LARGEST_BLOCK = 150


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


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one field says: a label for people, and its bits for (positive) or against."""

    label: str
    bits: float


@dataclass(frozen=True, slots=True)
class Match:
    """Two records that are probably one person, with the evidence, strongest first."""

    first: int
    second: int
    bits: float
    evidence: tuple[Evidence, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks for it, in words."""
        return tuple(one.label for one in self.evidence if one.bits > 0)


@dataclass(slots=True)
class Frequencies:
    """How common each value is among the people compared; shares of all known values."""

    size: int
    shares: dict[str, Counter[str]] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, people: Iterable[Person]) -> Frequencies:
        """Count the values of the people."""
        listed = list(people)
        made = cls(len(listed))
        for name in ("first_name", "last_name", "city", "postal_code", "street"):
            values = [value for one in listed if (value := getattr(one, name))]
            made.shares[name] = Counter(values)
            made.known[name] = len(values)
        return made

    def chance(self, name: str, *values: str) -> float:
        """The chance that two people agree on the more common of the values."""
        total = self.known.get(name, 0)
        most = max((self.shares[name][value] for value in values), default=0) if total else 0
        return max(most, 2) / max(total, 200)


_SAME_NAME, _CLOSE_NAME = 0.85, 0.12
# People take another last name more often than another first name.
_OTHER_NAME: Mapping[str, float] = {"first_name": 0.02, "last_name": 0.06}


def compare(one: Person, other: Person, frequencies: Frequencies) -> list[Evidence]:
    """What every field says about two records being one person."""
    found = [
        *_names(one, other, frequencies),
        _birth(one, other),
        _email(one, other),
        _phone(one, other),
        _place(one, other, frequencies, "postal_code", "same postal code"),
        _place(one, other, frequencies, "city", "same city"),
        _street(one, other, frequencies),
    ]
    return sorted((e for e in found if e is not None), key=lambda e: -e.bits)


def _names(one: Person, other: Person, frequencies: Frequencies) -> list[Evidence | None]:
    straight = [
        _name(one.first_name, other.first_name, frequencies, "first_name", "first name"),
        _name(one.last_name, other.last_name, frequencies, "last_name", "last name"),
    ]
    crossed = [
        _name(one.first_name, other.last_name, frequencies, "last_name", "names swapped"),
        _name(one.last_name, other.first_name, frequencies, "last_name", "names swapped"),
    ]
    if _sum(crossed) - 2 > _sum(straight) and all(e is not None and e.bits > 0 for e in crossed):
        return [*crossed, Evidence("swapped", -2.0)]
    return list(straight)


def _sum(evidence: Iterable[Evidence | None]) -> float:
    return sum(one.bits for one in evidence if one is not None)


def _name(a: str, b: str, frequencies: Frequencies, column: str, label: str) -> Evidence | None:
    if not a or not b:
        return None
    chance = frequencies.chance(column, a, b)
    if a == b:
        return Evidence(f"same {label}", math.log2(_SAME_NAME / chance))
    alike = JaroWinkler.similarity(a, b)
    short = min(a, b, key=len)
    is_short_form = len(short) > 2 and max(a, b, key=len).startswith(short)  # noqa: PLR2004
    if alike >= 0.9 or is_short_form or OSA.distance(a, b) <= 1:  # noqa: PLR2004  # Winkler's level
        # Several spellings are close to any one name, so agreement is likelier by chance.
        return Evidence(f"similar {label}", math.log2(_CLOSE_NAME / min(chance * 4, 0.1)))
    if alike >= 0.8 and OSA.distance(a, b) <= 2:  # noqa: PLR2004  # two slips in a longer name
        return Evidence(f"similar {label}", 0.5)
    return Evidence(f"other {label}", math.log2(_OTHER_NAME[column]))


def _birth(one: Person, other: Person) -> Evidence | None:
    a, b = _digits(one), _digits(other)
    if not a or not b:
        return None
    if a == b:
        return Evidence("same birth date", math.log2(0.85 * 365.25 * 50))
    if OSA.distance(a, b) == 1 or (a[:4] == b[:4] and a[4:6] == b[6:8] and a[6:8] == b[4:6]):
        # About thirty dates lie one slip away from any date.
        return Evidence("birth date one slip off", math.log2(0.1 * 365.25 * 50 / 30))
    if OSA.distance(a, b) == 2:  # noqa: PLR2004
        return Evidence("birth date two slips off", -2.0)
    return Evidence("other birth date", math.log2(0.03))


def _digits(person: Person) -> str:
    if person.birth_digits:
        return person.birth_digits
    return person.date_of_birth.strftime("%Y%m%d") if person.date_of_birth else ""


def _email(one: Person, other: Person) -> Evidence | None:
    if not one.email or not other.email:
        return None
    if one.email == other.email:
        return Evidence("same e-mail", 14.0)
    a, b = one.email.partition("@")[0], other.email.partition("@")[0]
    slips = OSA.distance(one.email, other.email)
    if slips <= max(2, len(one.email) // 8) and JaroWinkler.similarity(a, b) >= 0.8:  # noqa: PLR2004
        return Evidence("similar e-mail", 10.0)
    if a == b and len(a) > 5:  # noqa: PLR2004  # a short local part such as info@ is everybody's
        return Evidence("same e-mail name at another provider", 7.0)
    return Evidence("other e-mail", -1.5)


def _phone(one: Person, other: Person) -> Evidence | None:
    if not one.phone or not other.phone:
        return None
    if one.phone == other.phone:
        return Evidence("same phone", 11.0)
    if OSA.distance(one.phone, other.phone) == 1:
        return Evidence("phone one digit off", 5.0)
    return Evidence("other phone", -1.0)


def _place(
    one: Person, other: Person, frequencies: Frequencies, column: str, label: str
) -> Evidence | None:
    a, b = str(getattr(one, column)), str(getattr(other, column))
    if not a or not b:
        return None
    chance = frequencies.chance(column, a, b)
    if a == b:
        return Evidence(label, math.log2(0.85 / chance))
    if OSA.distance(a, b) <= (1 if len(a) < 6 else 2):  # noqa: PLR2004  # codes are short
        return Evidence(label.replace("same", "similar"), math.log2(0.1 / min(chance * 4, 0.1)))
    return Evidence(label.replace("same", "other"), -1.5)


def _street(one: Person, other: Person, frequencies: Frequencies) -> Evidence | None:
    a, b = one.street, other.street
    if not a or not b:
        return None
    chance = frequencies.chance("street", a, b)
    if a == b:
        return Evidence("same street", math.log2(0.75 / chance))
    if token_set_ratio(a, b) >= 85:  # noqa: PLR2004  # a house number or a word is missing
        return Evidence("similar street", math.log2(0.2 / min(chance * 4, 0.1)))
    return Evidence("other street", -1.5)


def threshold(people: int) -> float:
    """Bits that two records of so many people have to reach to count as one person."""
    return math.log2(max(people, 2)) + MARGIN_BITS


def match(one: Person, other: Person, frequencies: Frequencies) -> Match:
    """The evidence that two records are one person."""
    evidence = compare(one, other, frequencies)
    bits = sum(part.bits for part in evidence)
    first, second = sorted((one.key, other.key))
    return Match(first, second, bits, tuple(evidence))


def candidates(people: Sequence[Person]) -> Iterator[tuple[Person, Person]]:
    """Pairs worth comparing: those that share a telling key; each pair once."""
    blocks: dict[tuple[str, str], list[Person]] = defaultdict(list)
    for person in people:
        for block in set(_blocks(person)):
            blocks[block].append(person)
    seen: set[tuple[int, int]] = set()
    for members in blocks.values():
        if len(members) > LARGEST_BLOCK:
            continue
        for one, other in combinations(members, 2):
            pair = (min(one.key, other.key), max(one.key, other.key))
            if pair not in seen:
                seen.add(pair)
                yield one, other


def _blocks(person: Person) -> Iterator[tuple[str, str]]:
    digits = _digits(person)
    local = person.email.partition("@")[0]
    first, last = person.first_name, person.last_name
    keys: tuple[tuple[str, str, bool], ...] = (
        ("birth", digits, bool(digits)),
        ("birth month and name", digits[:6] + first[:1] + last[:1], bool(digits and first and last)),
        ("birth year and name", digits[:4] + last[:3], bool(digits and last)),
        ("birth day and name", digits[4:] + first[:2], bool(digits and first)),
        ("e-mail", person.email, bool(person.email)),
        ("e-mail name", local[:6], len(local) > 3),  # noqa: PLR2004  # too short to tell
        ("phone", person.phone, bool(person.phone)),
        ("name", f"{first[:4]} {last[:4]}", bool(first and last)),
        ("swapped name", f"{last[:4]} {first[:4]}", bool(first and last)),
        ("code and name", person.postal_code + last[:2], bool(person.postal_code and last)),
        ("code and first name", person.postal_code + first[:2], bool(person.postal_code and first)),
        ("street", person.street, bool(person.street)),
        ("city and name", person.city[:5] + last[:3], bool(person.city and last)),
    )
    return ((kind, key) for kind, key, is_known in keys if is_known)


def matches(people: Sequence[Person]) -> list[Match]:
    """Every pair that is probably one person, the surest first."""
    frequencies = Frequencies.of(people)
    least = threshold(len(people))
    found = (match(one, other, frequencies) for one, other in candidates(people))
    return sorted((one for one in found if one.bits >= least), key=lambda one: -one.bits)


def clusters(found: Iterable[Match]) -> list[frozenset[int]]:
    """Groups of records that are joined by matches, largest first."""
    parent: dict[int, int] = {}

    def root(key: int) -> int:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for one in found:
        parent[root(one.first)] = root(one.second)
    groups: Mapping[int, set[int]] = defaultdict(set)
    for key in list(parent):
        groups[root(key)].add(key)
    return sorted((frozenset(group) for group in groups.values()), key=lambda g: (-len(g), min(g)))
