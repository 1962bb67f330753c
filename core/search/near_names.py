"""Last names that are a slip or two away from what was typed.

A trigram index needs three letters in a row to be right, which a slip in a short name leaves hardly
any of. The distinct last names are few beside the customers, and an index gives them one after the
other (a loose index scan), so those with the same first letter are read and compared letter by letter.
"""

from __future__ import annotations

from rapidfuzz.distance import OSA, JaroWinkler
from sqlalchemy import text
from sqlalchemy.orm import Session

# More names with one first letter are not compared: it would take longer than the rest of a search.
MOST_READ = 4_000
MOST_NAMES = 4
FEWEST_LETTERS = 3
LONG_NAME = 6

_DISTINCT = text("""
with recursive known(name) as (
    (
        select search_last_name from customers
        where search_last_name ~>=~ :low and search_last_name ~<~ :high
        order by search_last_name using ~<~ limit 1
    )
    union all
    select (
        select c.search_last_name from customers c
        where c.search_last_name ~>~ k.name and c.search_last_name ~<~ :high
        order by c.search_last_name using ~<~ limit 1
    )
    from known k where k.name is not null
)
select name from known where name is not null limit :most
""")


def near(session: Session, word: str) -> list[str]:
    """Last names at most one slip from a short word, two from a longer one; the nearest first.

    A slip is a letter left out, put in, another one, or two swapped. Names to the letter are left out.
    """
    typed = str(session.scalar(text("select plain_text(:word)"), {"word": word}))
    if len(typed) < FEWEST_LETTERS or not typed[0].isalpha():
        return []
    given = {"low": typed[0], "high": chr(ord(typed[0]) + 1), "most": MOST_READ}
    allowed = 1 if len(typed) < LONG_NAME else 2
    slips = {
        name: OSA.distance(typed, name, score_cutoff=allowed)
        for name in session.scalars(_DISTINCT, given)
        if name != typed
    }
    found = [name for name, count in slips.items() if count <= allowed]
    found.sort(key=lambda name: (slips[name], -JaroWinkler.similarity(typed, name)))
    return found[:MOST_NAMES]
