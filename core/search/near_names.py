"""Names that are a slip or two away from what was typed.

A trigram index needs three letters in a row to be right, which a slip in a short name leaves hardly
any of. The distinct first and last names are few beside the people, and an index gives them one
after the other (a loose index scan), so those that begin like it are read and compared letter by letter.
Names of customers and of leads are compared apart, so that neither take the other's places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from string import ascii_lowercase
from typing import Literal

from rapidfuzz.distance import OSA, JaroWinkler
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

# More names are not compared: it would take longer than the rest of a search.
MOST_READ = 2_000
MOST_NAMES = 4
# Of names of two words more spellings are looked up: whole names cost next to nothing.
MOST_SPELLINGS = 10
FEWEST_LETTERS = 3
LONG_NAME = 6
_LETTERS = ascii_lowercase + "'- "

# Whose names: kinds of records, each with the table that keeps them.
Whose = Literal["customer", "lead"]
_TABLES: Mapping[Whose, str] = {"customer": "customers", "lead": "leads"}


@lru_cache
def _distinct(first: str, following: str, column: str, whose: Sequence[Whose]) -> TextClause:
    """Distinct names within ranges, of all ranges in turn, so that a long one takes no other's place."""
    parts = [
        f"""
{kind}_names(high, name) as (
    select r.high, (
        select {column} from {_TABLES[kind]}
        where {first} ~>=~ r.low and {first} ~<~ r.high order by {first} using ~<~ limit 1
    )
    from unnest(cast(:low as text[]), cast(:high as text[])) r(low, high)
    union all
    select k.high, (
        select {column} from {_TABLES[kind]}
        where {following} and {first} ~<~ k.high order by {first} using ~<~ limit 1
    )
    from {kind}_names k where k.name is not null
)"""  # noqa: S608  # constants of this module
        for kind in whose
    ]
    arms = [
        f"(select '{kind}', name from {kind}_names where name is not null limit :most)"  # noqa: S608
        for kind in whose
    ]
    return text(f"with recursive {','.join(parts)}\n{' union all '.join(arms)}")


_LAST_NAMES = ("search_last_name", "search_last_name ~>~ k.name", "search_last_name")
# What follows every "ann ..." begins with "ann!" or later: the sign after the space.
_FIRST_NAMES = ("search_name", "search_name ~>=~ (k.name || '!')", "split_part(search_name, ' ', 1)")


def near(session: Session, word: str, whose: Sequence[Whose]) -> dict[Whose, list[str]]:
    """Last names at most one slip from a short word, two from a longer one; the nearest first.

    A slip is a letter left out, put in, another one, or two swapped. Names to the letter are left out.
    """
    (typed,) = _plain(session, [word])
    known = _read(session, _LAST_NAMES, [typed], whose)
    return {kind: list(_near(typed, known[kind]))[:MOST_NAMES] for kind in whose}


def spellings(
    session: Session, words: Sequence[str], whose: Sequence[Whose]
) -> dict[Whose, list[tuple[str, str]]]:
    """Known first and last names that the words may stand for.

    The nearest first; what was typed to the letter is left out.
    """
    ways = _ways(_plain(session, words))
    first_names = _read(session, _FIRST_NAMES, [first for first, _ in ways], whose)
    last_names = _read(session, _LAST_NAMES, [last for _, last in ways], whose)
    return {kind: _pairs(ways, first_names[kind], last_names[kind]) for kind in whose}


def _pairs(
    ways: Iterable[tuple[str, str]], first_names: AbstractSet[str], last_names: AbstractSet[str]
) -> list[tuple[str, str]]:
    """First and last names, both known or near, that one of the ways may stand for."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for first, last in ways:
        for place, (given, slips) in enumerate(_spelled(first, first_names).items()):
            for other, (family, more) in enumerate(_spelled(last, last_names).items()):
                if slips + more:
                    found.setdefault((given, family), (slips + more, place + other))
    return sorted(found, key=lambda names: found[names])


def _ways(words: Sequence[str]) -> list[tuple[str, str]]:
    """Which of the words may be the first and the last name: in either order, with a middle name or not."""
    one, *rest = words
    *front, other = words
    ways = [(one, " ".join(rest)), (other, " ".join(front)), (one, other), (words[1], one)]
    return list(dict.fromkeys(ways))


def _plain(session: Session, words: Sequence[str]) -> list[str]:
    """The words as the searched columns have them."""
    statement = text(
        "select plain_text(w) from unnest(cast(:words as text[])) with ordinality o(w, n) order by n"
    )
    return [str(word) for word in session.scalars(statement, {"words": list(words)})]


def _read(
    session: Session, names: tuple[str, str, str], words: Iterable[str], whose: Sequence[Whose]
) -> Mapping[Whose, set[str]]:
    """The distinct names of each that may be meant by one of the words."""
    found: dict[Whose, set[str]] = defaultdict(set)
    low = sorted({start for word in words for start in _starts(word)})
    if low:
        given = {"low": low, "high": [one[:-1] + chr(ord(one[-1]) + 1) for one in low], "most": MOST_READ}
        for kind, name in session.execute(_distinct(*names, tuple(whose)), given):
            found[kind].add(name)
    return found


def _starts(word: str) -> set[str]:
    """How a name may begin that is meant by the word.

    With its first three letters, or with four of which one is a slip: left out, another one, one too
    many, or swapped. So a slip may be anywhere, and few names are read even where very many are known.
    """
    if len(word) < FEWEST_LETTERS or not word[0].isalpha():
        return set()
    right = word[:3]
    slips = {right}
    for place in range(3):
        before, here, after = word[:place], word[place], word[place + 1 :]
        slips |= {before + letter + here + after for letter in _LETTERS}
        slips |= {before + letter + after for letter in _LETTERS}
        slips |= {before + after, before + after[:1] + here + after[1:]}
    # What begins right would be read twice.
    return {right, *(slip[:4] for slip in slips if not slip.startswith(right))}


def _spelled(typed: str, names: AbstractSet[str]) -> dict[str, int]:
    """The word itself, when it is a known name or none can be near it, and the names near it."""
    itself = {typed: 0} if typed in names or not _starts(typed) else {}
    return itself | _near(typed, names)


def _near(typed: str, names: Iterable[str]) -> dict[str, int]:
    """Those of the names that are near, with their slips; the nearest first."""
    if len(typed) < FEWEST_LETTERS:
        return {}
    allowed = 1 if len(typed) < LONG_NAME else 2
    slips = {name: OSA.distance(typed, name, score_cutoff=allowed) for name in names if name != typed}
    found = [name for name, count in slips.items() if count <= allowed]
    found.sort(key=lambda name: (slips[name], -JaroWinkler.similarity(typed, name), name))
    return {name: slips[name] for name in found[:MOST_SPELLINGS]}
