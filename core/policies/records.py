"""What crosses the front door of policies: applications, quotes, drafts and policies as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from core.catalog import Failure, Premium, RiderChoice, RiderType
from core.documents import AskedDocument, DocumentRow
from core.kit.errors import Invalid
from core.kit.fields import plain_text
from core.kit.lifecycle import MoveOption, Tone
from core.policies.rules import FOR_LIFE, Share
from core.policies.tables import BeneficiaryClass, PaymentFrequency, PaymentMethod, PolicyDraft

STEPS = ("customer", "product", "riders", "beneficiaries", "documents", "review")


@dataclass(frozen=True, slots=True)
class Application:
    """What is applied for, as far as it is known; amounts in US dollars, terms in years."""

    customer_id: int | None = None
    lead_id: int | None = None
    product_id: int | None = None
    sum_assured: Decimal | None = None
    term_years: int | None = None
    effective_date: date | None = None
    payment_frequency: PaymentFrequency | None = None
    payment_method: PaymentMethod | None = None
    riders: tuple[RiderChoice, ...] = ()
    beneficiaries: tuple[Share, ...] = ()
    notes: str = ""


def to_state(application: Application) -> dict[str, Any]:
    """The application as JSON, the way a draft keeps it; amounts and dates as text."""
    return {
        "customer_id": application.customer_id,
        "lead_id": application.lead_id,
        "product_id": application.product_id,
        "sum_assured": _text(application.sum_assured),
        "term_years": application.term_years,
        "effective_date": _text(application.effective_date),
        "payment_frequency": _text(application.payment_frequency),
        "payment_method": _text(application.payment_method),
        "riders": [
            {"rider_type": rider.rider_type.value, "sum_assured": str(rider.sum_assured)}
            for rider in application.riders
        ],
        "beneficiaries": [
            {
                "beneficiary_class": share.beneficiary_class.value,
                "name": plain_text(share.name),
                "relation": plain_text(share.relation),
                "share_pct": str(share.share_pct),
                "date_of_birth": _text(share.date_of_birth),
            }
            for share in application.beneficiaries
        ],
        "notes": plain_text(application.notes, lines=True),
    }


def from_state(state: Mapping[str, Any]) -> Application:
    """The application that a draft keeps. Raises Invalid when the state was tampered with."""
    try:
        return Application(
            customer_id=state.get("customer_id"),
            lead_id=state.get("lead_id"),
            product_id=state.get("product_id"),
            sum_assured=_decimal(state.get("sum_assured")),
            term_years=state.get("term_years"),
            effective_date=_date(state.get("effective_date")),
            payment_frequency=(
                PaymentFrequency(state["payment_frequency"]) if state.get("payment_frequency") else None
            ),
            payment_method=(
                PaymentMethod(state["payment_method"]) if state.get("payment_method") else None
            ),
            riders=tuple(
                RiderChoice(RiderType(one["rider_type"]), Decimal(one["sum_assured"]))
                for one in state.get("riders", ())
            ),
            beneficiaries=tuple(
                Share(
                    BeneficiaryClass(one["beneficiary_class"]),
                    one["name"],
                    one["relation"],
                    Decimal(one["share_pct"]),
                    _date(one.get("date_of_birth")),
                )
                for one in state.get("beneficiaries", ())
            ),
            notes=state.get("notes") or "",
        )
    except (KeyError, TypeError, ValueError, InvalidOperation):
        raise Invalid({"draft": "The draft can't be read."}, remedy="Start a new entry.") from None


def application_of(row: PolicyDraft) -> Application:
    """What a draft applies for; its columns say for whom, for a merge of customers moves them alone."""
    return replace(from_state(row.state), customer_id=row.customer_id, lead_id=row.lead_id)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _date(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


@dataclass(frozen=True, slots=True)
class Quote:
    """The state of an application: failing limits, the premium when it can be priced, and gaps.

    By field: `missing` asks for what is blank, `wrong` says what else keeps it from being priced.
    """

    failures: tuple[Failure, ...]
    premium: Premium | None
    missing: Mapping[str, str]
    age: int | None
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Whether it could be submitted as it stands."""
        return not self.failures and not self.missing and not self.wrong and self.premium is not None


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy entry that is not submitted yet."""

    id: int
    version: int
    request_id: str
    step: str
    application: Application
    customer: str
    product: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class PolicyDocuments:
    """Documents round an entry or a policy: asked for, its own, the customer's others, and withdrawn."""

    asked: tuple[AskedDocument, ...]
    own: tuple[DocumentRow, ...]
    others: tuple[DocumentRow, ...]
    withdrawn: tuple[DocumentRow, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """A policy that was written: its id, number and version as they are now."""

    id: int
    number: str
    version: int


@dataclass(frozen=True, slots=True)
class PolicyFilter:
    """Which policies, the newest application first; an empty field means all. Dates are inclusive.

    `statuses` are keys of STATES: an application that was declined is not among the cancelled.
    `expires_from` and `expires_to` bound `PolicyRow.cover_ends`.
    """

    text: str = ""
    statuses: tuple[str, ...] = ()
    product_ids: tuple[int, ...] = ()
    agent_ids: tuple[int, ...] = ()
    territory_ids: tuple[int, ...] = ()
    issued_from: date | None = None
    issued_to: date | None = None
    expires_from: date | None = None
    expires_to: date | None = None
    customer_id: int | None = None
    oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy as the list shows it; premium a year in US dollars.

    `cover_ends` is the first day without cover: when it ended, or else when its term does. Neither it nor
    `term_ends` is told where no date matters: of cover for life, and of an application that came to
    nothing.
    """

    id: int
    number: str
    status: str
    status_label: str
    tone: Tone
    customer_id: int
    customer: str
    product: str
    category: str
    agent: str
    territory: str
    sum_assured: Decimal
    annual_premium: Decimal
    frequency: str
    application_date: date
    issue_date: date | None
    effective_date: date | None
    expiry_date: date | None
    cover_ends: date | None
    term_ends: date | None
    version: int

    @property
    def is_for_life(self) -> bool:
        """Whether cover lasts as long as the insured lives, whatever the date of expiry is."""
        return self.category in FOR_LIFE


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """A page of the list, with the number and premium a year of all that match."""

    rows: tuple[PolicyRow, ...]
    total: int
    annual_premium: Decimal
    after: str | None


@dataclass(frozen=True, slots=True)
class RiderRow:
    """A rider of a policy; end_date is the first day without it."""

    id: int
    rider_type: str
    name: str
    sum_assured: Decimal
    premium_amount: Decimal
    start_date: date
    end_date: date
    is_active: bool


@dataclass(frozen=True, slots=True)
class BeneficiaryRow:
    """A beneficiary and the span in which they are one; valid_to is exclusive."""

    id: int
    beneficiary_class: str
    name: str
    relation: str
    share_pct: Decimal
    date_of_birth: date | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class PolicyEvent:
    """Something that happened to a policy, newest first."""

    at: datetime
    who: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A dated change of the terms; planned ones wait for their date, replaced ones never came."""

    kind: str
    effective_date: date
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    at: datetime
    who: str
    is_planned: bool
    is_replaced: bool


@dataclass(frozen=True, slots=True)
class PolicyDetail:
    """Everything about one policy that the viewer may see; `can_change` is about its terms.

    `reinstatable_until` is told of a lapsed policy to who may reinstate one, past days as well;
    `identity`, the state of the customer's identity check, to who decides on an application. What a move
    is `missing` is what nobody can fill in: it is not for this viewer.
    """

    row: PolicyRow
    premium_amount: Decimal
    instalments_a_year: int
    payment_method: str
    term_years: int | None
    end_date: date | None
    end_reason: str
    lead_id: int | None
    lead_code: str
    agent_id: int
    product_id: int
    customer_code: str
    can_change: bool
    can_decline: bool
    premium_lines: tuple[Mapping[str, Any], ...]
    riders: tuple[RiderRow, ...]
    beneficiaries: tuple[BeneficiaryRow, ...]
    notes: str
    moves: tuple[MoveOption, ...]
    history: tuple[PolicyEvent, ...]
    changes: tuple[ChangeRow, ...] = ()
    reinstatable_until: date | None = None
    identity: str = ""
