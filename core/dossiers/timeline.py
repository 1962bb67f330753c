"""Everything that happened around a customer, newest first, page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    DateTime,
    Integer,
    Select,
    String,
    bindparam,
    case,
    func,
    literal,
    null,
    select,
    tuple_,
    union_all,
)
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session, aliased

from core.access import Permission, Viewer, ViewerKind, bound, in_scope, kind_of, read
from core.access.tables import User
from core.audit.tables import StatusChange
from core.claims.tables import Claim, ClaimPayment
from core.customers import KYC, customer
from core.customers.tables import Consent, Customer, CustomerMerge, CustomerNote
from core.db import unit_of_work
from core.documents import DocumentType
from core.documents.tables import CustomerDocument
from core.dossiers import recorded
from core.dossiers.arms import Arm, event_row
from core.dossiers.records import EVENT_KINDS, Event, EventKind, Timeline
from core.dossiers.store import THEIRS, about
from core.dossiers.views import LIFECYCLES
from core.kit.errors import Refusal
from core.policies import told
from core.policies.tables import Policy
from core.sales import AppointmentType, FollowupType
from core.sales.tables import Appointment, Followup, Lead, Opportunity

MOST = 200


@read(Permission.CUSTOMERS_VIEW)
def timeline(
    customer_id: int,
    *,
    by: Viewer,
    kinds: Sequence[str] = (),
    after: str | None = None,
    limit: int = 50,
) -> Timeline:
    """A page of what happened, in scope; `kinds` narrow it (EVENT_KINDS), none means all.

    Raises NotFound for a customer outside the scope.
    """
    size = max(1, min(limit, MOST))
    wanted = tuple(kind for kind in EVENT_KINDS if not kinds or kind in kinds)
    begins = _place(after)
    with unit_of_work() as session:
        rows = _page(session, customer_id, wanted, after=begins, limit=size + 1, by=by)
        if not rows:
            # Nothing of this kind, or somebody else's customer, or one that was merged into another.
            kept = customer(customer_id, by=by).id
            if kept != customer_id:
                rows = _page(session, kept, wanted, after=begins, limit=size + 1, by=by)
    events = tuple(_event(row, by) for row in rows[:size])
    last = rows[size - 1] if len(rows) > size else None
    return Timeline(events, f"{last.at.isoformat()}~{last.tie}" if last else None)


def _place(after: str | None) -> tuple[datetime, str] | None:
    if after is None:
        return None
    at, _, tie = after.partition("~")
    try:
        return datetime.fromisoformat(at), tie
    except ValueError:
        raise Refusal("This page of the timeline is not known.", remedy="Start at the top.") from None


def _page(
    session: Session,
    customer_id: int,
    kinds: tuple[str, ...],
    *,
    after: tuple[datetime, str] | None,
    limit: int,
    by: Viewer,
) -> list[Any]:
    statement = _statement(kind_of(by), kinds, goes_on=after is not None)
    if statement is None:
        return []
    given = {**bound(by), "customer_id": customer_id, "size": limit, "reach": limit + _SAME_MOMENT}
    if after is not None:
        given |= {"before_at": after[0], "before_tie": after[1]}
    return list(session.execute(statement, given))


@lru_cache(maxsize=50)
def _statement(by: ViewerKind, kinds: tuple[str, ...], *, goes_on: bool) -> Select[Any] | None:
    """The statement for a page; nothing comes of it for a customer outside the scope, or merged."""
    arms = [arm for kind in kinds for arm in _SOURCES[cast(EventKind, kind)](by)]
    if not arms:
        return None
    at, tie = bindparam("before_at", type_=DateTime(timezone=True)), bindparam("before_tie", type_=String)
    parts = []
    for arm in arms:
        inner = arm.subquery()
        part = select(inner)
        if goes_on:
            # The row at the same moment is let through here and sorted out below.
            part = part.where(inner.c.at <= at)
        reach = bindparam("reach", type_=Integer)
        parts.append(part.order_by(inner.c.at.desc(), inner.c.tie.desc()).limit(reach))
    everything = union_all(*(select(part.subquery()) for part in parts)).subquery("everything")
    who = func.coalesce(User.first_name + " " + User.last_name, "The system").label("who")
    theirs = select(Customer.id).where(
        Customer.id == THEIRS,
        Customer.merged_into_id.is_(None),
        in_scope(by, Customer.agent_id, Customer.territory_id),
    )
    statement = select(everything, who).outerjoin(User, User.id == everything.c.who_id)
    statement = statement.where(theirs.exists())
    if goes_on:
        statement = statement.where(tuple_(everything.c.at, everything.c.tie) < tuple_(at, tie))
    newest = (everything.c.at.desc(), everything.c.tie.desc())
    return statement.order_by(*newest).limit(bindparam("size", type_=Integer))


# Rows of one source that share a moment with the last one shown; more would be skipped.
_SAME_MOMENT = 200
_ENTERED = "entered:"


def _created(_: Viewer) -> list[Arm]:
    merged = Customer.__table__.alias("merged")
    first = aliased(StatusChange)
    entry = (
        select(func.min(first.id))
        .where(first.entity == KYC.entity, first.entity_id == THEIRS, first.from_status.is_(None))
        .scalar_subquery()
    )
    return [
        # The state of the identity check that they were entered with is told with that, not once more.
        event_row(
            "customer", "a", Customer.id, Customer.created_at, StatusChange.actor_id,
            func.concat(_ENTERED, StatusChange.to_status), StatusChange.reason,
        )
        .outerjoin(StatusChange, StatusChange.id == entry)
        .where(Customer.id == THEIRS),
        event_row(
            "customer", "b", CustomerMerge.id, CustomerMerge.merged_at, CustomerMerge.merged_by,
            literal("merged with ") + merged.c.customer_code, CustomerMerge.reason,
        )
        .join(merged, merged.c.id == CustomerMerge.merged_id)
        .where(CustomerMerge.kept_id == THEIRS),
    ]  # fmt: skip


def _kyc(_: Viewer) -> list[Arm]:
    moved = _history("kyc", "c", KYC.entity)
    return [moved.where(StatusChange.entity_id == THEIRS, StatusChange.from_status.is_not(None))]


def _history(kind: EventKind, source: str, entity: str, *, ending: Any = None, **more: Any) -> Arm:
    """Moves of an entity; with why it ended, where the status is told by that."""
    moved = func.coalesce(StatusChange.from_status, "") + ">" + StatusChange.to_status
    if ending is not None:
        moved = moved + ">" + func.coalesce(as_type(ending, String), "")
    return event_row(
        kind, source, StatusChange.id, StatusChange.at, StatusChange.actor_id, moved,
        StatusChange.reason, record=entity, **more,
    ).where(StatusChange.entity == entity)  # fmt: skip


def _policies(by: Viewer) -> list[Arm]:
    if not by.can(Permission.POLICIES_VIEW):
        return []
    return [
        _history("policy", "d", "policy", code=Policy.policy_number, ending=Policy.end_reason)
        .join(Policy, Policy.id == StatusChange.entity_id)
        .where(Policy.customer_id == THEIRS, in_scope(by, Policy.agent_id, Policy.territory_id))
    ]


def _claims(by: Viewer) -> list[Arm]:
    if not by.can(Permission.CLAIMS_VIEW):
        return []
    mine = (Claim.customer_id == THEIRS, in_scope(by, Claim.agent_id, Claim.territory_id))
    return [
        _history("claim", "e", "claim", code=Claim.claim_number)
        .join(Claim, Claim.id == StatusChange.entity_id)
        .where(*mine),
        event_row(
            "claim", "f", ClaimPayment.id, ClaimPayment.created_at, ClaimPayment.paid_by,
            literal("paid"), null(), record="claim", code=Claim.claim_number,
            amount=ClaimPayment.amount,
        )
        .join(Claim, Claim.id == ClaimPayment.claim_id)
        .where(*mine),
    ]  # fmt: skip


def _sales(by: Viewer) -> list[Arm]:
    if not by.can(Permission.LEADS_VIEW):
        return []
    return [
        _history("sales", "g", "lead", code=Lead.lead_code)
        .join(Lead, Lead.id == StatusChange.entity_id)
        .where(Lead.customer_id == THEIRS, in_scope(by, Lead.assigned_to, Lead.territory_id)),
        _history("sales", "h", "opportunity", code=Opportunity.opportunity_code)
        .join(Opportunity, Opportunity.id == StatusChange.entity_id)
        .where(
            Opportunity.customer_id == THEIRS,
            in_scope(by, Opportunity.assigned_to, Opportunity.territory_id),
        ),
    ]


def _contacts(by: Viewer) -> list[Arm]:
    if not by.can(Permission.LEADS_VIEW):
        return []
    arms = []
    for source, model, at, what in (
        ("i", Followup, Followup.completed_at, Followup.type),
        ("j", Appointment, Appointment.actual_datetime, Appointment.appointment_type),
    ):
        arms.append(
            event_row("contact", source, model.id, at, model.agent_id, what, model.outcome).where(
                at.is_not(None), about(model), in_scope(by, model.agent_id)
            )
        )
    return arms


def _documents(by: Viewer) -> list[Arm]:
    if not by.can(Permission.DOCUMENTS_VIEW):
        return []
    shown: Any = CustomerDocument.document_name
    why: Any = func.concat_ws(": ", shown, CustomerDocument.withdrawn_reason)
    if not by.can(Permission.MEDICAL_VIEW):
        is_medical = CustomerDocument.document_type == DocumentType.MEDICAL_REPORT
        shown, why = (case((is_medical, "Medical report"), else_=one) for one in (shown, why))
    return [
        event_row(
            "document", "k", CustomerDocument.id, CustomerDocument.upload_date,
            CustomerDocument.uploaded_by, literal("uploaded"), shown,
        ).where(CustomerDocument.customer_id == THEIRS),
        event_row(
            "document", "l", CustomerDocument.id, CustomerDocument.verified_at,
            CustomerDocument.verified_by, literal("verified"), shown,
        ).where(
            CustomerDocument.customer_id == THEIRS, CustomerDocument.verified_at.is_not(None)
        ),
        event_row(
            "document", "o", CustomerDocument.id, CustomerDocument.withdrawn_at,
            CustomerDocument.withdrawn_by, literal("withdrawn"), why,
        ).where(
            CustomerDocument.customer_id == THEIRS, CustomerDocument.withdrawn_at.is_not(None)
        ),
    ]  # fmt: skip


def _consents(_: Viewer) -> list[Arm]:
    what = (
        case((Consent.is_granted, "noted the consent to "), else_="noted the end of the consent to ")
        + as_type(Consent.purpose, String)
        + " by "
        + as_type(Consent.channel, String)
    )
    return [
        event_row("consent", "m", Consent.id, Consent.at, Consent.recorded_by, what, null()).where(
            Consent.customer_id == THEIRS
        )
    ]


def _notes(by: Viewer) -> list[Arm]:
    if not by.can(Permission.PII_VIEW):
        return []
    return [
        event_row(
            "note", "n", CustomerNote.id, CustomerNote.created_at, CustomerNote.created_by,
            literal("wrote"), func.left(CustomerNote.body, 300),
        ).where(CustomerNote.customer_id == THEIRS)
    ]  # fmt: skip


_SOURCES: dict[EventKind, Callable[[Viewer], list[Arm]]] = {
    "customer": lambda by: _created(by) + recorded.of_the_record(by),
    "kyc": _kyc,
    "policy": lambda by: _policies(by) + recorded.of_policies(by),
    "sales": _sales,
    "claim": lambda by: _claims(by) + recorded.of_claims(by),
    "contact": _contacts,
    "document": _documents,
    "consent": _consents,
    "note": _notes,
}


# What a completed follow-up or appointment was, by its type.
_CONTACTS = {
    FollowupType.CALL: "had a call",
    FollowupType.EMAIL: "exchanged e-mails",
    FollowupType.MEETING: "met them",
    FollowupType.MESSAGE: "exchanged messages",
    FollowupType.OTHER: "was in touch",
    AppointmentType.INITIAL_MEETING: "had a first meeting",
    AppointmentType.DEMO: "showed a product",
    AppointmentType.PROPOSAL: "went through the proposal",
    AppointmentType.CLOSING: "met them to sign",
    AppointmentType.SERVICE: "had a service appointment",
}


# What a move of the identity check was, by where it led.
_CHECKS = {
    "pending": "started the identity check",
    "verified": "verified the identity",
    "rejected": "rejected the identity",
    "expired": "marked the identity check as expired",
}


def _entered(check: str) -> str:
    """By the state of the identity check at first; "" where that is not recorded."""
    if not check:
        return "The customer was entered"
    if check == "not_started":
        return "entered the customer, whose identity is still to be checked"
    return f"entered the customer with the identity check {KYC.label(check).lower()}"


def _event(row: Any, by: Viewer) -> Event:
    may = by.can(Permission.PII_VIEW)
    return Event(
        at=row.at,
        kind=row.kind,
        who=row.who,
        what=_what(row),
        note=(row.note or "") if may else "",
        record_kind=row.record_kind,
        code=row.code if row.record_kind else "",
        amount=row.amount,
    )


def _what(row: Any) -> str:
    """What happened, as the end of a sentence that begins with who did it."""
    if (done := recorded.told(row)) is not None:
        return done
    if row.what.startswith(_ENTERED):
        return _entered(row.what.removeprefix(_ENTERED))
    if ">" in row.what:
        frm, to, *ending = row.what.split(">")
        if row.kind == "kyc":
            return _CHECKS[to]
        lifecycle = LIFECYCLES[row.record_kind]
        noun = f"{lifecycle.noun} {row.code}"
        label = told(to, ending[0])[0] if ending else lifecycle.label(to)
        return f"moved {noun} to {label}" if frm else f"entered {noun} as {label}"
    if row.kind == "contact":
        return _CONTACTS[row.what]
    texts = {
        "paid": f"paid on claim {row.code}",
        "uploaded": "uploaded a document",
        "verified": "verified a document",
        "withdrawn": "withdrew a document",
        "wrote": "wrote a note",
    }
    return texts.get(row.what, str(row.what))
