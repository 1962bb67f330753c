"""Leads: how they come, move through the stages, and are won, lost or still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np

from core.demo.columns import Bools, Ints, choose
from core.demo.company import Company
from core.demo.days import DAY, HOUR, LEADS_BY_WEEKDAY, in_office_hours, weekdays
from core.demo.people import People
from core.demo.terms import Terms

NEW, CONTACTED, QUALIFIED, PROPOSAL, WON, LOST = range(6)
STAGES = ("new", "contacted", "qualified", "proposal", "won", "lost")


@dataclass(frozen=True, slots=True)
class Source:
    """A lead source by name: its share of leads and how many of them are won (domain.md 10)."""

    name: str
    share: float
    win_rate: float


SOURCES = (
    Source("Referral", 0.34, 0.25),
    Source("Walk-in", 0.18, 0.20),
    Source("Partner", 0.20, 0.12),
    Source("Website", 0.15, 0.09),
    Source("Event", 0.05, 0.08),
    Source("Shared web leads", 0.05, 0.04),
    Source("Aged web leads", 0.03, 0.03),
)
SHARE = np.array([s.share for s in SOURCES])
WIN_RATE = np.array([s.win_rate for s in SOURCES])
WON_SHARE = SHARE * WIN_RATE / (SHARE * WIN_RATE).sum()
LOST_PER_WON = (1 - WIN_RATE) / WIN_RATE
# From stage to stage for web leads; other sources scale the exponents to their own win rate.
_PASS = np.array([0.60, 0.50, 0.65, 0.45])
_PASS_BY_SOURCE = _PASS[None, :] ** (np.log(WIN_RATE) / np.log(_PASS.prod()))[:, None]
# Of those lost, the share that got no further than each stage.
_LOST_AT = np.cumprod(np.hstack([np.ones((len(SOURCES), 1)), _PASS_BY_SOURCE[:, :3]]), axis=1) * (
    1 - _PASS_BY_SOURCE
)
_LOST_AT_CUMULATIVE = np.cumsum(_LOST_AT, axis=1) / _LOST_AT.sum(axis=1)[:, None]

# Median days from entry to the end, by how far it got, and by category.
_CYCLE = np.array([2.5, 8.0, 17.0, 30.0, 21.0])
_CYCLE_BY_CATEGORY = np.array([1.25, 1.4, 1.3, 1.4, 1.0, 0.65, 0.9])
# A median of 2.4 hours to the first contact; eight minutes at the first quartile would be wider.
_FIRST_CONTACT = 2.4 * HOUR * 24 / 9
LONGEST_CYCLE = 150


@dataclass
class Leads:
    """One element per lead; times in local seconds. Open ones end in the future."""

    people: People
    source: Ints
    terms: Terms
    agent: Ints
    area: Ints
    furthest: Ints  # NEW .. WON, as it will turn out
    created: Ints
    entered: Ints  # [:, stage]: entry into contacted, qualified, proposal; column 0 is created
    closed: Ints
    has_value: Bools
    is_reopened: Bools
    customer: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    id: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def __len__(self) -> int:
        return len(self.source)

    def stage_at(self, midnight: int) -> Ints:
        """The status at the beginning of today."""
        reached = (self.entered < midnight) & (np.arange(4)[None, :] <= self.furthest[:, None])
        stage = reached.sum(axis=1) - 1
        ended = np.where(self.furthest == WON, WON, LOST)
        return np.where(self.closed < midnight, ended, stage)

    def select(self, rows: Ints | Bools) -> Leads:
        """Some of them, in that order."""
        index: Ints = np.arange(len(self))[rows]
        plain = {name: getattr(self, name)[index] for name in COLUMNS}
        return Leads(people=self.people.select(index), terms=self.terms.select(index), **plain)


# What leads have one value of each; the ids come last, when all of them are in order.
COLUMNS = tuple(one.name for one in fields(Leads) if one.name not in {"people", "terms", "id"})


def draw_sources(rng: np.random.Generator, count: int, *, won: bool) -> Ints:
    """Sources of leads that come in, or of those that are won."""
    share = WON_SHARE if won else SHARE
    return choose(rng, count, np.cumsum(share)[:-1] / share.sum())


def lost_for(rng: np.random.Generator, won: Ints) -> Ints:
    """Sources of the leads that are lost for every one won, at each source's rate."""
    per_source = np.bincount(won, minlength=len(SOURCES)) * LOST_PER_WON
    count = np.floor(per_source + rng.random(len(SOURCES))).astype(np.int64)
    return np.repeat(np.arange(len(SOURCES)), count)


