"""What crosses the front door about one customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.kit.lifecycle import Need, Tone


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A way to reach a customer beyond the row's own; masked for viewers without personal data."""

    id: int
    kind: str
    value: str
    is_preferred: bool
    is_valid: bool


@dataclass(frozen=True, slots=True)
class RelationRow:
    """Somebody who belongs to a customer; of one outside the scope only the kind is told."""

    id: int
    kind: str
    customer_code: str
    name: str
    is_visible: bool


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note about a customer."""

    id: int
    body: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A consent or its withdrawal; `holds` for the newest of its channel and purpose."""

    id: int
    channel: str
    purpose: str
    is_granted: bool
    text_version: str
    at: datetime
    who: str
    holds: bool


@dataclass(frozen=True, slots=True)
class KycMove:
    """A move of the identity check that the viewer's role may make, with what it needs.

    `needs_reason` also where a high risk makes it need a note.
    """

    to: str
    label: str
    verb: str
    needs: tuple[Need, ...]
    missing: tuple[str, ...]
    needs_reason: bool


@dataclass(frozen=True, slots=True)
class CustomerDetail:
    """A customer's own row as the viewer may see it; personal data are masked without permission."""

    id: int
    code: str
    version: int
    first_name: str
    last_name: str
    date_of_birth: date | None
    birth_year: int
    age: int
    gender: str
    email: str
    phone_primary: str
    phone_secondary: str
    address_line1: str
    address_line2: str
    city: str
    state: str
    postal_code: str
    country: str
    occupation: str
    income_range: str
    marital_status: str
    has_children: bool
    source: str
    notes: str
    is_pep: bool
    account_id: int | None
    account: str
    agent_id: int | None
    agent: str
    territory: str
    kyc_status: str
    kyc_label: str
    kyc_tone: Tone
    kyc_since: datetime
    kyc_review_on: date | None
    risk_score: int | None
    risk_band: str
    risk_reasons: tuple[tuple[str, str, int | None], ...]
    created_at: datetime
    archived_at: datetime | None
    former_codes: tuple[str, ...]
    is_masked: bool

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()
