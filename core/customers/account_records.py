"""What crosses the front door about accounts and their people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Which accounts; an empty field means any. The text is looked for in name, code, e-mail, phone."""

    text: str = ""
    industries: tuple[str, ...] = ()
    agent_ids: tuple[int, ...] = ()
    with_archived: bool = False


@dataclass(frozen=True, slots=True)
class AccountListRow:
    """An account in a list; `people` counts who works there or acts for it."""

    id: int
    code: str
    name: str
    industry: str
    country: str
    employee_count: int | None
    people: int
    agent: str
    created_on: date
    is_archived: bool


@dataclass(frozen=True, slots=True)
class AccountDetail:
    """An account as the viewer may see it; revenue in US dollars a year."""

    id: int
    code: str
    version: int
    name: str
    industry: str
    country: str
    year_established: int | None
    annual_revenue: Decimal | None
    employee_count: int | None
    email: str
    phone: str
    address: str
    notes: str
    agent_id: int | None
    agent: str
    territory: str
    created_at: datetime
    archived_at: datetime | None
    is_masked: bool


@dataclass(frozen=True, slots=True)
class AccountPersonRow:
    """Somebody who acts for an account; of a customer outside the scope only the role is told.

    `customer_code` is "" for who is no customer, and for who may not be seen.
    """

    id: int
    version: int
    role: str
    name: str
    customer_code: str
    phone: str
    email: str
    is_visible: bool


@dataclass(frozen=True, slots=True)
class AccountOfCustomer:
    """An account that a customer works at (no role) or acts for; `is_visible` when it may be opened."""

    id: int
    code: str
    name: str
    role: str
    is_visible: bool


@dataclass(frozen=True, slots=True)
class NewAccountPerson:
    """Somebody who acts for an account: a customer by id, or anybody by name."""

    role: str
    customer_id: int | None = None
    name: str = ""
    email: str = ""
    phone: str = ""
