"""Moving an agent to another territory or manager from a day on, with what goes along.

A record keeps the territory that it was made in, unless the move says otherwise: then open leads,
open opportunities or customers of the agent get the new one, on the day on which the agent arrives.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core import customers, people, sales
from core.access import Permission, Viewer, action, read
from core.audit import Actor, SystemActor
from core.db import unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.errors import Refusal
from core.kit.settings import settings
from core.organisation import store


@dataclass(frozen=True, slots=True)
class Book:
    """What an agent has in hand."""

    open_leads: int
    open_opportunities: int
    customers: int


@dataclass(frozen=True, slots=True)
class Leftover:
    """Records of one kind that a territory still has: how many, and the codes of the first."""

    noun: str
    count: int
    codes: tuple[str, ...]

    def __str__(self) -> str:
        noun = self.noun
        if self.count != 1:
            noun = f"{noun.removesuffix('y')}ies" if noun.endswith("y") else f"{noun}s"
        more = self.count - len(self.codes)
        named = ", ".join(self.codes) + (f" and {more:,} more" if more else "")
        return f"{self.count:,} {noun} ({named})"


@read(Permission.USERS_ADMIN)
def book_of(user_id: int, *, by: Viewer) -> Book:
    """What an agent has in hand now. Raises NotFound."""
    people.agent_profile(user_id, by=by)
    with unit_of_work() as db:
        return Book(*store.counts_of_agent(db, user_id))


@action(Permission.USERS_ADMIN)
def move_agent(
    user_id: int, place: people.Place, *, version: int, by: Viewer, now: datetime | None = None
) -> None:
    """Move an agent from today or a later day on; a move planned before is replaced.

    Raises NotFound, Conflict, or Invalid: also for a day that is over.
    """
    today = business_date(now or utc_now(), settings().time_zone)
    with unit_of_work():
        people.assign(user_id, place, version=version, actor=by, today=today)
        if place.valid_from == today:
            _carry(
                user_id,
                place.territory_id,
                takes_leads=place.takes_leads,
                takes_customers=place.takes_customers,
                actor=by,
            )


@action(Permission.USERS_ADMIN)
def keep_agent(user_id: int, *, version: int, by: Viewer, now: datetime | None = None) -> None:
    """Take back a move that is planned. Raises NotFound, Conflict, or Refusal when there is none."""
    today = business_date(now or utc_now(), settings().time_zone)
    people.drop_planned(user_id, version=version, actor=by, today=today)


@read(Permission.REFERENCE_ADMIN)
def leftovers_of(territory_id: int, *, by: Viewer) -> tuple[Leftover, ...]:
    """What lies in a territory and below it that somebody still has to work on."""
    del by  # administrators see all of it
    with unit_of_work() as db:
        found = store.leftovers(db, people.subtree(db, territory_id))
    return tuple(Leftover(*one) for one in found)


@action(Permission.REFERENCE_ADMIN)
def retire_territory(territory_id: int, *, heir_id: int | None = None, version: int, by: Viewer) -> None:
    """Use a territory no more; its open leads, open opportunities, customers and accounts get an heir.

    Raises NotFound, Conflict, Invalid for an heir that is not in use, or Refusal while agents or
    territories in use lie in or below it, or while anything is left that nobody takes over.
    """
    with unit_of_work() as db:
        people.retire(territory_id, version=version, actor=by)
        areas = people.subtree(db, territory_id)
        left = leftovers_of(territory_id, by=by)
        if left and heir_id is None:
            raise Refusal(
                f"It still has {', '.join(map(str, left))}.",
                remedy="Choose the territory that takes them over.",
                field="heir_id",
            )
        if left and heir_id is not None:
            people.require_in_use(db, heir_id, field="heir_id")
            sales.carry_open_deals(None, heir_id, out_of=areas, actor=by)
            customers.carry_customers(None, heir_id, out_of=areas, actor=by)


def arrive_planned(*, now: datetime | None = None) -> int:
    """Carry out every planned move whose day has come; how many. Harmless to repeat."""
    today = business_date(now or utc_now(), settings().time_zone)
    system = SystemActor()
    with unit_of_work():
        arrived = people.arrive(actor=system, today=today)
        for one in arrived:
            _carry(
                one.user_id,
                one.territory_id,
                takes_leads=one.takes_leads,
                takes_customers=one.takes_customers,
                actor=system,
            )
    return len(arrived)


def _carry(
    user_id: int, territory_id: int, *, takes_leads: bool, takes_customers: bool, actor: Actor
) -> None:
    if takes_leads:
        sales.carry_open_deals(user_id, territory_id, actor=actor)
    if takes_customers:
        customers.carry_customers(user_id, territory_id, actor=actor)
