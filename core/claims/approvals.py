"""What an approval by somebody would amount to: told before the click, and ruled by at the act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from core.access import Permission, Role, Viewer
from core.catalog.tables import Line
from core.claims import authorities, papers, rules, store
from core.claims.records import Approval
from core.claims.rules import Authority, LimitChange, Ruling
from core.claims.status import CLAIM, WAITING
from core.claims.tables import Claim
from core.kit.errors import Invalid, Refusal
from core.kit.money import ZERO


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling on one claim and one person, with who decides next when somebody has to.

    `raised` says so when it is as it is because they raised their own limit.
    """

    ruling: Ruling
    next_id: int | None = None
    next_name: str = ""
    raised: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """The line of a claim, every limit of authority, and who set which of the line, oldest first."""

    line: Line
    given: Sequence[Authority]
    changes: Sequence[LimitChange]


def limits_of(session: Session, row: Claim) -> Limits:
    """The limits by which a claim is approved."""
    line = store.line_of(session, row.policy_id)
    return Limits(line, store.authorities(session), authorities.limit_changes(session, line))


def rule(session: Session, row: Claim, by: Viewer, limits: Limits | None = None) -> Ruled:
    """What it means that the viewer approves the assessed total now.

    Raises Invalid when they took part in it, and Refusal when what proves it was withdrawn, when it is
    passed on already to whom they would pass it on, and when nobody has the authority.
    """
    check_independent(row, by)
    _check_proven(session, row)
    total = row.assessed_amount or ZERO
    held = limits or limits_of(session, row)
    line = held.line
    is_second = row.first_approved_by is not None

    def ruled(user_id: int, role: Role) -> Ruling:
        counted = rules.limits_for(user_id, held.given, held.changes)
        return rules.rule_on_approval(total, line, role, counted, has_first_approval=is_second)

    ruling = ruled(by.user_id, by.role)
    if ruling is Ruling.APPROVED:
        return Ruled(ruling)
    own = own_limit(by, held)
    raised = own.raised if total > own.counted else ""
    setters = store.roles_of(session, {one.by for one in held.changes if one.by is not None})
    unable = [user_id for user_id, role in setters if ruled(user_id, role) is Ruling.PASSED_ON]
    part_takers = (row.created_by, row.assessed_by, row.agent_id, row.first_approved_by)
    involved = (*part_takers, by.user_id, *unable)
    found = store.next_approver(
        session,
        roles=rules.roles_with_authority(total, line, held.given),
        involved=[one for one in involved if one is not None],
        territory_id=row.territory_id,
        agent_id=row.agent_id,
        assigned_to=row.assigned_to,
    )
    if found is None:
        told = f"Nobody else who sees the claim has the authority to approve ${total:,.2f}."
        raise Refusal(
            " ".join(filter(None, (raised, told))),
            remedy="Ask an administrator to set the limits of authority.",
        )
    if ruling is Ruling.PASSED_ON and found[0] == row.approval_passed_to:
        raise Refusal(f"It is above your limit and passed on to {found[1]}, who decides next.")
    return Ruled(ruling, *found, raised=raised)


@dataclass(frozen=True, slots=True)
class OwnLimit:
    """What somebody may approve alone in the claim's line, US dollars.

    `raised` says so when their role has more and they raised it themselves: four eyes look at that.
    """

    counted: Decimal
    raised: str = ""


def own_limit(by: Viewer, limits: Limits) -> OwnLimit:
    """The viewer's limit of authority as it counts for them."""
    counted, given = (
        next((one.max_amount for one in some if (one.role, one.line) == (by.role, limits.line)), ZERO)
        for some in (rules.limits_for(by.user_id, limits.given, limits.changes), limits.given)
    )
    if counted == given:
        return OwnLimit(counted)
    told = f"You raised your role's limit in this line to ${given:,.2f} yourself"
    return OwnLimit(counted, f"{told}: for you it is ${counted:,.2f}.")


def foreseen(session: Session, row: Claim, by: Viewer, limits: Limits) -> Approval | None:
    """What approving would amount to for the viewer; None where there is nothing to approve for them."""
    if row.status.value != "assessed" or not by.can(Permission.CLAIMS_APPROVE):
        return None
    try:
        ruled = rule(session, row, by, limits)
    except Refusal as refusal:
        return Approval(None, hindered=" ".join(filter(None, (refusal.message, refusal.remedy))))
    is_second = row.first_approved_by is not None
    return Approval(ruled.ruling, ruled.next_name, is_second=is_second, raised=ruled.raised)


def check_independent(row: Claim, by: Viewer) -> None:
    """Raises Invalid when the viewer took part in what is to be decided."""
    if did := hand_in(row, by):
        told = f"You {did}: only a colleague with authority can decide it."
        raise Invalid({"decider_is_independent": told})


def hand_in(row: Claim, by: Viewer) -> str:
    """What the viewer had to do with a claim, and so can't decide it, after "You"; "" for nothing."""
    return rules.hand_in(
        by.user_id,
        reported_by=row.created_by,
        assessed_by=row.assessed_by,
        agent_id=row.agent_id,
        first_approved_by=row.first_approved_by,
    )


def _check_proven(session: Session, row: Claim) -> None:
    lost = papers.lost(session, row) if WAITING in CLAIM[row.status.value].flags else ()
    if lost:
        named = ", ".join(kind.replace("_", " ") for kind in lost)
        raise Refusal(
            f"What it was assessed by was withdrawn: {named}.",
            remedy="It can be approved once another one is there and verified.",
        )
