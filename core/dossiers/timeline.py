"""Everything that happened around a customer, newest first, page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    DateTime,
    Numeric,
    Select,
    String,
    case,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from core.access import Permission, Viewer, in_scope, read
from core.access.tables import User
from core.audit.tables import StatusChange
from core.claims.tables import Claim, ClaimPayment
from core.customers import KYC, customer
from core.customers.tables import Consent, Customer, CustomerMerge, CustomerNote
from core.db import unit_of_work
from core.documents import DocumentType
from core.documents.tables import CustomerDocument
from core.dossiers.records import EVENT_KINDS, Event, EventKind, Timeline
from core.dossiers.views import LIFECYCLES
from core.kit.errors import Refusal
from core.policies.tables import Policy
from core.sales.tables import Appointment, Followup, Lead, Opportunity

MOST = 200
Arm = Select[Any]


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
    wanted = [kind for kind in EVENT_KINDS if not kinds or kind in kinds]
    with unit_of_work() as session:
        found = customer(customer_id, by=by)
        rows = _page(session, found.id, wanted, after=_place(after), limit=size + 1, by=by)
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
    kinds: Sequence[str],
    *,
    after: tuple[datetime, str] | None,
    limit: int,
    by: Viewer,
) -> list[Any]:
    arms = [arm for kind in kinds for arm in _SOURCES[cast(EventKind, kind)](customer_id, by)]
    if not arms:
        return []
    parts = []
    for arm in arms:
        inner = arm.subquery()
        part = select(inner)
        if after is not None:
            # The row at the same moment is let through here and sorted out below.
            part = part.where(inner.c.at <= after[0])
        parts.append(part.order_by(inner.c.at.desc(), inner.c.tie.desc()).limit(limit + _SAME_MOMENT))
    everything = union_all(*(select(part.subquery()) for part in parts)).subquery("everything")
    who = func.coalesce(User.first_name + " " + User.last_name, "The system").label("who")
    statement = select(everything, who).outerjoin(User, User.id == everything.c.who_id)
    if after is not None:
        statement = statement.where(
            or_(
                everything.c.at < after[0],
                (everything.c.at == after[0]) & (everything.c.tie < after[1]),
            )
        )
    ordered = statement.order_by(everything.c.at.desc(), everything.c.tie.desc()).limit(limit)
    return list(session.execute(ordered))


# Rows of one source that share a moment with the last one shown; more would be skipped.
_SAME_MOMENT = 200


def _arm(
    kind: EventKind,
    source: str,
    key: Any,
    at: Any,
    who: Any,
    what: Any,
    note: Any,
    *,
    record: str = "",
    code: Any = None,
    amount: Any = None,
) -> Arm:
    made: Any = select(
        as_type(at, DateTime(timezone=True)).label("at"),
        (literal(source + ":") + func.lpad(as_type(key, String), 19, "0")).label("tie"),
        literal(kind).label("kind"),
        as_type(who, BigInteger).label("who_id"),
        as_type(what, String).label("what"),
        as_type(note, String).label("note"),
        literal(record).label("record_kind"),
        as_type(code if code is not None else literal(""), String).label("code"),
        as_type(amount if amount is not None else null(), Numeric(14, 2)).label("amount"),
    )
    return cast(Arm, made)


def _created(customer_id: int, _: Viewer) -> list[Arm]:
    merged = Customer.__table__.alias("merged")
    return [
        _arm(
            "customer", "a", Customer.id, Customer.created_at, null(), literal("created"), null()
        ).where(Customer.id == customer_id),
        _arm(
            "customer", "b", CustomerMerge.id, CustomerMerge.merged_at, CustomerMerge.merged_by,
            literal("merged with ") + merged.c.customer_code, CustomerMerge.reason,
        )
        .join(merged, merged.c.id == CustomerMerge.merged_id)
        .where(CustomerMerge.kept_id == customer_id),
    ]  # fmt: skip


def _kyc(customer_id: int, _: Viewer) -> list[Arm]:
    return [_history("kyc", "c", "customer").where(StatusChange.entity_id == customer_id)]


def _history(kind: EventKind, source: str, entity: str, **more: Any) -> Arm:
    moved = func.coalesce(StatusChange.from_status, "") + ">" + StatusChange.to_status
    return _arm(
        kind, source, StatusChange.id, StatusChange.at, StatusChange.actor_id, moved,
        StatusChange.reason, record=entity, **more,
    ).where(StatusChange.entity == entity)  # fmt: skip


def _policies(customer_id: int, by: Viewer) -> list[Arm]:
    if not by.can(Permission.POLICIES_VIEW):
        return []
    return [
        _history("policy", "d", "policy", code=Policy.policy_number)
        .join(Policy, Policy.id == StatusChange.entity_id)
        .where(Policy.customer_id == customer_id, in_scope(by, Policy.agent_id, Policy.territory_id))
    ]


def _claims(customer_id: int, by: Viewer) -> list[Arm]:
    if not by.can(Permission.CLAIMS_VIEW):
        return []
    mine = (Claim.customer_id == customer_id, in_scope(by, Claim.agent_id, Claim.territory_id))
    return [
        _history("claim", "e", "claim", code=Claim.claim_number)
        .join(Claim, Claim.id == StatusChange.entity_id)
        .where(*mine),
        _arm(
            "claim", "f", ClaimPayment.id, ClaimPayment.created_at, ClaimPayment.paid_by,
            literal("paid"), null(), record="claim", code=Claim.claim_number,
            amount=ClaimPayment.amount,
        )
        .join(Claim, Claim.id == ClaimPayment.claim_id)
        .where(*mine),
    ]  # fmt: skip


def _sales(customer_id: int, by: Viewer) -> list[Arm]:
    if not by.can(Permission.LEADS_VIEW):
        return []
    return [
        _history("sales", "g", "lead", code=Lead.lead_code)
        .join(Lead, Lead.id == StatusChange.entity_id)
        .where(Lead.customer_id == customer_id, in_scope(by, Lead.assigned_to, Lead.territory_id)),
        _history("sales", "h", "opportunity", code=Opportunity.opportunity_code)
        .join(Opportunity, Opportunity.id == StatusChange.entity_id)
        .where(
            Opportunity.customer_id == customer_id,
            in_scope(by, Opportunity.assigned_to, Opportunity.territory_id),
        ),
    ]


def _contacts(customer_id: int, by: Viewer) -> list[Arm]:
    if not by.can(Permission.LEADS_VIEW):
        return []
    arms = []
    for source, model, at, what in (
        ("i", Followup, Followup.completed_at, Followup.type),
        ("j", Appointment, Appointment.actual_datetime, Appointment.appointment_type),
    ):
        leads = select(Lead.id).where(Lead.customer_id == customer_id)
        deals = select(Opportunity.id).where(Opportunity.customer_id == customer_id)
        about: Any = or_(
            model.customer_id == customer_id,
            model.lead_id.in_(leads),
            model.opportunity_id.in_(deals),
        )
        arms.append(
            _arm("contact", source, model.id, at, model.agent_id, what, model.outcome).where(
                at.is_not(None), about, in_scope(by, model.agent_id)
            )
        )
    return arms


def _documents(customer_id: int, by: Viewer) -> list[Arm]:
    if not by.can(Permission.DOCUMENTS_VIEW):
        return []
    shown: Any = CustomerDocument.document_name
    if not by.can(Permission.MEDICAL_VIEW):
        is_medical = CustomerDocument.document_type == DocumentType.MEDICAL_REPORT
        shown = case((is_medical, "Medical report"), else_=shown)
    return [
        _arm(
            "document", "k", CustomerDocument.id, CustomerDocument.upload_date,
            CustomerDocument.uploaded_by, literal("uploaded"), shown,
        ).where(CustomerDocument.customer_id == customer_id),
        _arm(
            "document", "l", CustomerDocument.id, CustomerDocument.verified_at,
            CustomerDocument.verified_by, literal("verified"), shown,
        ).where(
            CustomerDocument.customer_id == customer_id, CustomerDocument.verified_at.is_not(None)
        ),
    ]  # fmt: skip


def _consents(customer_id: int, _: Viewer) -> list[Arm]:
    what = (
        case((Consent.is_granted, "gave consent to "), else_="withdrew consent to ")
        + as_type(Consent.purpose, String)
        + " by "
        + as_type(Consent.channel, String)
    )
    return [
        _arm("consent", "m", Consent.id, Consent.at, Consent.recorded_by, what, null()).where(
            Consent.customer_id == customer_id
        )
    ]


def _notes(customer_id: int, by: Viewer) -> list[Arm]:
    if not by.can(Permission.PII_VIEW):
        return []
    return [
        _arm(
            "note", "n", CustomerNote.id, CustomerNote.created_at, CustomerNote.created_by,
            literal("wrote"), func.left(CustomerNote.body, 300),
        ).where(CustomerNote.customer_id == customer_id)
    ]  # fmt: skip


_SOURCES: dict[EventKind, Callable[[int, Viewer], list[Arm]]] = {
    "customer": _created,
    "kyc": _kyc,
    "policy": _policies,
    "sales": _sales,
    "claim": _claims,
    "contact": _contacts,
    "document": _documents,
    "consent": _consents,
    "note": _notes,
}


def _event(row: Any, by: Viewer) -> Event:
    may = by.can(Permission.PII_VIEW)
    return Event(
        at=row.at,
        kind=row.kind,
        who=row.who,
        what=_what(row),
        note=(row.note or "") if may else "",
        record_kind=row.record_kind,
        code=row.code,
        amount=row.amount,
    )


def _what(row: Any) -> str:
    """What happened, as the end of a sentence that begins with who did it."""
    if ">" in row.what:
        frm, _, to = row.what.partition(">")
        lifecycle = KYC if row.kind == "kyc" else LIFECYCLES[row.record_kind]
        noun = "the KYC check" if row.kind == "kyc" else f"{lifecycle.noun} {row.code}"
        label = lifecycle.label(to)
        return f"moved {noun} to {label}" if frm else f"entered {noun} as {label}"
    if row.kind == "contact":
        return f"had a {row.what.replace('_', ' ')}"
    texts = {
        "created": "The record was entered",
        "paid": f"paid on claim {row.code}",
        "uploaded": "uploaded a document",
        "verified": "verified a document",
        "wrote": "wrote a note",
    }
    return texts.get(row.what, str(row.what))
