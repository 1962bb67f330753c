"""How quick one search is among 10,000 and 1,000,000 customers and as many leads, by kind of query.

    python -m bench.search [--customers 10000 1000000] [--queries 1000] [--data-dir DIR]

Without DATABASE_URL it starts a server of its own in DIR. Makes a database per size and drops it.
Names follow the demo company's frequencies, so common ones are common. Prints the 50th and 95th
percentile and the longest of the statement's time in the database and of whole calls of
`search.search`, in milliseconds, and how often the page was right: the customer that was meant was
among the 20 hits or, where thousands fit what was typed as well, every hit fits it. Leads are looked for
in a round of their own, a third of them by last names that no customer has.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench import _database
from core import search
from core.access import Role, Viewer
from core.db import unit_of_work
from core.demo import names
from core.search import store

SIZES = (10_000, 1_000_000)
SEED = 7

# Squared random numbers make the first names of the lists the common ones.
FILL = """
insert into customers (
    first_name, last_name, date_of_birth, gender, email, phone_primary,
    address_line1, city, state, postal_code, agent_id, created_at
)
select
    first_name,
    last_name || case when n % 3 = 0 then
        (array['', 's', 'er', 'mann', 'ton', '-Lee', 'ez', 'ov'])[1 + n % 8] else '' end,
    date '1940-01-01' + (c * 24000)::int,
    'other',
    lower(first_name) || '.' || n || '@example.com',
    '+1 ' || (201 + n % 780) || '-' || lpad((n / 10000 % 1000)::text, 3, '0') || '-'
        || lpad((n::bigint * 7919 % 10000)::text, 4, '0'),
    n || ' Main Street',
    (array['Columbus', 'Dayton', 'Austin', 'Albany'])[1 + n % 4],
    (array['OH', 'TX', 'NY', 'CA'])[1 + n % 4],
    lpad((n % 99999)::text, 5, '0'),
    (select min(id) from users) + n % 1000,
    now() - make_interval(mins => n % 900000)
from (
    select
        n,
        random() as c,
        (cast(:given as text[]))[1 + floor(cast(:givens as int) * pow(random(), 1.7))::int] as first_name,
        (cast(:family as text[]))[1 + floor(cast(:families as int) * pow(random(), 1.5))::int] as last_name
    from generate_series(1, cast(:customers as int)) n
) numbers
"""
# Every fifth customer has a further phone and e-mail.
FURTHER = """
insert into contacts (customer_id, contact_type, contact_value)
select
    id,
    (array['mobile', 'email'])[k]::contact_type,
    (array[
        '+1 ' || (301 + id % 600) || '-' || lpad((id / 10000 % 1000)::text, 3, '0') || '-'
            || lpad((id * 6271 % 10000)::text, 4, '0'),
        lower(last_name) || '.' || id || '@work.example.com'
    ])[k]
from customers, generate_series(1, 2) k
where id % 5 = 0
"""
LEADS = """
insert into leads (first_name, last_name, email, phone, source_id, assigned_to)
select
    first_name,
    last_name || case when n % 3 = 0 then
        (array['quist', 'by', 'sen', 'wood', 'field', 'ham', 'more', 'dale'])[1 + n % 8] else '' end,
    lower(first_name) || '.lead' || n || '@example.com',
    '+1 ' || (201 + n % 780) || '-' || lpad((n / 10000 % 1000)::text, 3, '0') || '-'
        || lpad((n::bigint * 3571 % 10000)::text, 4, '0'),
    (select min(id) from lead_sources),
    (select min(id) from users) + n % 1000
