"""Merges two records of one person, and undoes it (quality.md D8).

Which columns point at customers is asked of the database itself, so a new table is covered the day
that it is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, column, delete, insert, select, table, text, update
from sqlalchemy.orm import Session

from core.access import Permission, Viewer, action, read
from core.access.tables import User
from core.customers import changing, reviews
from core.customers.risk import Laundering
from core.customers.tables import (
    Contact,
    ContactKind,
    Customer,
    CustomerMerge,
    CustomerNote,
    CustomerRelation,
    KycStatus,
    NotDuplicate,
)
from core.db import unit_of_work
from core.dossiers.identity import score_again
from core.kit.dates import utc_now
from core.kit.errors import Invalid, NotFound, Refusal
from core.kit.fields import plain_text

# These keep pairs of customers, or the story of merges; each has a rule of its own below. What the
# duplicate finder found stays as it is: its pairs are shown while both records live.
SPECIAL = frozenset(
    {
        ("customer_relations", "customer_id"),
        ("customer_relations", "related_customer_id"),
        ("not_duplicates", "first_id"),
        ("not_duplicates", "second_id"),
        ("duplicate_pairs", "first_id"),
        ("duplicate_pairs", "second_id"),
        ("customer_merges", "kept_id"),
        ("customer_merges", "merged_id"),
    }
)
LONGEST_CONTACT = Contact.contact_value.type.length
# What is taken over where the kept record says nothing.
FILLED = (
    "email",
    "phone_secondary",
    "occupation",
    "income_range",
    "marital_status",
    "account_id",
    "source",
)
# What holds of the person when either record says so.
EITHER = ("is_pep", "has_children")

_REFERENCES = text("""
select c.conrelid::regclass::text as table_name, a.attname as column_name
from pg_constraint c
inner join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
where c.contype = 'f' and c.confrelid = 'customers'::regclass and array_length(c.conkey, 1) = 1
order by 1, 2
""")


@dataclass(frozen=True, slots=True)
class MergeRow:
    """One merge, as it is shown: which code went into the kept one, and whether it can be undone."""

    id: int
    merged_code: str
    reason: str
    who: str
    at: datetime
    undone_at: datetime | None


def references(session: Session) -> list[tuple[str, str]]:
    """Every (table, column) that points at a customer."""
    return [(row.table_name, row.column_name) for row in session.execute(_REFERENCES)]


@action(Permission.CUSTOMERS_MERGE)
def merge(kept_id: int, merged_id: int, *, reason: str, by: Viewer, now: datetime | None = None) -> int:
    """Make two records one: everything of `merged` points at `kept` afterwards; the merge's id.

    Both have to be live and in scope. The merged code goes on finding the kept record.
    """
    if kept_id == merged_id:
        raise Invalid({"merged_id": "Choose two customers."})
    why = plain_text(reason, lines=True)
    if not why:
        raise Invalid({"reason": "Say what shows that they are one person."})
    with unit_of_work() as session:
        rows = {key: changing.locked(session, key, by=by) for key in sorted((kept_id, merged_id))}
        kept, merged = rows[kept_id], rows[merged_id]
        before, at = reviews.kept(kept), now or utc_now()
        merged.merged_into_id = kept.id
        session.flush()
        moved: dict[str, Any] = {
            "rows": _repoint(session, kept_id, merged_id),
            "relations": _merge_relations(session, kept_id, merged_id),
            "decisions": _drop_decisions(session, merged_id),
            "contacts": _keep_addresses(session, kept, merged),
            "notes": _keep_notes(session, kept, merged, by=by, at=at),
            "filled": _fill(kept, merged),
            **{name: getattr(merged, name) and not getattr(kept, name) for name in EITHER},
        }
        for name in EITHER:
            setattr(kept, name, getattr(kept, name) or getattr(merged, name))
        _score_again(session, kept, before, by=by, now=now)
        made = CustomerMerge(
            kept_id=kept.id,
            merged_id=merged.id,
            moved=moved,
            reason=why,
            merged_by=by.user_id,
            merged_at=at,
        )
        session.add(made)
        session.flush()
        _tell(session, made, (kept, merged), by=by, what="customer.merge")
        return made.id


def _tell(
    session: Session, made: CustomerMerge, rows: Iterable[Customer], *, by: Viewer, what: str
) -> None:
    counts = {name: len(ids) for name, ids in made.moved["rows"].items()}
    for row in rows:
        details = {
            "merge": made.id,
            "kept": made.kept_id,
            "merged": made.merged_id,
            "moved": counts,
            "from_version": row.version,
        }
        changing.told(session, row.id, by=by, action=what, details=details)


def _repoint(session: Session, kept_id: int, merged_id: int) -> dict[str, list[int]]:
    """Point every plain reference at the kept record; the ids of the rows by table.column."""
    moved: dict[str, list[int]] = {}
    for name, reference in references(session):
        if (name, reference) in SPECIAL:
            continue
        target = _target(name, reference)
        ids = session.scalars(
            update(target)
            .where(target.c[reference] == merged_id)
            .values({reference: kept_id})
            .returning(target.c.id)
        ).all()
        if ids:
            moved[f"{name}.{reference}"] = sorted(ids)
    return moved


def _target(name: str, reference: str) -> Any:
    return table(name, column("id", BigInteger), column(reference, BigInteger))


def _merge_relations(session: Session, kept_id: int, merged_id: int) -> dict[str, Any]:
    """Relations move along, but nobody is related to themself or twice to one person."""
    both = (kept_id, merged_id)
    found = session.scalars(
        select(CustomerRelation)
        .where(CustomerRelation.customer_id.in_(both) | CustomerRelation.related_customer_id.in_(both))
        .order_by(CustomerRelation.id)
    ).all()
    known = {
        frozenset((one.customer_id, one.related_customer_id))
        for one in found
        if merged_id not in (one.customer_id, one.related_customer_id)
    }
    before, dropped = [], []
    for one in found:
        pair = (one.customer_id, one.related_customer_id)
        if merged_id not in pair:
            continue
        row = {"id": one.id, "customer_id": pair[0], "related_customer_id": pair[1]}
        moved = tuple(kept_id if key == merged_id else key for key in pair)
        if len(set(moved)) == 1 or frozenset(moved) in known:
            dropped.append({**row, "kind": one.kind.value})
            session.delete(one)
        else:
            before.append(row)
            known.add(frozenset(moved))
            one.customer_id, one.related_customer_id = moved
    session.flush()
    return {"moved": before, "dropped": dropped}


def _drop_decisions(session: Session, merged_id: int) -> list[dict[str, Any]]:
    """Decisions that the merged record is somebody else no longer say anything."""
    found = session.scalars(
        select(NotDuplicate).where(
            (NotDuplicate.first_id == merged_id) | (NotDuplicate.second_id == merged_id)
        )
    ).all()
    rows = [
        {
            "first_id": one.first_id,
            "second_id": one.second_id,
            "decided_by": one.decided_by,
            "decided_at": one.decided_at.isoformat(),
        }
        for one in found
    ]
    for one in found:
        session.delete(one)
    return rows


def _keep_addresses(session: Session, kept: Customer, merged: Customer) -> list[int]:
    """Phone numbers, the e-mail and the address of the merged record stay as further contacts."""
    known = {kept.phone_primary, kept.phone_secondary, (kept.email or "").lower(), None, ""}
    is_elsewhere = _written_alike(_address(merged)) != _written_alike(_address(kept))
    offered = (
        (ContactKind.PHONE, merged.phone_primary),
        (ContactKind.PHONE, merged.phone_secondary),
        (ContactKind.EMAIL, (merged.email or "").lower() if kept.email else None),
        *((ContactKind.POST, line) for line in _lines(merged) if is_elsewhere),
    )
    made = [
        Contact(customer_id=kept.id, contact_type=kind, contact_value=value)
        for kind, value in offered
        if value not in known
    ]
    session.add_all(made)
    session.flush()
    return [one.id for one in made]


def _address(row: Customer) -> tuple[str, str]:
    """Street and place, each as one line."""
    street = ", ".join(part for part in (row.address_line1, row.address_line2) if part)
    return street, f"{row.city}, {row.state} {row.postal_code}, {row.country}"


def _lines(row: Customer) -> tuple[str, ...]:
    """The address as it fits into contacts: one, or two of an uncommonly long one."""
    street, place = _address(row)
    whole = f"{street}, {place}"
    return (whole,) if len(whole) <= LONGEST_CONTACT else (street, place)


def _written_alike(address: tuple[str, str]) -> list[str]:
    return [" ".join(line.casefold().split()) for line in address]


def _keep_notes(
    session: Session, kept: Customer, merged: Customer, *, by: Viewer, at: datetime
) -> list[int]:
    """The notes on the merged record's own row stay as a note about the kept one, whole."""
    if not merged.notes or merged.notes == kept.notes:
        return []
    body = f"From {merged.customer_code}:\n{merged.notes}"
    made = CustomerNote(customer_id=kept.id, body=body, created_by=by.user_id, created_at=at)
    session.add(made)
    session.flush()
    return [made.id]


