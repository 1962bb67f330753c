"""Archives a customer instead of deleting, and brings them back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Permission, Viewer, action
from core.claims import CLAIM
from core.claims.tables import Claim, ClaimStatus
from core.customers import changing
from core.db import unit_of_work
from core.kit.dates import utc_now
from core.kit.errors import Invalid, Refusal
from core.kit.fields import plain_text
from core.policies import POLICY
from core.policies.tables import Policy, PolicyStatus

# All that is not over: also applications that wait, and lapsed policies that may come back.
_LIVE_POLICY = [PolicyStatus(value) for value in POLICY.values if value not in POLICY.flagged("ended")]
_OPEN_CLAIM = [ClaimStatus(value) for value in CLAIM.flagged("open")]


class StillNeeded(Refusal):
    """The customer has live policies or open claims."""

    code = "still_needed"


@action(Permission.CUSTOMERS_EDIT)
def archive(
    customer_id: int, *, version: int, reason: str, by: Viewer, now: datetime | None = None
) -> None:
    """Put a customer away; lists and search leave them out, and nothing is deleted.

    Raises StillNeeded while a policy is live or a claim open, and Invalid without a reason.
    """
    why = plain_text(reason, lines=True)
    if not why:
        raise Invalid({"reason": "Say why."})
    with unit_of_work() as session:
        row = changing.locked(session, customer_id, by=by)
        changing.check_version(session, row, version, ())
        _refuse_if_needed(session, row.id)
        at = now or utc_now()
        details = {
            "changed": {"archived_at": [None, at.isoformat()]},
            "reason": why,
            "from_version": row.version,
        }
        changing.told(session, row.id, by=by, action="customer.archive", details=details)
        row.archived_at = at


@action(Permission.CUSTOMERS_EDIT)
def restore(customer_id: int, *, version: int, by: Viewer) -> None:
    """Bring an archived customer back."""
    with unit_of_work() as session:
        row = changing.locked(session, customer_id, by=by, with_archived=True)
        changing.check_version(session, row, version, ())
        if row.merged_into_id is not None:
            raise Refusal("This record was merged into another.", remedy="Undo the merge instead.")
        if row.archived_at is None:
            return
        since = row.archived_at.isoformat()
        details = {"changed": {"archived_at": [since, None]}, "from_version": row.version}
        changing.told(session, row.id, by=by, action="customer.restore", details=details)
        row.archived_at = None


def _refuse_if_needed(session: Session, customer_id: int) -> None:
    policies = session.scalars(
        select(Policy.policy_number)
        .where(Policy.customer_id == customer_id, Policy.status.in_(_LIVE_POLICY))
        .order_by(Policy.id)
    ).all()
    claims = session.scalar(
        select(func.count())
        .select_from(Claim)
        .where(Claim.customer_id == customer_id, Claim.status.in_(_OPEN_CLAIM))
    )
    if policies:
        few = ", ".join(policies[:5])
        raise StillNeeded(
            f"This customer has live policies: {few}.",
            remedy="End them first, or hand the customer to another agent.",
        )
    if claims:
        raise StillNeeded("This customer has an open claim.", remedy="Wait until it is closed.")