from (
    select
        n,
        (cast(:given as text[]))[1 + floor(cast(:givens as int) * pow(random(), 1.7))::int] as first_name,
        (cast(:family as text[]))[1 + floor(cast(:families as int) * pow(random(), 1.5))::int] as last_name
    from generate_series(1, cast(:leads as int)) n
) numbers
"""
PEOPLE = """
insert into users (username, email, password_hash, first_name, last_name, role)
select 'u' || n, 'u' || n || '@example.com', '-', 'Ann', 'Agent' || n, 'agent'
from generate_series(1, 1000) n
"""


@dataclass(frozen=True)
class Person:
    """A customer or lead whom somebody looks for."""

    code: str
    first: str
    last: str
    email: str
    phone: str
    born: str
    further_phone: str
    further_email: str


def typo(word: str, dice: random.Random) -> str:
    """One slip: a letter left out, doubled, swapped or another one."""
    place = dice.randrange(1, max(len(word) - 1, 2))
    return dice.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:] if place < len(word) else word,
            word[: place - 1] + word[place : place + 1] + word[place - 1] + word[place + 1 :],
            word[:place] + dice.choice("aeiounst") + word[place + 1 :],
        )
    )


QUERIES: dict[str, Callable[[Person, random.Random], str]] = {
    "full name": lambda p, _: f"{p.first} {p.last}",
    "full name, lower case": lambda p, _: names.plain(f"{p.first} {p.last}").lower(),
    "words swapped": lambda p, _: f"{p.last}, {p.first}",
    "typo in the full name": lambda p, d: f"{p.first} {typo(p.last, d)}",
    "typo in the first name": lambda p, d: f"{typo(p.first, d)} {p.last}",
    "two slips": lambda p, d: f"{typo(p.first, d)} {typo(p.last, d)}",
    "last name alone": lambda p, _: p.last,
    "typo in a last name alone": lambda p, d: typo(p.last, d),
    "beginning of a name": lambda p, _: p.first[:4],
    "name and birth date": lambda p, _: f"{p.last} {p.born}",
    "birth date": lambda p, _: p.born,
    "e-mail": lambda p, _: p.email.upper(),
    "typo in the e-mail": lambda p, d: typo(p.email.split("@")[0], d) + "@example.com",
    "birth date in words": lambda p, _: f"{date.fromisoformat(p.born):%d %B %Y} {p.last}",
    "e-mail of nobody": lambda p, d: typo(typo(typo(p.first.lower(), d), d), d) + ".x@example.com",
    "further e-mail": lambda p, _: p.further_email,
    "further phone": lambda p, _: p.further_phone,
    "part of a further phone": lambda p, _: p.further_phone[7:],
    "phone as printed": lambda p, _: p.phone.replace("+1 ", "("),
    "last digits of the phone": lambda p, _: p.phone[-8:],
    "part of the phone": lambda p, _: p.phone[5:13],
    "customer code": lambda p, _: p.code,
    "number of the code": lambda p, _: p.code.removeprefix("C-").lstrip("0"),
    "part of the code": lambda p, _: p.code[3:7],
    "middle of the code": lambda p, _: p.code[4:7],
    "beginning of the code": lambda p, _: p.code[:-1],
    "nothing like it": lambda _, d: "".join(d.choice("qxzjkvw") for _ in range(9)),
}

LEAD_QUERIES: dict[str, Callable[[Person, random.Random], str]] = {
    f"lead: {kind}": QUERIES[kind]
    for kind in (
        "full name",
        "words swapped",
        "typo in the full name",
        "typo in the first name",
        "two slips",
        "last name alone",
        "typo in a last name alone",
        "e-mail",
        "phone as printed",
    )
}


def main() -> None:
    """Measure every size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--customers", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--data-dir", type=Path)
    chosen = parser.parse_args()
    with _database.server(chosen.data_dir) as url:
        for size in chosen.customers:
            with _database.migrated(url, f"search_{size}"):
                fill(size)
                _fill_leads(size)
                _search(size, chosen.queries)


def fill(size: int) -> None:
    """So many customers of a thousand agents, with further contacts."""
    began = time.perf_counter()
    with unit_of_work() as session:
        session.execute(text(PEOPLE))
        _fill(session, "customers", FILL, {"customers": size})
        session.execute(text(FURTHER))
        session.execute(text("analyze contacts"))
    print(f"{size:,} customers filled in {time.perf_counter() - began:.0f} s", flush=True)


def _fill_leads(size: int) -> None:
    """So many leads of the same agents."""
    began = time.perf_counter()
    with unit_of_work() as session:
        _fill(session, "leads", LEADS, {"leads": size})
    print(f"{size:,} leads filled in {time.perf_counter() - began:.0f} s", flush=True)


def _fill(session: Session, table: str, statement: str, values: dict[str, object]) -> None:
    """Runs an insert of invented names without triggers; the indexes are made afterwards."""
    session.execute(text("set local statement_timeout = 0"))
    session.execute(text("set local maintenance_work_mem = '512MB'"))
    session.execute(text(f"alter table {table} disable trigger user"))
    indexes = session.execute(
        text(
            "select indexname, indexdef from pg_indexes where tablename = :table and indexname like 'ix_%'"
        ),
        {"table": table},
    ).all()
    for one in indexes:
        session.execute(text(f"drop index {one.indexname}"))
    given, family = [*names.FEMALE, *names.MALE], list(names.FAMILY)
    people = {"given": given, "givens": len(given), "family": family, "families": len(family)}
    session.execute(text(statement), {**people, **values})
    for one in indexes:
        session.execute(text(one.indexdef))
    session.execute(text(f"analyze {table}"))
    session.execute(text(f"alter table {table} enable trigger user"))


def _leads(count: int, dice: random.Random, *, owner: int | None) -> list[Person]:
    """Leads whom somebody looks for: anybody, or those of one agent."""
    with unit_of_work() as session:
        most = session.scalar(text("select max(id) from leads")) or 1
        keys = [dice.randrange(1, most + 1) for _ in range(count * 2)]
        rows = session.execute(
            text(
                "select lead_code, first_name, last_name, email, phone, '', '', '' from leads"
                " where case when cast(:owner as bigint) is null then id = any(:keys)"
                " else assigned_to = :owner end order by id"
            ),
            {"keys": keys, "owner": owner},
        ).all()
    return [Person(*map(str, one)) for one in dice.choices(rows, k=count)]


