"""What the clock does by itself: what is due on a day, agents who move, leftover files, refreshes.

Each job may run any number of times and passes by rows that somebody is working on, so two servers
on one database do no harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.exc import SQLAlchemyError

from core import customers, dossiers, organisation, policies, sales
from core.jobs.actions import start_due_refresh
from core.jobs.sweeping import sweep_files
from core.kit.dates import utc_now
from core.kit.errors import Refusal
from core.kit.logs import bind_reference, logger

EVERY_SECONDS = 60

log = logger(__name__)

DUE: Mapping[str, Callable[[datetime], int]] = MappingProxyType(
    {
        "missed_followups": lambda now: sales.mark_missed(now=now),
        "policies_in_force": lambda now: policies.activate_due(now=now),
        "terms_over": lambda now: policies.end_due(now=now),
        "policy_changes_in_force": lambda now: policies.bring_in_due(now=now),
        "reviews_follow_cover": lambda now: dossiers.follow_cover(now=now),
        "identities_expired": lambda now: customers.expire_due(now=now),
        "agents_moved": lambda now: organisation.arrive_planned(now=now),
        "files_swept": lambda now: sweep_files(now=now),
        "refreshes_started": lambda now: start_due_refresh(now=now),
    }
)


def run_due(now: datetime) -> dict[str, int]:
    """Do what is due at a moment; how many rows each job changed.

    A job that fails (the database is away, busy or not migrated, no process can be started) is logged
    and done the next time.
    """
    done: dict[str, int] = {}
    for name, job in DUE.items():
        with bind_reference():
            try:
                done[name] = job(now)
            except Refusal as refusal:
                log.warning("job_refused", job=name, code=refusal.code)
                continue
            except (SQLAlchemyError, OSError):
                log.exception("job_failed", job=name)
                continue
            if done[name]:
                log.info("job_done", job=name, rows=done[name])
    return done


async def tick_forever() -> None:
    """Run what is due every minute, in a thread, until cancelled."""
    while True:
        await asyncio.to_thread(run_due, utc_now())
        await asyncio.sleep(EVERY_SECONDS)
