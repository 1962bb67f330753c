"""What crosses the front door of sales: filters, boards, lists, leads and opportunities as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from core.kit.lifecycle import Tone

Kind = Literal["lead", "opportunity"]
CLOSED_DAYS = 30


class Waiting(StrEnum):
    """What an open deal waits for: it stands still, or its next follow-up is late, due or missing."""

    STANDING = "standing"
    OVERDUE = "overdue"
    TODAY = "today"
    UNPLANNED = "unplanned"


@dataclass(frozen=True, slots=True)
class DealFilter:
    """Which leads or opportunities; an empty field means all.

    A territory stands for its whole subtree. The created dates are business-local, both inclusive.
    Closed ones are shown for `closed_days` after they closed; None shows all of them.
    """

    owner_ids: tuple[int, ...] = ()
    territory_ids: tuple[int, ...] = ()
    source_ids: tuple[int, ...] = ()
    product_ids: tuple[int, ...] = ()
    priorities: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    created_from: date | None = None
    created_to: date | None = None
    text: str = ""
    unassigned: bool = False
    waiting: Waiting | None = None
    closed_days: int | None = CLOSED_DAYS


@dataclass(frozen=True, slots=True)
class Ref:
    """A lead or opportunity that was written: its id, code and version as they are now."""

    id: int
    code: str
    version: int


@dataclass(frozen=True, slots=True)
class Named:
    """A row of another table as it is shown: its id and what people call it."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Card:
    """One lead or opportunity on a board or in a list; value in US dollars, days in its stage."""

    id: int
    code: str
    status: str
    status_label: str
    tone: Tone
    title: str
    product: str
    source: str
    value: Decimal | None
    priority: str
    days_in_stage: int
    is_rotting: bool
    next_followup_at: datetime | None
    is_overdue: bool
    owner_id: int | None
    owner: str
    territory: str
    created_at: datetime
    version: int
    moves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One status: totals over all matching rows, and the first cards. `after` fetches the next."""

    status: str
    label: str
    tone: Tone
    note: str
    count: int
    value_sum: Decimal
    weighted_sum: Decimal
    without_value: int
    cards: tuple[Card, ...]
    after: str | None

    @property
    def has_more(self) -> bool:
        """Whether there are cards beyond those loaded."""
        return self.after is not None


@dataclass(frozen=True, slots=True)
class Board:
    """Every status of a lifecycle, in order."""

    kind: Kind
    columns: tuple[BoardColumn, ...]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class DealPage:
    """A page of the list, with the number of all that match."""

    rows: tuple[Card, ...]
    total: int
    after: str | None


@dataclass(frozen=True, slots=True)
class NewLead:
    """A lead as it is entered. Without owner and territory it is the creator's own.

    With a territory and no owner it waits there, unassigned, for a manager to hand it out. Amounts may
    come as typed: the core tells those that are none together with what else is wrong.
    """

    first_name: str
    last_name: str
    source_id: int
    email: str = ""
    phone: str = ""
    company_name: str = ""
    date_of_birth: date | None = None
    state: str = ""
    contact_consent: bool = False
    product_interest: int | None = None
    expected_premium: Decimal | str | None = None
    expected_sum_assured: Decimal | str | None = None
    priority: str = "medium"
    assigned_to: int | None = None
    territory_id: int | None = None
    account_id: int | None = None
    customer_id: int | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class NewOpportunity:
    """An opportunity as it is entered; the owner and the amount follow the rules of `NewLead`."""

    name: str
    lead_id: int | None = None
    account_id: int | None = None
    customer_id: int | None = None
    product_id: int | None = None
    source_id: int | None = None
    estimated_value: Decimal | str | None = None
    expected_close_date: date | None = None
    opened_on: date | None = None
    priority: str = "medium"
    assigned_to: int | None = None
    territory_id: int | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A lead or customer that may be the same person.

    Outside the viewer's scope only that it exists and whose it is are told: `code` and `title`
    are empty and `is_visible` is false.
    """

    kind: Literal["lead", "customer"]
    id: int | None
    code: str
    title: str
    status_label: str
    owner: str
    because: tuple[str, ...]
    is_visible: bool


@dataclass(frozen=True, slots=True)
class About:
    """Whom a follow-up or appointment is about; at least one is named."""

    lead_id: int | None = None
    opportunity_id: int | None = None
    customer_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewFollowup:
    """A contact to be made; without an agent it is the owner's, or the creator's."""

    about: About
    scheduled_at: datetime
    type: str = "call"
    direction: str = "outbound"
    notes: str = ""
    agent_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewAppointment:
    """A meeting to be held; without an agent it is the owner's, or the creator's."""

    about: About
    starts_at: datetime
    ends_at: datetime
    type: str = "initial_meeting"
    mode: str = "in_person"
    location: str = ""
    notes: str = ""
    agent_id: int | None = None


@dataclass(frozen=True, slots=True)
class LostReasonChoice:
    """A reason for losing; "other" ones need a note."""

    id: int
    name: str
    category: str
    needs_note: bool


@dataclass(frozen=True, slots=True)
class OwnerChoice:
    """Somebody who can own leads and opportunities, within the viewer's scope."""

    id: int
    name: str
    territory_id: int | None
    territory: str


@dataclass(frozen=True, slots=True)
class Link:
    """Where a work item leads: the slug of a page and its query parameters."""

    page: str
    params: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing that needs the viewer, with why and by when; `owner` is whose it is, "" for their own."""

    kind: str
    title: str
    reason: str
    due: datetime | None
    value: Decimal | None
    is_overdue: bool
    link: Link
    owner: str = ""


@dataclass(frozen=True, slots=True)
class MyDay:
    """What needs the viewer: the most urgent items, and how many there are of each kind."""

    items: tuple[WorkItem, ...]
    counts: dict[str, int] = field(default_factory=dict)
