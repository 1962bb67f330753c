"""What belongs to a customer besides the row: contacts, relations, notes and consents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from core.access import Permission, Viewer, action, is_in_scope
from core.customers import changing
from core.customers.tables import (
    Consent,
    ConsentChannel,
    ConsentPurpose,
    Contact,
    ContactKind,
    Customer,
    CustomerNote,
    CustomerRelation,
    RelationKind,
)
from core.db import once, unit_of_work
from core.kit.dates import utc_now
from core.kit.errors import Invalid, NotFound, Refusal
from core.kit.fields import email, phone, plain_text
from core.kit.fields import text as text_of
from core.kit.ids import RequestId

LONGEST_NOTE = 4_000
# The text that people agree to; a new text gets a new version.
CONSENT_TEXT_VERSION = "2026-01"
_BOTH_WAYS = {
    RelationKind.CHILD: RelationKind.PARENT,
    RelationKind.PARENT: RelationKind.CHILD,
    RelationKind.EMPLOYER: RelationKind.OTHER,
}


def inverse(kind: RelationKind) -> RelationKind:
    """What the relation is, seen from the other side."""
    return _BOTH_WAYS.get(kind, kind)


@action(Permission.CUSTOMERS_EDIT)
def add_contact(
    customer_id: int,
    *,
    kind: str,
    value: str,
    is_preferred: bool = False,
    request_id: RequestId,
    by: Viewer,
) -> int:
    """Another way to reach a customer, once per request id. A preferred one is the only one."""
    with unit_of_work() as session:
        row = changing.locked(session, customer_id, by=by)

        def make() -> int:
            contact_kind, cleaned = _contact(kind, value)
            if is_preferred:
                _prefer_none(session, row.id)
            made = Contact(
                customer_id=row.id,
                contact_type=contact_kind,
                contact_value=cleaned,
                is_preferred=is_preferred,
            )
            session.add(made)
            session.flush()
            details = {"contact": made.id, "kind": contact_kind.value}
            changing.told(session, row.id, by=by, action="customer.add_contact", details=details)
            return made.id

        content = {"customer": customer_id, "kind": kind, "value": value, "is_preferred": is_preferred}
        return once(
            session,
            request_id,
            action="customers.add_contact",
            content=content,
            actor_id=by.user_id,
            make=make,
        )


def _contact(kind: str, value: str) -> tuple[ContactKind, str]:
    try:
        chosen = ContactKind(kind)
    except ValueError:
        raise Invalid({"kind": "Choose what kind of contact it is."}) from None
    if not plain_text(value):
        raise Invalid({"value": "Enter the number or address."})
    readers = {ContactKind.PHONE: phone, ContactKind.MOBILE: phone, ContactKind.EMAIL: email}
    try:
        return chosen, readers.get(chosen, text_of(255, lines=True))(value)
    except Refusal as refusal:
        raise Invalid({"value": str(refusal)}) from None


def _prefer_none(session: Session, customer_id: int) -> None:
    session.execute(
        update(Contact)
        .where(Contact.customer_id == customer_id, Contact.is_preferred)
        .values(is_preferred=False)
    )


@action(Permission.CUSTOMERS_EDIT)
def change_contact(
    contact_id: int, *, is_preferred: bool | None = None, is_valid: bool | None = None, by: Viewer
) -> None:
    """Mark a contact as preferred, or as no longer valid; one that is not valid is not preferred."""
    with unit_of_work() as session:
        contact, row = _locked_contact(session, contact_id, by=by)
        before = (contact.is_preferred, contact.is_valid)
        if is_valid is not None:
            contact.is_valid = is_valid
        if is_preferred:
            _prefer_none(session, row.id)
        if is_preferred is not None:
            contact.is_preferred = is_preferred
        contact.is_preferred = contact.is_preferred and contact.is_valid
        if (contact.is_preferred, contact.is_valid) != before:
            details = {
                "contact": contact.id,
                "is_preferred": contact.is_preferred,
                "is_valid": contact.is_valid,
            }
            changing.told(session, row.id, by=by, action="customer.change_contact", details=details)


@action(Permission.CUSTOMERS_EDIT)
def remove_contact(contact_id: int, *, by: Viewer) -> None:
    """Delete a contact that was entered by mistake; the log keeps that there was one."""
    with unit_of_work() as session:
        contact, row = _locked_contact(session, contact_id, by=by)
        details = {"contact": contact.id, "kind": contact.contact_type.value}
        changing.told(session, row.id, by=by, action="customer.remove_contact", details=details)
        session.delete(contact)


def _locked_contact(session: Session, contact_id: int, *, by: Viewer) -> tuple[Contact, Customer]:
    """A contact as it is now that its customer is locked. Raises NotFound also when it has gone since."""
    found = session.get(Contact, contact_id)
    if found is None:
        raise NotFound("contact", contact_id)
    row = changing.locked(session, found.customer_id, by=by)
    contact = session.get(Contact, contact_id, populate_existing=True)
    if contact is None or contact.customer_id != row.id:
        raise NotFound("contact", contact_id)
    return contact, row


@action(Permission.CUSTOMERS_EDIT)
def relate(customer_id: int, other_id: int, *, kind: str, by: Viewer) -> int:
    """Say that the other customer is the kind of this one ("child": the other is the child).

    Both have to be in scope. Raises Invalid for oneself and for two who are related already.
    """
    try:
        chosen = RelationKind(kind)
    except ValueError:
        raise Invalid({"kind": "Choose how they belong together."}) from None
    if customer_id == other_id:
        raise Invalid({"other_id": "Choose another customer."})
    with unit_of_work() as session:
        low, high = sorted((customer_id, other_id))
        changing.locked(session, low, by=by)
        changing.locked(session, high, by=by)
        pair = (customer_id, other_id)
        known = select(CustomerRelation.id).where(
            CustomerRelation.customer_id.in_(pair), CustomerRelation.related_customer_id.in_(pair)
        )
        if session.scalar(known) is not None:
            raise Invalid({"other_id": "These two are related already. Remove that relation first."})
        made = CustomerRelation(customer_id=customer_id, related_customer_id=other_id, kind=chosen)
        session.add(made)
        session.flush()
        for one, other in ((customer_id, other_id), (other_id, customer_id)):
            details = {"other": other, "kind": chosen.value}
            changing.told(session, one, by=by, action="customer.relate", details=details)
        return made.id


@action(Permission.CUSTOMERS_EDIT)
def unrelate(relation_id: int, *, by: Viewer) -> None:
    """Remove a relation; one of the two has to be in scope."""
    with unit_of_work() as session:
        relation = session.get(CustomerRelation, relation_id)
        if relation is None:
            raise NotFound("relation", relation_id)
        try:
            changing.in_sight(session, relation.customer_id, by=by)
        except NotFound:
            changing.in_sight(session, relation.related_customer_id, by=by)
        for one in (relation.customer_id, relation.related_customer_id):
            details = {"relation": relation.id, "kind": relation.kind.value}
            changing.told(session, one, by=by, action="customer.unrelate", details=details)
        session.delete(relation)


@action(Permission.CUSTOMERS_EDIT)
def add_note(
    customer_id: int, body: str, *, request_id: RequestId, by: Viewer, now: datetime | None = None
) -> int:
    """A note about a customer, once per request id; notes are never changed.

    Raises Refusal with the kept record's code for one that was merged.
    """
    written = plain_text(body, lines=True)
    if not written:
        raise Invalid({"body": "Write the note."})
    if len(written) > LONGEST_NOTE:
        raise Invalid({"body": f"At most {LONGEST_NOTE} characters fit here; this has {len(written)}."})
    with unit_of_work() as session:
        row = changing.locked(session, customer_id, by=by, with_archived=True)
        _refuse_merged(session, row, by=by)

        def make() -> int:
            made = CustomerNote(
                customer_id=row.id, body=written, created_by=by.user_id, created_at=now or utc_now()
            )
            session.add(made)
            session.flush()
            changing.told(session, row.id, by=by, action="customer.add_note", details={"note": made.id})
            return made.id

        return once(
            session,
            request_id,
            action="customers.add_note",
            content={"customer": customer_id, "body": body},
            actor_id=by.user_id,
            make=make,
        )


def _refuse_merged(session: Session, row: Customer, *, by: Viewer) -> None:
    """What is written on a merged record would not be read again."""
    if row.merged_into_id is None:
        return
    kept = session.get_one(Customer, row.merged_into_id)
    sees = is_in_scope(by, kept.agent_id, kept.territory_id)
    into = kept.customer_code if sees else "a record outside your book"
    raise Refusal(
        f"This record was merged into {into}.",
        remedy="Write the note there." if sees else "Ask your manager to write the note there.",
    )


@action(Permission.CUSTOMERS_EDIT)
def record_consent(
    customer_id: int,
    *,
    channel: str,
    purpose: str,
    is_granted: bool,
    text_version: str = CONSENT_TEXT_VERSION,
    by: Viewer,
    now: datetime | None = None,
) -> int:
    """A consent or its withdrawal, each a new row; the newest of a channel and purpose holds.

    Raises Invalid when there is nothing to withdraw, or when it is already given under that text.
    """
    try:
        chosen, wanted = ConsentChannel(channel), ConsentPurpose(purpose)
    except ValueError:
        raise Invalid({"channel": "Choose channel and purpose from the lists."}) from None
    with unit_of_work() as session:
        row = changing.locked(session, customer_id, by=by)
        newest = _newest_consent(session, row.id, chosen, wanted)
        holds = newest is not None and newest.is_granted
        if is_granted and holds and newest is not None and newest.text_version == text_version:
            raise Invalid({"channel": "This consent is given already."})
        if not is_granted and not holds:
            raise Invalid({"channel": "There is no consent to withdraw."})
        made = Consent(
            customer_id=row.id,
            channel=chosen,
            purpose=wanted,
            is_granted=is_granted,
            text_version=text_version,
            at=now or utc_now(),
            recorded_by=by.user_id,
        )
        session.add(made)
        session.flush()
        details = {
            "channel": chosen.value,
            "purpose": wanted.value,
            "is_granted": is_granted,
            "text_version": text_version,
        }
        changing.told(session, row.id, by=by, action="customer.consent", details=details)
        return made.id


def _newest_consent(
    session: Session, customer_id: int, channel: ConsentChannel, purpose: ConsentPurpose
) -> Consent | None:
    return session.scalars(
        select(Consent)
        .where(Consent.customer_id == customer_id, Consent.channel == channel, Consent.purpose == purpose)
        .order_by(Consent.id.desc())
        .limit(1)
    ).one_or_none()


def relations_of(session: Session, customer_id: int) -> list[CustomerRelation]:
    """The relations of a customer, seen from either side."""
    return list(
        session.scalars(
            select(CustomerRelation)
            .where(
                or_(
                    CustomerRelation.customer_id == customer_id,
                    CustomerRelation.related_customer_id == customer_id,
                )
            )
            .order_by(CustomerRelation.id)
        )
    )
