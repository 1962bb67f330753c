"""What crosses the front door of dossiers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from core.customers import CustomerDetail
from core.kit.lifecycle import Tone

ItemKind = Literal["policy", "lead", "opportunity", "claim", "followup", "appointment"]
EventKind = Literal["customer", "kyc", "policy", "sales", "claim", "contact", "document", "consent", "note"]
EVENT_KINDS: dict[str, str] = {
    "contact": "Contacts",
    "policy": "Policies",
    "sales": "Sales",
    "claim": "Claims",
    "document": "Documents",
    "kyc": "KYC",
    "consent": "Consents",
    "note": "Notes",
    "customer": "Record",
}


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a customer has: a policy, deal, claim or planned contact; amounts in US dollars.

    `on` is the date that matters: end of cover (none for life), opening, loss, or when it is planned.
    """

    kind: ItemKind
    id: int
    code: str
    title: str
    status: str
    status_label: str
    tone: Tone
    is_open: bool
    amount: Decimal | None
    on: date | None
    at: datetime | None
    owner: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do next with a customer, why, and the tab of the page where it is done."""

    text: str
    tab: str
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """One customer on one screen. Amounts and counts are over the rows in the viewer's scope.

    `lifetime_premium` is the sum of the instalments that fell due until today over all policies that
    were ever issued; `outside` counts the records of the customer outside the scope, by kind.
    """

    customer: CustomerDetail
    items: tuple[Item, ...]
    lifetime_premium: Decimal
    annual_premium: Decimal
    in_force: int
    open_claims: int
    open_deals: int
    outside: Mapping[str, int]
    next_step: NextStep

    @property
    def others(self) -> int:
        """How many records of the customer lie outside the scope."""
        return sum(self.outside.values())

    def of(self, *kinds: ItemKind) -> tuple[Item, ...]:
        """The items of some kinds."""
        return tuple(one for one in self.items if one.kind in kinds)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: when, who, what, in whose words, and the record that it is about."""

    at: datetime
    kind: EventKind
    who: str
    what: str
    note: str
    record_kind: str
    code: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of what happened, newest first, and the cursor to go on with."""

    events: tuple[Event, ...]
    after: str | None
