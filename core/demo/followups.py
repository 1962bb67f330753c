"""Follow-ups: the ones that moved leads along, the ones that were missed, and those that are due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.demo.columns import Bools, Ints, moments, optional, pick, words
from core.demo.days import DAY, HOUR, in_office_hours
from core.demo.history import Steps
from core.demo.leads import Leads
from core.demo.world import World

MINUTE = 60
_LAST = 8 * HOUR  # from opening to the last time that anything is planned for
_LATE = 28  # quarters of an hour from opening to late in the afternoon
TYPES = words(["call", "email", "meeting", "message"])
DIRECTIONS = words(["outbound", "inbound"])
STATUS_NAMES = ("planned", "completed", "missed")
STATUSES = words(STATUS_NAMES)
PLANNED, COMPLETED, MISSED = range(3)
OUTCOMES = words(
    [
        "Reached, interested.",
        "Agreed on needs and budget.",
        "Sent the quote and went through it.",
        "Wants to think it over.",
        "Asked for a lower premium.",
        "Will send the documents.",
    ]
)
NOTES = words(
    [
        "Left a voicemail.",
        "Compare with the current policy.",
        "Ask about the second car.",
        "Bring the brochure.",
        "Confirm the date of birth.",
        "Spouse wants to join.",
    ]
)
# Overdue, today, tomorrow; the rest within the next two weeks.
DUE_SHARES = (0.13, 0.33, 0.48)


@dataclass
class Planned:
    """Follow-ups that lie ahead: the row of the lead, and the local second."""

    row: Ints
    at: Ints

    @staticmethod
    def none() -> Planned:
        """No follow-up."""
        return Planned(np.zeros(0, np.int64), np.zeros(0, np.int64))

    def at_of(self, count: int) -> Ints:
        """By lead, 0 where there is none."""
        found = np.zeros(count, dtype=np.int64)
        found[self.row] = self.at
        return found

    def is_missing(self, count: int) -> Bools:
        """By lead."""
        missing = np.ones(count, dtype=bool)
        missing[self.row] = False
        return missing


def plan(world: World, rng: np.random.Generator, leads: Leads, row: Ints) -> Planned:
    """The next step with open leads: some overdue, some today, so that everybody has work to do."""
    if len(row) == 0:
        return Planned.none()
    row = row[np.argsort(leads.agent[row], kind="stable")]
    return Planned(row, _next_step(world, rng, leads.agent[row], leads.created[row]))


def _next_step(world: World, rng: np.random.Generator, agent: Ints, since: Ints) -> Ints:
    """When it is planned, for rows that stand agent by agent; never before `since`."""
    # An evenly spread share per agent: whoever has ten has overdue ones, some today and so on.
    count = len(agent)
    starts = np.r_[True, agent[1:] != agent[:-1]]
    rank = np.arange(count) - np.maximum.accumulate(np.where(starts, np.arange(count), 0))
    share = (0.05 + rank * 0.6180339887) % 1.0
    days, today = world.days, np.full(count, world.days.now)
    overdue = days.working_day(today - rng.integers(1, 5, count), back=True)
    # The clock calls them missed after a day: half of them are late since yesterday afternoon.
    lately = rng.random(count) < 0.5
    overdue = np.where(lately, today - 1, overdue)
    soon = days.after_working_days(today + 1, rng.integers(1, 10, count))
    choice = np.searchsorted(DUE_SHARES, share, side="right")
    day = np.select(
        [choice == 0, choice == 1, choice == 2], [overdue, today, days.working_day(today + 1)], soon
    )
    quarter = rng.integers(0, _LAST // (15 * MINUTE), count)
    quarter = np.where((choice == 0) & lately, _LATE + quarter // 8, quarter)
    at = day * DAY + int(8.5 * HOUR) + quarter * 15 * MINUTE
    return np.maximum(at, since + 2 * HOUR)


@dataclass
class Whose:
    """Whom contacts are with and whose they are: the column that points at the deal, one element each."""

    column: str
    id: Ints
    agent: Ints  # positions of agents


def write_followups(
    world: World, rng: np.random.Generator, leads: Leads, stage: Ints, planned: Planned
) -> None:
    """The history of contacts of these leads, and what is planned with them."""
    midnight = world.days.midnight
    whose = Whose("lead_id", leads.id, leads.agent)
    reached = (leads.entered < midnight) & (np.arange(4)[None, :] <= leads.furthest[:, None])
    second, third = rng.random(len(leads)), rng.random(len(leads))
    groups = [
        # Nobody is contacted without a completed follow-up.
        _done(np.flatnonzero(reached[:, 1]), leads.entered[:, 1] - 2 * MINUTE, leads.created),
        _done(
            np.flatnonzero(reached[:, 2] & (second < 0.6)),
            in_office_hours((leads.entered[:, 1] + leads.entered[:, 2]) // 2),
            leads.entered[:, 1],
        ),
        _done(
            np.flatnonzero(reached[:, 3] & (third < 0.7)),
            np.minimum(in_office_hours((leads.entered[:, 3] + leads.closed) // 2), midnight - DAY // 2),
            leads.entered[:, 3],
        ),
        _missed(leads, np.flatnonzero(~reached[:, 1] & (stage >= 4) & (second < 0.6))),
    ]
    for group in groups:
        _write(world, rng, whose, group)
    last = leads.entered[np.arange(len(leads)), np.minimum(stage, 3)]
    _write(world, rng, whose, _ahead(planned.row, planned.at, last))


def write_contacts_of_deals(
    world: World, rng: np.random.Generator, whose: Whose, entered: Ints, open_at: Ints
) -> None:
    """A contact before each stage that was `entered`, and the next step with most that are open.

    `entered` has a column per stage, 0 where it was not reached; `open_at` tells when the stage of an
    open one began, 0 for closed ones.
    """
    for stage in range(1, entered.shape[1]):
        row = np.flatnonzero(entered[:, stage])
        _write(world, rng, whose, _done(row, entered[:, stage] - 2 * MINUTE, entered[:, stage - 1]))
    row = np.flatnonzero((open_at > 0) & (rng.random(len(open_at)) < 0.8))
    at = _next_step(world, rng, whose.agent[row], open_at[row])
    _write(world, rng, whose, _ahead(row, at, open_at))


def _ahead(row: Ints, at: Ints, since: Ints) -> dict[str, Any]:
    return {"row": row, "status": PLANNED, "planned": at, "done": at, "made": since[row]}


def _done(row: Ints, at: Ints, after: Ints) -> dict[str, Any]:
    done = np.maximum(at, after)[row]
    return {"row": row, "status": COMPLETED, "planned": done, "done": done, "made": after[row]}


def _missed(leads: Leads, row: Ints) -> dict[str, Any]:
    at = (leads.created[row] + leads.closed[row]) // 2
    return {"row": row, "status": MISSED, "planned": at, "done": at, "made": leads.created[row]}


def _write(world: World, rng: np.random.Generator, whose: Whose, group: dict[str, Any]) -> None:
    row, status = group["row"], group["status"]
    count, utc = len(row), world.days.utc
    is_done = np.full(count, status == COMPLETED)
    kind = np.searchsorted([0.6, 0.82, 0.9], rng.random(count), side="right")
    minutes = np.maximum(2, rng.lognormal(2.3, 0.6, count)).astype(np.int64)
    changed = np.where(is_done, group["done"], group["made"])
    if status == MISSED:  # set by the clock a day later
        changed = np.minimum(group["planned"] + DAY, world.days.midnight - 1)
    ids = world.sink.ids("followups", count)
    steps = Steps(count)
    user, role = world.agent_user[whose.agent[row]], world.agent_role[whose.agent[row]]
    steps.add(PLANNED, group["made"], actor=user, role=role)
    if status == COMPLETED:
        steps.add(COMPLETED, changed, actor=user, role=role)
    elif status == MISSED:
        steps.add(MISSED, changed)
    steps.write(world, "followup", ids, STATUS_NAMES)
    world.sink.write(
        "followups",
        {
            "id": ids,
            whose.column: whose.id[row],
            "agent_id": user,
            "type": pick(TYPES, kind),
            "direction": pick(DIRECTIONS, (rng.random(count) < 0.15).astype(np.int64)),
            "status": pick(STATUSES, np.full(count, status)),
            "status_changed_at": moments(utc(changed)),
            "scheduled_at": moments(utc(group["planned"])),
            "completed_at": moments(utc(group["done"]), ~is_done),
            "duration_minutes": optional(minutes, ~is_done | (kind == 1)),
            "notes": pick(NOTES, rng.integers(0, len(NOTES), count), rng.random(count) > 0.3),
            "outcome": pick(OUTCOMES, rng.integers(0, len(OUTCOMES), count), ~is_done),
            "created_at": moments(utc(group["made"])),
            "updated_at": moments(utc(changed)),
        },
    )
