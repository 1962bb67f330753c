"""Fraud rules that fired on claims, with their points (domain.md section 6)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.demo.claims import Claims
from core.demo.columns import Bools, Ints, moments, words
from core.demo.days import DAY, in_office_hours
from core.demo.policies import Policies
from core.demo.world import World

# Code, points and explanation of each.
RULES = (
    ("EARLY_LOSS", 25, "The loss came less than 60 days after cover began."),
    ("LATE_REPORT", 10, "It was reported more than 30 days after the loss."),
    ("NEAR_LIMIT", 10, "The amount is 90 % of the limit or more."),
    ("DOCUMENT_ANOMALY", 20, "Something is wrong with a document."),
)


@dataclass
class Flags:
    """Whether each rule fired on each claim."""

    fired: list[Bools]

    @staticmethod
    def of(claims: Claims, policies: Policies) -> Flags:
        """Look at every claim as the rules do."""
        start = policies.effective[claims.policy]
        limit = policies.terms.cover[claims.policy]
        return Flags(
            [
                claims.loss - start < 60,
                claims.reported - claims.loss > 30,
                claims.estimate * 10 >= limit * 9,
                claims.investigated,
            ]
        )

    @property
    def points(self) -> Ints:
        """The sum of the points of the rules that fired."""
        total = np.zeros(len(self.fired[0]), dtype=np.int64)
        for (_, points, _), fired in zip(RULES, self.fired, strict=True):
            total += points * fired
        return total


def raise_flags(world: World, claims: Claims, flags: Flags) -> None:
    """One row per rule and claim on which it fired."""
    for (code, points, explanation), fired in zip(RULES, flags.fired, strict=True):
        row = np.flatnonzero(fired)
        world.sink.write(
            "claim_flags",
            {
                "id": world.sink.ids("claim_flags", len(row)),
                "claim_id": claims.id[row],
                "kind": "fraud",
                "code": words([code]).take(np.zeros(len(row), dtype=np.int64)),
                "points": np.full(len(row), points),
                "explanation": explanation,
                "created_at": moments(world.days.utc(in_office_hours(claims.reported[row] * DAY))),
            },
        )
