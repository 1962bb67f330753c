"""Risk scores as the rules give them to new customers, worked out once for everybody alike."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import numpy as np

from core.customers.risk import HAZARDOUS, OLD, REVIEW_MONTHS, YOUNG, Assessment, Facts, assess
from core.demo.columns import Bools, Column, Ints, pick, words
from core.demo.names import OCCUPATIONS
from core.demo.products import CATEGORIES
from core.kit.dates import add_months

_ON = date(2000, 6, 15)  # any day: the rules look at ages and spans alone
_MIDDLE = (YOUNG + OLD) // 2
_IS_HAZARDOUS = np.array([occupation.lower() in HAZARDOUS for occupation, _ in OCCUPATIONS])


@dataclass
class Risks:
    """One element per customer: both scores as the core writes them, and months between reviews."""

    score: Ints
    band: Column
    reasons: Column
    review_months: Ints


def assessed(age: Ints, occupation: Ints, category: Ints, is_pep: Bools) -> Risks:
    """What the rules say of customers who have just bought their first policy (domain.md section 7)."""
    # Only what the rules tell apart makes a combination.
    plain = int(np.flatnonzero(~_IS_HAZARDOUS)[0])
    facts = np.stack(
        [
            np.where((age < YOUNG) | (age > OLD), age, _MIDDLE),
            np.where(_IS_HAZARDOUS[occupation], occupation, plain),
            category,
            is_pep.astype(np.int64),
        ],
        axis=1,
    )
    kinds, which = np.unique(facts, axis=0, return_inverse=True)
    found = [_assess(*(int(value) for value in kind)) for kind in kinds]
    return Risks(
        score=np.array([one.score for one in found], dtype=np.int64)[which],
        band=pick(words([one.band.value for one in found]), which),
        reasons=pick(words([_told(one) for one in found]), which),
        review_months=np.array([REVIEW_MONTHS[one.aml_band] for one in found])[which],
    )


def _assess(age: int, occupation: int, category: int, is_pep: int) -> Assessment:
    return assess(
        Facts(
            date_of_birth=add_months(_ON, -12 * age),
            occupation=OCCUPATIONS[occupation][0],
            customer_since=_ON,
            claims=0,
            lines=1,
            categories=frozenset({CATEGORIES[category]}),
            has_single_premium=False,
            is_pep=bool(is_pep),
            country="USA",
        ),
        _ON,
    )


def _told(found: Assessment) -> str:
    return json.dumps(
        [
            {"score": which, "code": one.code, "label": one.label, "points": one.points}
            for which, reasons in (("risk", found.reasons), ("aml", found.aml_reasons))
            for one in reasons
        ]
    )
