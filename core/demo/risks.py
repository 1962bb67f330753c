"""Risk scores as the rules give them today, worked out once for everybody who is alike to the rules."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from core.customers.risk import (
    HAZARDOUS,
    LONG_TENURE_MONTHS,
    OLD,
    REVIEW_MONTHS,
    YOUNG,
    Assessment,
    Facts,
    assess,
)
from core.demo.claims import Claims
from core.demo.columns import Bools, Column, Ints, pick, words
from core.demo.days import Days, days_since_1970, plus_months
from core.demo.names import OCCUPATIONS
from core.demo.policies import STATUSES, Policies, status_of
from core.demo.products import CATEGORIES, HEALTH, IS_LIFE
from core.dossiers.identity import CLAIM_MONTHS
from core.kit.dates import add_months
from core.policies import POLICY

_ON = date(2000, 6, 15)  # any day: the rules look at ages and spans alone
_MIDDLE = (YOUNG + OLD) // 2
_IS_HAZARDOUS = np.array([occupation.lower() in HAZARDOUS for occupation, _ in OCCUPATIONS])
_PLAIN = int(np.flatnonzero(~_IS_HAZARDOUS)[0])
_IN_FORCE = np.isin(STATUSES, POLICY.flagged("in_force"))
_LINE = np.select([IS_LIFE, np.arange(len(CATEGORIES)) == HEALTH], [0, 1], 2)


@dataclass
class Book:
    """One element per customer, today: claims of three years, and categories in force."""

    claims: Ints
    in_force: Bools  # [:, category]

    @staticmethod
    def of(days: Days, ids: Ints, policies: Policies, claims: Claims) -> Book:
        """What the customers with these ids, one after the other, hold and have claimed."""
        holder = policies.customer - ids[0]
        in_force = np.zeros((len(ids), len(CATEGORIES)), dtype=bool)
        row = np.flatnonzero(_IN_FORCE[status_of(policies, days.now)])
        in_force[holder[row], policies.terms.category[row]] = True
        since = days_since_1970(add_months(days.today, -CLAIM_MONTHS))
        claimed = holder[claims.policy[claims.reported >= since]]
        return Book(np.bincount(claimed, minlength=len(ids)), in_force)


@dataclass
class Risks:
    """One element per customer: both scores as the core writes them, and months between reviews."""

    score: Ints
    band: Column
    reasons: Column
    review_months: Ints


def assessed(days: Days, born: Ints, since: Ints, occupation: Ints, is_pep: Bools, book: Book) -> Risks:
    """What the rules say today of people who became customers on the days `since`."""
    age = _ages(born, days.today)
    is_long = plus_months(since, np.full(len(since), LONG_TENURE_MONTHS)) <= days.now
    # Only what the rules tell apart makes a combination.
    facts = np.stack(
        [
            np.where((age < YOUNG) | (age > OLD), age, _MIDDLE),
            np.where(_IS_HAZARDOUS[occupation], occupation, _PLAIN),
            is_long,
            book.claims,
            book.in_force @ (1 << np.arange(len(CATEGORIES))),
            is_pep,
        ],
        axis=1,
    )
    kinds, which = np.unique(facts.astype(np.int64), axis=0, return_inverse=True)
    found = [_assess(*(int(value) for value in kind)) for kind in kinds]
    return Risks(
        score=np.array([one.score for one, _ in found], dtype=np.int64)[which],
        band=pick(words([one.band.value for one, _ in found]), which),
        reasons=pick(words([told for _, told in found]), which),
        review_months=np.array([REVIEW_MONTHS[one.aml_band] for one, _ in found])[which],
    )


def _ages(born: Ints, today: date) -> Ints:
    """Completed years, as core.kit.dates.age_last_birthday counts them."""
    month = born.astype("datetime64[D]").astype("datetime64[M]")
    day = born - month.astype("datetime64[D]").astype(np.int64) + 1
    year, of_year = np.divmod(month.astype(np.int64), 12)
    had_birthday = (of_year + 1) * 100 + day <= today.month * 100 + today.day
    ages: Ints = today.year - 1970 - year - np.where(had_birthday, 0, 1)
    return ages


@lru_cache(maxsize=20_000)
def _assess(
    age: int, occupation: int, is_long: int, claims: int, in_force: int, is_pep: int
) -> tuple[Assessment, str]:
    """The assessment of a combination, and its reasons as they are kept."""
    held = [place for place in range(len(CATEGORIES)) if in_force >> place & 1]
    found = assess(
        Facts(
            date_of_birth=add_months(_ON, -12 * age),
            occupation=OCCUPATIONS[occupation][0],
            customer_since=add_months(_ON, -LONG_TENURE_MONTHS) if is_long else _ON,
            claims=claims,
            lines=len({int(_LINE[place]) for place in held}),
            categories=frozenset(CATEGORIES[place] for place in held),
            has_single_premium=False,  # no product is sold so
            is_pep=bool(is_pep),
            country="USA",
        ),
        _ON,
    )
    return found, _told(found)


def _told(found: Assessment) -> str:
    return json.dumps(
        [
            {"score": which, "code": one.code, "label": one.label, "points": one.points}
            for which, reasons in (("risk", found.reasons), ("aml", found.aml_reasons))
            for one in reasons
        ]
    )