def furthest_of_lost(rng: np.random.Generator, source: Ints) -> Ints:
    """The last stage that lost leads reach."""
    chance = rng.random(len(source))[:, None]
    passed: Ints = (chance >= _LOST_AT_CUMULATIVE[source][:, :-1]).sum(axis=1)
    return passed


def timeline(
    rng: np.random.Generator, furthest: Ints, category: Ints, closed: Ints, last_created: int
) -> tuple[Ints, Ints, Ints]:
    """(created, entered, closed) in local seconds, given the second of the end."""
    count = len(furthest)
    cycle = _CYCLE[furthest] * _CYCLE_BY_CATEGORY[category] * np.exp(0.6 * rng.standard_normal(count))
    cycle = np.clip(cycle, 0.3, LONGEST_CYCLE)
    created = _on_lead_days(rng, closed - (cycle * DAY).astype(np.int64), closed, last_created)
    length = closed - created
    delay = _FIRST_CONTACT * np.exp(2.0 * rng.standard_normal(count))
    contacted = np.minimum(delay, 0.5 * length)
    rest = length - contacted
    to_qualified = 0.08 + 0.35 * rng.random(count)
    to_proposal = to_qualified + (0.9 - to_qualified) * (0.15 + 0.5 * rng.random(count))
    entered = np.stack(
        [
            created,
            created + contacted,
            created + contacted + rest * to_qualified,
            created + contacted + rest * to_proposal,
        ],
        axis=1,
    ).astype(np.int64)
    entered = in_office_hours(entered)
    return entered[:, 0], entered, in_office_hours(closed)


def _on_lead_days(rng: np.random.Generator, created: Ints, closed: Ints, last_created: int) -> Ints:
    """Moved within the week so that weekdays get their share (domain.md section 10)."""
    day = created // DAY
    share = np.cumsum(LEADS_BY_WEEKDAY)[:-1] / LEADS_BY_WEEKDAY.sum()
    weekday = np.searchsorted(share, rng.random(len(day)), side="right")
    moved = created + (weekday - weekdays(day)) * DAY
    fits = (moved < closed - 2 * HOUR) & (moved < last_created)
    return np.where(fits, moved, created)


def build(
    rng: np.random.Generator,
    company: Company,
    *,
    people: People,
    source: Ints,
    terms: Terms,
    agent: Ints,
    area: Ints,
    furthest: Ints,
    closed: Ints,
) -> Leads:
    """Leads that end at the given seconds, with everything between entry and end."""
    midnight = company.days.midnight
    created, entered, closed = timeline(rng, furthest, terms.category, closed, midnight)
    count = len(source)
    is_lost = (furthest >= CONTACTED) & (furthest < WON) & (closed < midnight - 10 * DAY)
    return Leads(
        people=people,
        source=source,
        terms=terms,
        agent=agent,
        area=area,
        furthest=furthest,
        created=created,
        entered=entered,
        closed=closed,
        has_value=(furthest >= QUALIFIED) | (rng.random(count) < 0.6),
        is_reopened=is_lost & (rng.random(count) < 0.012),
        customer=np.zeros(count, dtype=np.int64),
    )


def merged(parts: Sequence[Leads]) -> Leads:
    """All of them, in the order in which they came in."""
    first, *others = parts
    people, terms = first.people, first.terms
    for other in others:
        people = people.followed_by(other.people)
        terms = Terms(**{k: np.concatenate([v, getattr(other.terms, k)]) for k, v in vars(terms).items()})
    plain = {name: np.concatenate([getattr(p, name) for p in parts]) for name in COLUMNS}
    whole = Leads(people=people, terms=terms, **plain)
    return whole.select(np.argsort(whole.created, kind="stable"))


def value_cents(leads: Leads, stage: Ints) -> tuple[Ints, Bools]:
    """Expected premium: what was agreed when won, else an estimate in round numbers; (cents, missing)."""
    estimate = np.maximum(np.rint(leads.terms.annual / 5_000) * 5_000, 5_000).astype(np.int64)
    cents = np.where(stage == WON, leads.terms.annual, estimate)
    missing = ~leads.has_value & (stage != WON)
    return cents, missing
