"""What an approval by somebody would amount to: told before the click, and ruled by at the act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.access import Permission, Viewer
from core.claims import papers, rules, store
from core.claims.records import Approval
from core.claims.rules import Ruling
from core.claims.status import CLAIM, WAITING
from core.claims.tables import Claim
from core.kit.errors import Invalid, Refusal
from core.kit.money import ZERO


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling on one claim and one person, with who decides next when somebody has to."""

    ruling: Ruling
    next_id: int | None = None
    next_name: str = ""


def rule(session: Session, row: Claim, by: Viewer) -> Ruled:
    """What it means that the viewer approves the assessed total now.

    Raises Invalid when they took part in it, and Refusal when what proves it was withdrawn, when it is
    passed on already to whom they would pass it on, and when nobody has the authority.
    """
    check_independent(row, by)
    _check_proven(session, row)
    total = row.assessed_amount or ZERO
    line = store.line_of(session, row.policy_id)
    limits = store.authorities(session)
    is_second = row.first_approved_by is not None
    ruling = rules.rule_on_approval(total, line, by.role, limits, has_first_approval=is_second)
    if ruling is Ruling.APPROVED:
        return Ruled(ruling)
    involved = (*_part_takers(row), row.first_approved_by, by.user_id)
    found = store.next_approver(
        session,
        roles=rules.roles_with_authority(total, line, limits),
        involved=[one for one in involved if one is not None],
        territory_id=row.territory_id,
        agent_id=row.agent_id,
        assigned_to=row.assigned_to,
    )
    if found is None:
        raise Refusal(
            f"Nobody else who sees the claim has the authority to approve ${total:,.2f}.",
            remedy="Ask an administrator to set the limits of authority.",
        )
    if ruling is Ruling.PASSED_ON and found[0] == row.approval_passed_to:
        raise Refusal(f"It is above your limit and passed on to {found[1]}, who decides next.")
    return Ruled(ruling, *found)


def foreseen(session: Session, row: Claim, by: Viewer) -> Approval | None:
    """What approving would amount to for the viewer; None where there is nothing to approve for them."""
    if row.status.value != "assessed" or not by.can(Permission.CLAIMS_APPROVE):
        return None
    try:
        ruled = rule(session, row, by)
    except Refusal as refusal:
        return Approval(None, hindered=" ".join(filter(None, (refusal.message, refusal.remedy))))
    return Approval(ruled.ruling, ruled.next_name, is_second=row.first_approved_by is not None)


def check_independent(row: Claim, by: Viewer) -> None:
    """Raises Invalid when the viewer took part in what is to be decided."""
    if row.first_approved_by == by.user_id:
        raise Invalid({"decider_is_independent": "You gave the first approval: a second person decides."})
    if not rules.is_independent(by.user_id, _part_takers(row)):
        raise Invalid(
            {"decider_is_independent": "Who entered, assessed or sold it can't decide it."},
            remedy="Ask a colleague with authority.",
        )


def _part_takers(row: Claim) -> Sequence[int | None]:
    return (row.created_by, row.assessed_by, row.agent_id)


def _check_proven(session: Session, row: Claim) -> None:
    lost = papers.lost(session, row) if WAITING in CLAIM[row.status.value].flags else ()
    if lost:
        named = ", ".join(kind.replace("_", " ") for kind in lost)
        raise Refusal(
            f"What it was assessed by was withdrawn: {named}.",
            remedy="It can be approved once another one is there and verified.",
        )
