"""Names that are a slip or two away from what was typed.

A trigram index needs three letters in a row to be right, which a slip in a short name leaves hardly
any of. The distinct first and last names are few beside the customers, and an index gives them one
after the other (a loose index scan), so those that begin like it are read and compared letter by letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from string import ascii_lowercase

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


def _distinct(first: str, following: str, column: str) -> TextClause:
    """Distinct names within ranges, of all ranges in turn, so that a long one takes no other's place."""
    return text(f"""
with recursive known(high, name) as (
    select r.high, (
        select {column} from customers
        where {first} ~>=~ r.low and {first} ~<~ r.high order by {first} using ~<~ limit 1
    )
    from unnest(cast(:low as text[]), cast(:high as text[])) r(low, high)
    union all
    select k.high, (
        select {column} from customers
        where {following} and {first} ~<~ k.high order by {first} using ~<~ limit 1
    )
    from known k where k.name is not null
)
select name from known where name is not null limit :most
""")  # noqa: S608  # constants of this module


_LAST_NAMES = _distinct("search_last_name", "search_last_name ~>~ k.name", "search_last_name")
# What follows every "ann ..." begins with "ann!" or later: the sign after the space.
_FIRST_NAMES = _distinct(
    "search_name", "search_name ~>=~ (k.name || '!')", "split_part(search_name, ' ', 1)"
)


def near(session: Session, word: str) -> list[str]:
    """Last names at most one slip from a short word, two from a longer one; the nearest first.

    A slip is a letter left out, put in, another one, or two swapped. Names to the letter are left out.
    """
    (typed,) = _plain(session, [word])
    return list(_near(typed, _read(session, _LAST_NAMES, [typed])))[:MOST_NAMES]


def spellings(session: Session, words: Sequence[str]) -> list[tuple[str, str]]:
    """Known first and last names that the words may stand for.

    The nearest first; what was typed to the letter is left out.
    """
    ways = _ways(_plain(session, words))
    first_names = _read(session, _FIRST_NAMES, [first for first, _ in ways])
    last_names = _read(session, _LAST_NAMES, [last for _, last in ways])
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


def _read(session: Session, statement: TextClause, words: Iterable[str]) -> set[str]:
    """The distinct names that may be meant by one of the words."""
    ranges = {start for word in words for start in _starts(word)}
    if not ranges:
        return set()
    low = sorted(ranges)
    given = {"low": low, "high": [one[:-1] + chr(ord(one[-1]) + 1) for one in low], "most": MOST_READ}
    return set(session.scalars(statement, given))


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