def _fill(kept: Customer, merged: Customer) -> list[str]:
    """Take over what only the merged record knows; the names of those fields."""
    names = [n for n in FILLED if getattr(kept, n) is None and getattr(merged, n) is not None]
    for name in names:
        setattr(kept, name, getattr(merged, name))
    return names


def _score_again(
    session: Session, kept: Customer, before: Laundering, *, by: Viewer, now: datetime | None
) -> None:
    """Other policies, claims and a politically exposed person change scores and the next review."""
    if kept.risk_reasons is not None or kept.kyc_status is KycStatus.VERIFIED:
        score_again(session, kept, by=by, now=now, before=before)


@action(Permission.CUSTOMERS_MERGE)
def undo_merge(merge_id: int, *, by: Viewer, now: datetime | None = None) -> None:
    """Take a merge apart: what was moved goes back, what came later stays with the kept record.

    Raises NotFound outside the scope, and Refusal when the kept record was merged itself since.
    """
    with unit_of_work() as session:
        made = session.scalars(
            select(CustomerMerge).where(CustomerMerge.id == merge_id).with_for_update()
        ).one_or_none()
        if made is None:
            raise NotFound("merge", merge_id)
        kept = changing.locked(session, made.kept_id, by=by, with_archived=True)
        if made.undone_at is not None:
            return
        if kept.merged_into_id is not None:
            raise Refusal("The kept record was merged itself since.", remedy="Undo that merge first.")
        merged = session.get_one(Customer, made.merged_id, with_for_update=True)
        _point_back(session, made)
        _restore_relations(session, made.moved["relations"])
        _restore_decisions(session, made.moved["decisions"])
        session.execute(delete(Contact).where(Contact.id.in_(made.moved["contacts"])))
        # A merge that names no notes made none.
        session.execute(delete(CustomerNote).where(CustomerNote.id.in_(made.moved.get("notes", ()))))
        for name in made.moved["filled"]:
            if getattr(kept, name) == getattr(merged, name):
                setattr(kept, name, None)
        before = reviews.kept(kept)
        for name in EITHER:
            if made.moved.get(name):
                setattr(kept, name, False)
        merged.merged_into_id = None
        _score_again(session, kept, before, by=by, now=now)
        made.undone_by, made.undone_at = by.user_id, now or utc_now()
        _tell(session, made, (kept, merged), by=by, what="customer.undo_merge")


