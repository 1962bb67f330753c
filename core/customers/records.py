"""What crosses the front door of customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CustomerRef:
    """A customer or account that was written: its id and code."""

    id: int
    code: str


@dataclass(frozen=True, slots=True)
class CustomerChoice:
    """A customer to choose; phone and birth date are masked for viewers without personal data."""

    id: int
    code: str
    name: str
    phone: str
    born_on: date | None


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """A company customer to choose."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class CustomerMatch:
    """A customer who may be the same person, with what speaks for it, whoever's book it is in."""

    id: int
    code: str
    name: str
    agent_id: int | None
    territory_id: int | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LikelyCustomer:
    """A match as it is shown to a viewer; of a foreign one only whose it is, and why it matched."""

    code: str
    name: str
    owner: str
    because: tuple[str, ...]
    is_visible: bool


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """A person as entered. Without an agent the customer is the creator's own."""

    first_name: str
    last_name: str
    date_of_birth: date | None
    gender: str
    phone_primary: str
    address_line1: str
    city: str
    state: str
    postal_code: str
    email: str = ""
    phone_secondary: str = ""
    address_line2: str = ""
    country: str = "USA"
    occupation: str = ""
    source: str = ""
    agent_id: int | None = None
    account_id: int | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A company customer as entered. Without an agent it is the creator's own.

    The revenue may come as typed: the core tells it together with what else is wrong.
    """

    name: str
    industry: str = ""
    country: str = ""
    year_established: int | None = None
    annual_revenue: Decimal | str | None = None
    employee_count: int | None = None
    email: str = ""
    phone: str = ""
    address: str = ""
    notes: str = ""
    agent_id: int | None = None
