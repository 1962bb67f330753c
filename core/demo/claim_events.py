"""What happened on claims: events with every change of the reserve, payments, and open tasks."""

from __future__ import annotations

import numpy as np

from core.demo import claims as c
from core.demo.claims import Claims
from core.demo.columns import Bools, Ints, dates, digits, joined, moments, money, pick, words
from core.demo.days import DAY
from core.demo.history import Steps
from core.demo.policies import Policies
from core.demo.world import World

EVENTS = words(
    ["reported", "reserve", "documents", "investigation", "assessment", "decision", "payment", "closed"]
)
_REPORTED, _RESERVE, _DOCUMENTS, _INVESTIGATION, _ASSESSMENT, _DECISION, _PAYMENT, _CLOSED = range(8)
TASKS = words(
    [
        "Ask for the missing invoice",
        "Call the claimant back",
        "Order an appraisal",
        "Check the new evidence",
    ]
)


def write_events(
    world: World, claims: Claims, steps: Steps, *, handler: Ints, assessor: Ints, decider: Ints
) -> None:
    """One row per step, and one per change of the reserve with what it changed by."""
    submitted, documents, investigated, assessed, decided, settled, withdrawn, closed, reopened = range(9)
    paid = claims.outcome == c.OUT_PAID
    none = np.zeros(len(claims), dtype=np.int64)
    did, at = steps.happens, steps.at
    refused = did[decided] & ~paid
    freed_at = np.where(refused, at[decided], np.where(did[withdrawn], at[withdrawn], at[settled]))
    over_at = np.where(did[withdrawn], at[withdrawn], at[closed])
    corrected = did[assessed] & (claims.assessed != claims.estimate)
    reserved = np.where(did[assessed], claims.assessed, claims.estimate)
    granted = np.where(paid, claims.assessed, 0)
    # Each with its kind, on which claims, when, by whom, and the amount if it has one.
    events: list[tuple[int, Bools, Ints, Ints, Ints | None]] = [
        (_REPORTED, did[submitted], at[submitted], handler, None),
        (_RESERVE, did[submitted], at[submitted], handler, claims.estimate),
        (_DOCUMENTS, did[documents], at[documents], handler, None),
        (_INVESTIGATION, did[investigated], at[investigated], handler, None),
        (_ASSESSMENT, did[assessed], at[assessed], assessor, claims.assessed),
        (_RESERVE, corrected, at[assessed], assessor, claims.assessed - claims.estimate),
        (_DECISION, did[decided], at[decided], decider, granted),
        (_PAYMENT, did[settled], at[settled], handler, claims.assessed),
        (_RESERVE, refused | did[settled] | did[withdrawn], freed_at, handler, -reserved),
        (_CLOSED, did[closed] | did[withdrawn], over_at, handler, None),
        (_RESERVE, did[reopened], at[reopened], handler, c.reopening_reserve(claims)),
    ]
    shape = (len(claims), len(events))
    happens = np.stack([e[1] for e in events], axis=1).ravel()
    amount = np.stack([none if e[4] is None else e[4] for e in events], axis=1).ravel()[happens]
    has_none = np.broadcast_to(np.array([e[4] is None for e in events]), shape).ravel()[happens]
    kind = np.broadcast_to(np.array([e[0] for e in events]), shape).ravel()[happens]
    world.sink.write(
        "claim_events",
        {
            "id": world.sink.ids("claim_events", len(kind)),
            "claim_id": np.repeat(claims.id, len(events))[happens],
            "event_type": pick(EVENTS, kind),
            "at": moments(world.days.utc(np.stack([e[2] for e in events], axis=1).ravel()[happens])),
            "actor_id": np.stack([e[3] for e in events], axis=1).ravel()[happens],
            "amount": money(amount, has_none),
        },
    )


def write_payments(
    world: World, claims: Claims, policies: Policies, was_settled: Bools, handler: Ints
) -> None:
    """One payment per settled claim, to the holder of the policy or, after a death, to the heirs."""
    row = np.flatnonzero(was_settled)
    ids = world.sink.ids("claim_payments", len(row))
    holder = policies.people.name.take(claims.policy[row])
    world.sink.write(
        "claim_payments",
        {
            "id": ids,
            "claim_id": claims.id[row],
            "amount": money(claims.assessed[row]),
            "paid_on": dates(claims.times[row, 4] // DAY),
            "payee": holder,
            "payment_reference": joined("PAY-", digits(ids, 8)),
            "paid_by": handler[row],
            "created_at": moments(world.days.utc(claims.times[row, 4])),
        },
    )


def write_tasks(world: World, claims: Claims, status: Ints, handler: Ints) -> None:
    """Something to do on most of the claims that wait for us."""
    waiting = np.isin(status, (c.SUBMITTED, c.DOCUMENTS, c.INVESTIGATION, c.REOPENED))
    row = np.flatnonzero(waiting & (claims.id % 4 != 0))
    title = np.where(status[row] == c.REOPENED, 3, claims.id[row] % 3)
    made = np.minimum(claims.times[row, 0], world.days.midnight - DAY // 2)
    due = world.days.after_working_days(np.full(len(row), world.days.now), claims.id[row] % 6 - 1)
    world.sink.write(
        "claim_tasks",
        {
            "id": world.sink.ids("claim_tasks", len(row)),
            "claim_id": claims.id[row],
            "title": pick(TASKS, title),
            "due_on": dates(due),
            "assigned_to": handler[row],
            "created_by": handler[row],
            "created_at": moments(world.days.utc(made)),
        },
    )