def _point_back(session: Session, made: CustomerMerge) -> None:
    there = set(references(session))
    for where, ids in made.moved["rows"].items():
        name, _, reference = where.partition(".")
        if (name, reference) not in there:
            continue
        target = _target(name, reference)
        session.execute(
            update(target)
            .where(target.c.id.in_(ids), target.c[reference] == made.kept_id)
            .values({reference: made.merged_id})
        )


def _restore_relations(session: Session, told: Mapping[str, Any]) -> None:
    for row in told["moved"]:
        one = session.get(CustomerRelation, row["id"])
        if one is not None:
            one.customer_id, one.related_customer_id = row["customer_id"], row["related_customer_id"]
    session.flush()
    for row in told["dropped"]:
        pair = (row["customer_id"], row["related_customer_id"])
        known = select(CustomerRelation.id).where(
            CustomerRelation.customer_id.in_(pair), CustomerRelation.related_customer_id.in_(pair)
        )
        if session.scalar(known) is None:
            values = {name: value for name, value in row.items() if name != "id"}
            session.execute(insert(CustomerRelation).values(**values))


def _restore_decisions(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    for row in rows:
        given = {**row, "decided_at": datetime.fromisoformat(row["decided_at"])}
        session.add(NotDuplicate(**given))


@read(Permission.CUSTOMERS_VIEW)
def merges(customer_id: int, *, by: Viewer) -> tuple[MergeRow, ...]:
    """What was merged into a customer, newest first."""
    with unit_of_work() as session:
        changing.in_sight(session, customer_id, by=by)
        rows = session.execute(
            select(CustomerMerge, Customer.customer_code, User.first_name + " " + User.last_name)
            .join(Customer, Customer.id == CustomerMerge.merged_id)
            .outerjoin(User, User.id == CustomerMerge.merged_by)
            .where(CustomerMerge.kept_id == customer_id)
            .order_by(CustomerMerge.id.desc())
            .limit(50)
        ).all()
    may = by.can(Permission.PII_VIEW)
    return tuple(
        MergeRow(
            made.id,
            code,
            (made.reason or "") if may else "",
            who or "The system",
            made.merged_at,
            made.undone_at,
        )
        for made, code, who in rows
    )
