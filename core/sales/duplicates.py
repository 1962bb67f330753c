"""Who may be the same person: leads and customers with one phone, e-mail, or name and birth date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from core import customers
from core.access import Viewer, is_in_scope
from core.kit.fields import phone_digits, plain_text
from core.sales import neighbours
from core.sales.records import Match, NewLead
from core.sales.status import LEAD
from core.sales.tables import Lead

MOST = 20
FEWEST_DIGITS = 7
SAME_PHONE = "same phone"
SAME_EMAIL = "same e-mail"
SAME_PERSON = "same name and date of birth"
# Two forms about one person wait for each other here, so that the second sees the first's lead.
LOCK = 7_249_003


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody: phone digits, e-mail in lower case, name and birth date."""

    name: str
    email: str
    digits: str
    born_on: date | None

    @classmethod
    def of(cls, new: NewLead) -> Person:
        """The person of a new lead, as typed; a phone of fewer than 7 digits matches nothing."""
        digits = phone_digits(new.phone)
        return cls(
            plain_text(f"{new.first_name} {new.last_name}"),
            plain_text(new.email).lower(),
            digits if len(digits) >= FEWEST_DIGITS else "",
            new.date_of_birth,
        )


def hold(session: Session, new: NewLead) -> None:
    """Wait for other transactions that enter a lead with the same phone or e-mail."""
    person = Person.of(new)
    for key in sorted({person.digits, person.email} - {""}):
        session.execute(
            sql("select pg_advisory_xact_lock(:lock, hashtext(:key))"), {"lock": LOCK, "key": key}
        )


def matches(session: Session, person: Person, *, by: Viewer) -> tuple[Match, ...]:
    """Leads and customers who may be the person, at most 20 of each (quality.md D7).

    Phones match in any notation, e-mails in any case. Of a hit outside the viewer's scope only that
    it exists and whose it is are told.
    """
    return (*_leads(session, person, by=by), *_customers(session, person, by=by))


def _leads(session: Session, person: Person, *, by: Viewer) -> list[Match]:
    name = func.plain_text(Lead.first_name + " " + Lead.last_name)
    tests: list[tuple[str, object, ColumnElement[bool]]] = [
        (SAME_PHONE, person.digits, Lead.phone_digits == person.digits),
        (SAME_EMAIL, person.email, func.lower(Lead.email) == person.email),
        (
            SAME_PERSON,
            person.born_on if person.name else None,
            and_(Lead.date_of_birth == person.born_on, name == func.plain_text(person.name)),
        ),
    ]
    asked = [(label, condition) for label, known, condition in tests if known]
    if not asked:
        return []
    found = session.execute(
        select(Lead, func.coalesce(neighbours.user_name, ""), *(func.coalesce(c, False) for _, c in asked))
        .outerjoin(neighbours.users, neighbours.users.c.id == Lead.assigned_to)
        .where(or_(*(condition for _, condition in asked)))
        .order_by(Lead.created_at.desc(), Lead.id.desc())
        .limit(MOST)
    )
    labels = [label for label, _ in asked]
    return [
        _lead_match(row, owner, [lab for lab, holds in zip(labels, same, strict=True) if holds], by=by)
        for row, owner, *same in found
    ]


def _lead_match(row: Lead, owner: str, because: Sequence[str], *, by: Viewer) -> Match:
    if not is_in_scope(by, row.assigned_to, row.territory_id):
        return _foreign("lead", owner, because)
    return Match(
        kind="lead",
        id=row.id,
        code=row.lead_code,
        title=f"{row.first_name} {row.last_name}",
        status_label=LEAD.label(row.status.value),
        owner=owner,
        because=tuple(because),
        is_visible=True,
    )


def _customers(session: Session, person: Person, *, by: Viewer) -> list[Match]:
    first, _, last = person.name.partition(" ")
    found = customers.matches(
        first_name=first,
        last_name=last,
        email=person.email,
        phone=person.digits,
        date_of_birth=person.born_on,
        seen_by=by,
    )
    owners = {match.agent_id for match in found if match.agent_id is not None}
    wanted = select(neighbours.users.c.id, neighbours.user_name).where(neighbours.users.c.id.in_(owners))
    names: dict[int | None, str] = {row[0]: row[1] for row in session.execute(wanted)}
    return [_customer_match(match, names.get(match.agent_id, ""), by=by) for match in found]


def _customer_match(match: customers.CustomerMatch, owner: str, *, by: Viewer) -> Match:
    if not is_in_scope(by, match.agent_id, match.territory_id):
        return _foreign("customer", owner, match.because)
    return Match(
        kind="customer",
        id=match.id,
        code=match.code,
        title=match.name,
        status_label="Customer",
        owner=owner,
        because=match.because,
        is_visible=True,
    )


def _foreign(kind: str, owner: str, because: Sequence[str]) -> Match:
    return Match(
        kind="lead" if kind == "lead" else "customer",
        id=None,
        code="",
        title="",
        status_label="",
        owner=owner or "nobody yet",
        because=tuple(because),
        is_visible=False,
    )