def _people(count: int, dice: random.Random, *, owner: int | None) -> list[Person]:
    """Customers whom somebody looks for: anybody, or those of one agent's book."""
    with unit_of_work() as session:
        most = session.scalar(text("select max(id) from customers")) or 1
        keys = [dice.randrange(1, most + 1) for _ in range(count * 2)]
        rows = session.execute(
            text(
                "select customer_code, first_name, last_name, email, phone_primary, date_of_birth,"
                " coalesce(p.contact_value, phone_primary), coalesce(e.contact_value, email)"
                " from customers left join contacts p on p.customer_id = customers.id"
                " and p.contact_type = 'mobile' left join contacts e on e.customer_id = customers.id"
                " and e.contact_type = 'email'"
                " where case when cast(:owner as bigint) is null then customers.id = any(:keys)"
                " else agent_id = :owner end order by customers.id"
            ),
            {"keys": keys, "owner": owner},
        ).all()
    return [Person(*map(str, one)) for one in dice.choices(rows, k=count)]


def _search(size: int, queries: int) -> None:
    dice = random.Random(SEED)
    everybody = Viewer(user_id=1, username="x", name="Administrator", role=Role.ADMIN)
    agent = Viewer(user_id=5, username="y", name="Agent", role=Role.AGENT, agent_ids=frozenset({5}))
    inside = _time_inside()
    for viewer, who in ((everybody, "all rows"), (agent, "a book")):
        owner = None if viewer.sees_all else viewer.user_id
        _round(f"{size:,} customers, {who}", viewer, _people(queries, dice, owner=owner), QUERIES, inside)
        leads = _leads(queries, dice, owner=owner)
        _round(f"{size:,} leads, {who}", viewer, leads, LEAD_QUERIES, inside)


def _round(
    told: str,
    viewer: Viewer,
    people: Sequence[Person],
    kinds: dict[str, Callable[[Person, random.Random], str]],
    inside: list[float],
) -> None:
    """Looks for each of the people by one of the kinds of query in turn, and prints what it took."""
    dice = random.Random(SEED)
    whole: dict[str, list[float]] = defaultdict(list)
    found: dict[str, list[bool]] = defaultdict(list)
    statement: dict[str, list[float]] = defaultdict(list)
    for number, person in enumerate(people):
        kind = list(kinds)[number % len(kinds)]
        typed = kinds[kind](person, dice)
        began = time.perf_counter()
        hits = search.search(typed, by=viewer)
        whole[kind].append((time.perf_counter() - began) * 1000)
        statement[kind].append(inside[-1])
        found[kind].append(_is_right(kind.removeprefix("lead: "), person, hits.rows))
    _print(told, statement, whole, found)


# What names thousands of people: whether a hit has what was typed.
FITS: dict[str, Callable[[Person, str], bool]] = {
    "two slips": lambda p, title: title == f"{p.first} {p.last}",
    "last name alone": lambda p, title: names.plain(title).endswith(names.plain(p.last)),
    "typo in a last name alone": lambda p, title: names.plain(title).endswith(names.plain(p.last)),
    "beginning of a name": lambda p, title: p.first[:4].lower() in title.lower(),
    "birth date": lambda _p, _title: True,
    "part of the code": lambda _p, _title: True,
    "middle of the code": lambda _p, _title: True,
    "beginning of the code": lambda _p, _title: True,
    "part of a further phone": lambda _p, _title: True,
}


def _is_right(kind: str, person: Person, hits: Sequence[search.Hit]) -> bool:
    if person.code in {hit.code for hit in hits}:
        return True
    if kind in {"two slips", "typo in a last name alone"}:
        return any(FITS[kind](person, hit.title) for hit in hits)
    return bool(hits) and kind in FITS and all(FITS[kind](person, hit.title) for hit in hits)


def _time_inside() -> list[float]:
    """Collects how long each search waits for the database."""
    taken: list[float] = []
    plain = store.found

    def timed(*args: object, **kwargs: object) -> object:
        began = time.perf_counter()
        rows = plain(*args, **kwargs)  # type: ignore[arg-type]
        taken.append((time.perf_counter() - began) * 1000)
        return rows

    store.found = timed  # type: ignore[assignment]
    return taken


def _print(
    told: str,
    statement: dict[str, list[float]],
    whole: dict[str, list[float]],
    found: dict[str, list[bool]],
) -> None:
    print(f"\n{told}: statement p50 / p95 / max ms, whole call p50 / p95, found")
    everything = {"all": [ms for one in statement.values() for ms in one]}
    calls = {"all": [ms for one in whole.values() for ms in one]}
    for kind, taken in {**statement, **everything}.items():
        call = {**whole, **calls}[kind]
        hit = found.get(kind)
        share = f"{sum(hit) / len(hit):.0%}" if hit else ""
        print(
            f"{kind:<28} {statistics.median(taken):>7.1f} {_p95(taken):>7.1f} {max(taken):>7.1f}"
            f"   {statistics.median(call):>7.1f} {_p95(call):>7.1f}   {share}"
        )


def _p95(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95)]


if __name__ == "__main__":
    main()
