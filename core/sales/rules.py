"""Decisions about leads, opportunities, follow-ups and appointments; no database and no clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from unicodedata import combining, normalize

from core.kit.dates import add_months
from core.kit.fields import (
    Field,
    amount,
    choice,
    day,
    email,
    flag,
    key,
    person_name,
    phone,
    phone_digits,
    text,
)
from core.kit.lifecycle import Lifecycle
from core.kit.money import round_cents
from core.sales.status import LOST, OPEN
from core.sales.tables import (
    AppointmentMode,
    AppointmentType,
    Direction,
    FollowupType,
    Priority,
)

REOPEN_WITHIN = timedelta(days=180)
MISSED_AFTER = timedelta(hours=24)
# A clock on somebody's desk may run a little ahead or behind.
CLOCK_SLACK = timedelta(minutes=5)
MAX_NOTES = 10_000
MAX_OUTCOME = 255
LONGEST_MEETING = timedelta(hours=12)
MAX_PREMIUM = Decimal("99999999.99")
MAX_VALUE = Decimal("9999999999.99")
EARLIEST_BIRTH = date(1900, 1, 1)
EARLIEST_DEAL = date(1990, 1, 1)
MONTHS_AHEAD = 120


def days_in_stage(entered: datetime, now: datetime) -> int:
    """Whole days since the record entered its status (quality.md D3)."""
    return max((now - entered).days, 0)


def is_rotting(lifecycle: Lifecycle, status: str, entered: datetime, now: datetime) -> bool:
    """Whether an open record has stood in its status for as long as that status allows, or longer.

    Won and lost never rot: they have no limit.
    """
    limit = lifecycle[status].rots_after_days
    return limit is not None and days_in_stage(entered, now) >= limit


def is_overdue(due: datetime | None, now: datetime) -> bool:
    """Whether a planned time has passed."""
    return due is not None and due < now


def weighted(value: Decimal, weight: Decimal) -> Decimal:
    """Expected value times the chance of winning, at whole cents (domain.md section 8)."""
    return round_cents(value * weight)


def rank(lifecycle: Lifecycle, status: str) -> int:
    """How far a status is along the way to won; lost ones have no rank and count as the start."""
    order = [s.value for s in lifecycle.statuses if LOST not in s.flags]
    return order.index(status) if status in order else 0


def further(lifecycle: Lifecycle, furthest: str, status: str) -> str:
    """The one of two statuses that lies further along the way."""
    return status if rank(lifecycle, status) > rank(lifecycle, furthest) else furthest


def may_reopen(closed: datetime | date | None, now: datetime, today: date) -> bool:
    """Whether a lost record was lost at most 180 days ago (domain.md section 1)."""
    if closed is None:
        return False
    if isinstance(closed, datetime):
        return now - closed <= REOPEN_WITHIN
    return today - closed <= REOPEN_WITHIN


def is_open(lifecycle: Lifecycle, status: str) -> bool:
    """Whether a deal in the status is still being worked on."""
    return OPEN in lifecycle[status].flags


def held_needs(lifecycle: Lifecycle, status: str) -> dict[str, str]:
    """What a record in the status can't be emptied of: the needs of the steps that led there."""
    reached = rank(lifecycle, status)
    return {
        need.name: need.ask
        for step in lifecycle.statuses
        if LOST not in step.flags
        for move in step.moves
        if rank(lifecycle, step.value) < rank(lifecycle, move.to) <= reached
        for need in move.needs
    }


def is_another_person(name: str, phone: str, other_name: str, other_phone: str) -> bool:
    """Whether neither name nor phone agree, so that two records are hardly one person.

    False when a name is missing, and when one of the two agrees: people change names, and share phones.
    Names agree in any order, case and with any accents, phones in any notation.
    """
    if not name or not other_name or _folded(name) == _folded(other_name):
        return False
    return not phone or phone_digits(phone) != phone_digits(other_phone)


def _folded(name: str) -> list[str]:
    plain = normalize("NFKD", name.casefold())
    return sorted("".join(sign for sign in plain if not combining(sign)).split())


def lead_fields(today: date) -> tuple[Field, ...]:
    """The inputs of a lead; column lengths are those of the table."""
    return (
        Field("first_name", "First name", person_name(50), required=True, personal=True),
        Field("last_name", "Last name", person_name(50), required=True, personal=True),
        Field("company_name", "Company", text(100)),
        Field("email", "E-mail", email, personal=True),
        Field("phone", "Phone", phone, personal=True),
        Field("date_of_birth", "Date of birth", day(EARLIEST_BIRTH, today), personal=True),
        Field("state", "State", text(50)),
        Field("contact_consent", "Consent to contact", flag, required=True),
        Field("source_id", "Source", key, required=True),
        Field("product_interest", "Product", key),
        Field("expected_premium", "Expected premium", amount(MAX_PREMIUM)),
        Field("expected_sum_assured", "Expected sum assured", amount(MAX_VALUE)),
        Field("priority", "Priority", choice(Priority), required=True),
        Field("account_id", "Account", key),
        Field("customer_id", "Customer", key),
        Field("notes", "Notes", text(MAX_NOTES, lines=True), personal=True),
    )


def opportunity_fields(today: date) -> tuple[Field, ...]:
    """The inputs of an opportunity."""
    ahead = add_months(today, MONTHS_AHEAD)
    return (
        Field("name", "Name", text(120), required=True),
        Field("lead_id", "Lead", key),
        Field("account_id", "Account", key),
        Field("customer_id", "Customer", key),
        Field("product_id", "Product", key),
        Field("source_id", "Source", key),
        Field("estimated_value", "Estimated value", amount(MAX_VALUE)),
        Field("expected_close_date", "Expected close date", day(EARLIEST_DEAL, ahead)),
        Field("opened_on", "Opened on", day(EARLIEST_DEAL, today)),
        Field("priority", "Priority", choice(Priority), required=True),
        Field("notes", "Notes", text(MAX_NOTES, lines=True), personal=True),
    )


def labels(kind: str) -> dict[str, str]:
    """What people call the inputs of a lead or an opportunity."""
    inputs = lead_fields(EARLIEST_DEAL) if kind == "lead" else opportunity_fields(EARLIEST_DEAL)
    return {field.name: field.label for field in inputs}


WON_VALUE_FIELD = Field("won_value", "Agreed value", amount(MAX_VALUE))
FOLLOWUP_FIELDS = (
    Field("type", "Type", choice(FollowupType), required=True),
    Field("direction", "Direction", choice(Direction), required=True),
    Field("notes", "Notes", text(MAX_NOTES, lines=True), personal=True),
)
APPOINTMENT_FIELDS = (
    Field("type", "Purpose", choice(AppointmentType), required=True),
    Field("mode", "Held", choice(AppointmentMode), required=True),
    Field("location", "Place", text(255), personal=True),
    Field("notes", "Notes", text(MAX_NOTES, lines=True), personal=True),
)
OUTCOME_FIELD = Field("outcome", "Outcome", text(MAX_OUTCOME), required=True, personal=True)
REASON_FIELD = Field("reason", "Reason", text(1_000, lines=True))
NOTE_FIELD = Field("lost_note", "Note", text(1_000, lines=True), personal=True)
