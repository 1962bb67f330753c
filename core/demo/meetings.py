"""Appointments: those of the past with what became of them, and those of the next two weeks."""

from __future__ import annotations

import numpy as np

from core.demo.columns import Bools, Ints, moments, optional, pick, words
from core.demo.days import DAY, HOUR
from core.demo.history import Steps
from core.demo.leads import PROPOSAL, QUALIFIED, WON, Leads
from core.demo.people import CITY
from core.demo.world import World

MODES = words(["in_person", "phone", "video", "online"])
TYPES = words(["initial_meeting", "proposal", "closing"])
STATUS_NAMES = ("scheduled", "completed", "no_show", "cancelled", "rescheduled")
STATUSES = words(STATUS_NAMES)
SCHEDULED, COMPLETED, NO_SHOW, CANCELLED, RESCHEDULED = range(5)
OUTCOMES = words(["Needs and budget agreed.", "Will decide by Friday.", "Wants a second offer.", "Signed."])
# Hours at which meetings begin; none lasts longer than an hour.
SLOTS = np.array([9, 10, 11, 13, 14, 15, 16]) * HOUR
WORKING_DAYS_AHEAD = 10


def write_meetings(world: World, rng: np.random.Generator, leads: Leads, stage: Ints) -> None:
    """Meetings held with leads that were qualified, now over; some had to be moved to the next day."""
    met = np.flatnonzero((leads.furthest >= QUALIFIED) & (stage >= WON) & (rng.random(len(leads)) < 0.4))
    day = (leads.entered[met, 2] + leads.closed[met]) // 2 // DAY
    # On the day after qualification, and never after the end.
    begins = day * DAY + SLOTS[rng.integers(0, len(SLOTS), len(met))]
    fits = (begins > leads.entered[met, 2]) & (begins + HOUR < leads.closed[met])
    met, begins = met[fits], begins[fits]
    status = COMPLETED + np.searchsorted([0.82, 0.89, 0.95], rng.random(len(met)), side="right")
    first = _write(world, rng, leads, met, begins, status)
    moved = status == RESCHEDULED
    _write(
        world,
        rng,
        leads,
        met[moved],
        begins[moved] + HOUR // 2,
        np.full(moved.sum(), COMPLETED),
        first[moved],
    )


def plan_meetings(
    world: World, rng: np.random.Generator, leads: Leads, stage: Ints, taken: dict[int, set[int]]
) -> None:
    """Meetings of the coming days with open leads, one slot each; `taken` are slots by user id."""
    due = np.flatnonzero((stage >= QUALIFIED) & (stage <= PROPOSAL) & (rng.random(len(leads)) < 0.45))
    slots = WORKING_DAYS_AHEAD * len(SLOTS)
    rows, chosen = [], []
    for row in due:
        used = taken.setdefault(int(leads.agent[row]), set())
        # The first goes to today, so that everybody who sells meets somebody.
        slot = len(SLOTS) // 2 if not used else int(rng.integers(0, slots))
        if slot not in used:
            used.add(slot)
            rows.append(row)
            chosen.append(slot)
    picked = np.array(chosen, dtype=np.int64)
    today = np.full(len(picked), world.days.now)
    ahead = picked // len(SLOTS)
    day = np.where(ahead == 0, today, world.days.after_working_days(today + 1, np.maximum(ahead - 1, 0)))
    begins = day * DAY + SLOTS[picked % len(SLOTS)]
    _write(world, rng, leads, np.array(rows, dtype=np.int64), begins, np.full(len(picked), SCHEDULED))


def _write(
    world: World,
    rng: np.random.Generator,
    leads: Leads,
    row: Ints,
    begins: Ints,
    status: Ints,
    instead_of: Ints | None = None,
) -> Ints:
    count, utc = len(row), world.days.utc
    ids = world.sink.ids("appointments", count)
    kind = np.minimum(np.maximum(leads.furthest[row] - QUALIFIED, 0), 2)
    mode = np.searchsorted([0.5, 0.7, 0.9], rng.random(count), side="right")
    held: Bools = status == COMPLETED
    minutes = rng.choice([30, 45, 60], count)
    made = np.maximum(leads.created[row], begins - 5 * DAY)
    made = np.minimum(made, world.days.midnight - 1)
    changed = np.where(status == SCHEDULED, made, begins + np.where(held, HOUR, 0))
    steps = Steps(count)
    user, role = world.agent_user[leads.agent[row]], world.agent_role[leads.agent[row]]
    steps.add(SCHEDULED, made, actor=user, role=role)
    steps.add(status, changed, where=status != SCHEDULED, actor=user, role=role)
    steps.write(world, "appointment", ids, STATUS_NAMES)
    before = np.zeros(count, dtype=np.int64) if instead_of is None else instead_of
    world.sink.write(
        "appointments",
        {
            "id": ids,
            "lead_id": leads.id[row],
            "agent_id": world.agent_user[leads.agent[row]],
            "appointment_type": pick(TYPES, kind),
            "scheduled_datetime": moments(utc(begins)),
            "ends_at": moments(utc(begins + minutes * 60)),
            "actual_datetime": moments(utc(begins + 300), ~held),
            "location": pick(CITY, leads.people.city[row], mode != 0),
            "mode": pick(MODES, mode),
            "status": pick(STATUSES, status),
            "status_changed_at": moments(utc(changed)),
            "rescheduled_from_id": optional(before, np.full(count, instead_of is None)),
            "outcome": pick(OUTCOMES, rng.integers(0, len(OUTCOMES), count), ~held),
            "created_at": moments(utc(made)),
            "updated_at": moments(utc(changed)),
        },
    )
    return ids
