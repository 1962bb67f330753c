"""One lead or opportunity as it crosses the front door: its fields, moves, history and contacts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.kit.lifecycle import MoveOption, Tone
from core.sales.records import Named


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Something that happened to a record, newest first in lists."""

    at: datetime
    who: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class FollowupRow:
    """One planned or done contact."""

    id: int
    type: str
    direction: str
    status: str
    status_label: str
    tone: Tone
    scheduled_at: datetime | None
    completed_at: datetime | None
    duration_minutes: int | None
    notes: str
    outcome: str
    agent_id: int
    agent: str
    is_overdue: bool
    version: int


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """One meeting."""

    id: int
    type: str
    mode: str
    status: str
    status_label: str
    tone: Tone
    starts_at: datetime
    ends_at: datetime
    actual_at: datetime | None
    location: str
    notes: str
    outcome: str
    agent_id: int
    agent: str
    rescheduled_from_id: int | None
    version: int


@dataclass(frozen=True, slots=True)
class LeadDetail:
    """Everything about one lead that the viewer may see; personal data is masked by role."""

    id: int
    code: str
    version: int
    status: str
    status_label: str
    tone: Tone
    status_changed_at: datetime
    days_in_stage: int
    is_rotting: bool
    furthest_status: str
    reopen_count: int
    closed_at: datetime | None
    first_name: str
    last_name: str
    company_name: str
    email: str
    phone: str
    date_of_birth: date | None
    birth_year: int | None
    state: str
    contact_consent: bool
    contact_consent_at: datetime | None
    source: Named
    product: Named | None
    expected_premium: Decimal | None
    expected_sum_assured: Decimal | None
    priority: str
    owner: Named | None
    territory: Named | None
    customer: Named | None
    account: Named | None
    lost_reason: Named | None
    lost_note: str
    next_followup_at: datetime | None
    notes: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    is_masked: bool
    can_edit: bool
    can_assign: bool
    moves: tuple[MoveOption, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    followups: tuple[FollowupRow, ...] = ()
    appointments: tuple[AppointmentRow, ...] = ()
    opportunities: tuple[Named, ...] = ()

    @property
    def title(self) -> str:
        """The lead's name as people say it."""
        person = f"{self.first_name} {self.last_name}".strip()
        return f"{person} ({self.company_name})" if self.company_name else person


@dataclass(frozen=True, slots=True)
class OpportunityDetail:
    """Everything about one opportunity that the viewer may see."""

    id: int
    code: str
    version: int
    name: str
    status: str
    status_label: str
    tone: Tone
    status_changed_at: datetime
    days_in_stage: int
    is_rotting: bool
    furthest_status: str
    reopen_count: int
    lead: Named | None
    account: Named | None
    customer: Named | None
    product: Named | None
    source: Named | None
    estimated_value: Decimal | None
    won_value: Decimal | None
    expected_close_date: date | None
    opened_on: date | None
    closed_on: date | None
    priority: str
    owner: Named | None
    territory: Named | None
    lost_reason: Named | None
    lost_note: str
    next_followup_at: datetime | None
    notes: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    can_edit: bool
    can_assign: bool
    moves: tuple[MoveOption, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    followups: tuple[FollowupRow, ...] = ()
    appointments: tuple[AppointmentRow, ...] = ()

    @property
    def title(self) -> str:
        """The opportunity's name."""
        return self.name
