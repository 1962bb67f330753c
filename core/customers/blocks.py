"""Which pairs of many people are worth comparing: those that share a telling key, each once.

Comparing everybody with everybody grows with the square of their number, so people are put into
blocks by several keys (Newcombe 1959). A block that is too large for its key to tell anything is
split by the first letters of the names, and what is still too large is passed by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from core.customers.compared import Keys, People, Texts
from core.customers.evidence import Mask, Pairs

# A block with more people than this tells nothing about any two of them; among very many people
# blocks have to be smaller, so that the work grows with their number and not with its square.
LARGEST_BLOCK = 150
SMALLEST_LIMIT = 25
FEW_PEOPLE = 10_000
BATCH = 200_000


def limit_for(people: int) -> int:
    """How many people a block may hold among so many."""
    return int(max(SMALLEST_LIMIT, min(LARGEST_BLOCK, LARGEST_BLOCK * FEW_PEOPLE / max(people, 1))))


def candidates(people: People, tell: Callable[[float], None] = lambda _: None) -> Iterator[Pairs]:
    """Batches of pairs that share a block, each pair once; `tell` hears how far it is, from 0 to 1."""
    limit = limit_for(len(people))
    done: list[Keys] = []
    kinds = list(_kinds(people))
    for number, keys in enumerate(kinds):
        for block in _split(people, keys, limit):
            for first, second in _batches(_pairs(block, limit)):
                tell(number / len(kinds))
                fresh = _fresh(done, first, second)
                if fresh.any():
                    yield Pairs(people, first[fresh], second[fresh])
            done.append(block)


def _batches(parts: Iterator[tuple[Keys, Keys]]) -> Iterator[tuple[Keys, Keys]]:
    """The same pairs in fewer and larger parts: each part costs something by itself."""
    held: list[tuple[Keys, Keys]] = []
    for part in parts:
        held.append(part)
        if sum(len(first) for first, _ in held) >= BATCH:
            yield _together(held)
            held = []
    if held:
        yield _together(held)


def _together(parts: list[tuple[Keys, Keys]]) -> tuple[Keys, Keys]:
    return np.concatenate([one for one, _ in parts]), np.concatenate([other for _, other in parts])


def _fresh(done: list[Keys], first: Keys, second: Keys) -> Mask:
    """Which pairs did not meet in an earlier block."""
    fresh = np.ones(len(first), dtype=np.bool_)
    for keys in done:
        ours = keys[first]
        fresh &= (ours == 0) | (ours != keys[second])
    return fresh


def _split(people: People, keys: Keys, limit: int) -> Iterator[Keys]:
    """The key where its blocks are small enough, and where not, with a first letter as well."""
    sizes = _sizes(keys)
    yield np.where(sizes <= limit, keys, 0)
    large = np.where(sizes > limit, keys, 0)
    if large.any():
        for name in (people.first_name, people.last_name):
            finer = _joined(large, _beginning(name, slice(1)))
            yield np.where(_sizes(finer) <= limit, finer, 0)


def _sizes(keys: Keys) -> Keys:
    """How many people share everybody's key; 0 for who has none."""
    _, places, counts = np.unique(keys, return_inverse=True, return_counts=True)
    found: Keys = np.where(keys == 0, 0, counts[places])
    return found


def _pairs(keys: Keys, limit: int) -> Iterator[tuple[Keys, Keys]]:
    """All pairs within the blocks, in batches."""
    order = np.argsort(keys, kind="stable")
    order = order[keys[order] > 0]
    ordered = keys[order]
    for distance in range(1, limit):
        places = np.flatnonzero(ordered[distance:] == ordered[:-distance])
        if not len(places):
            return
        for start in range(0, len(places), BATCH):
            some = places[start : start + BATCH]
            yield order[some], order[some + distance]


def _kinds(people: People) -> Iterator[Keys]:
    first, last, birth = people.first_name, people.last_name, people.birth
    code, city = people.postal_code, people.city
    yield _whole(birth)
    yield _joined(_beginning(birth, slice(6)), _beginning(first, slice(1)), _beginning(last, slice(1)))
    yield _joined(_beginning(birth, slice(4)), _beginning(last, slice(3)))
    yield _joined(_beginning(birth, slice(4, 8)), _beginning(first, slice(2)))
    yield _whole(people.email)
    yield _local(people.email)
    yield _whole(people.phone)
    yield _names(people)
    yield _joined(_whole(code), _beginning(last, slice(2)))
    yield _joined(_whole(code), _beginning(first, slice(2)))
    yield _whole(people.street)
    yield _joined(_beginning(city, slice(5)), _beginning(last, slice(3)))


def _whole(texts: Texts) -> Keys:
    return texts.codes.astype(np.int64)


def _beginning(texts: Texts, part: slice) -> Keys:
    """Everybody's key by a part of the text; 0 for the unknown."""
    return _numbered([one[part] for one in texts.values])[texts.codes]


def _local(email: Texts) -> Keys:
    """By the first six letters before the @; fewer than four are too short to tell."""
    locals_ = (one.partition("@")[0] for one in email.values)
    return _numbered([one[:6] if len(one) > 3 else "" for one in locals_])[email.codes]  # noqa: PLR2004


def _names(people: People) -> Keys:
    """By the first four letters of both names, in whichever order."""
    part = _numbered([one[:4] for one in people.first_name.values])
    one, other = part[people.first_name.codes], part[people.last_name.codes]
    return _joined(np.minimum(one, other), np.maximum(one, other))


def _numbered(values: list[str]) -> Keys:
    """A number for each distinct text; 0 for ""."""
    numbers: dict[str, int] = {"": 0}
    found = (numbers.setdefault(value, len(numbers)) for value in values)
    return np.fromiter(found, dtype=np.int64, count=len(values))


def _joined(*keys: npt.NDArray[np.int64]) -> Keys:
    """One key of several; 0 where one of them is unknown."""
    made = keys[0]
    for more in keys[1:]:
        both = (made > 0) & (more > 0)
        made = np.where(both, made * (int(more.max(initial=0)) + 1) + more, 0)
        # Numbered anew, so that many together don't outgrow the type.
        distinct, places = np.unique(made, return_inverse=True)
        made = places.astype(np.int64) + int(0 not in distinct[:1])
    return made
