"""The won lead that an entry comes from: one policy comes of it, for the customer whom it became (D6)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from core.access import Viewer, is_in_scope
from core.kit.errors import NotFound, Refusal
from core.policies import store
from core.policies.records import Application
from core.sales import LEAD, WON
from core.sales.tables import Lead


class AlreadyEntered(Refusal):
    """A policy was entered from the lead before; `number` is empty where it is out of sight."""

    code = "already_entered"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"{number or 'A policy'} was already entered from this lead.",
            remedy="Open it, or start an entry without the lead."
            if number
            else "Start an entry without the lead.",
        )
        self.number = number


def take_up(session: Session, lead_id: int, application: Application, *, by: Viewer) -> None:
    """Check the lead that an entry is to come from.

    Raises NotFound outside the scope, and Refusal as `check` does.
    """
    row = session.get(Lead, lead_id)
    if row is None or not is_in_scope(by, row.assigned_to, row.territory_id):
        raise NotFound("lead", lead_id)
    check(session, lead_id, application, by=by)


def check(session: Session, lead_id: int, application: Application, *, by: Viewer) -> None:
    """Lock the lead, so that two entries of one wait for each other, and check it.

    Raises Refusal unless it is won, by the application's customer, and has no policy yet.
    """
    store.lock_lead(session, lead_id)
    number = store.policy_of_lead(session, lead_id)
    row = session.get_one(Lead, lead_id, populate_existing=True)
    if row.status.value not in LEAD.flagged(WON):
        raise Refusal(
            f"{row.lead_code} is not won yet.", remedy="Win the lead first, then enter its policy."
        )
    if row.customer_id is not None and application.customer_id not in {None, row.customer_id}:
        raise Refusal(
            f"{row.lead_code} was won with another customer.",
            remedy="Choose that customer, or start an entry without the lead.",
        )
    if number is not None:
        # Its policy may be in somebody else's book.
        raise AlreadyEntered(number if store.by_number(session, number, by=by) else "")
