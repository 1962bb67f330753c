"""The kinds of work that may wait today: what is urgent first, then what can wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of work: its heading, its icon, how one of it is counted in the greeting, and the
    page with all of it: its slug and its filters.
    """

    kind: str
    title: str
    icon: str
    told: str = ""
    all_on: tuple[str, Mapping[str, str]] | None = None


_STANDING = {"view": "list", "waiting": "standing", "sort": "stage_age"}
NOW = (
    Section(
        "claim_to_approve", "Claims that wait for a decision", "gavel", "to approve",
        ("claims", {"view": "all", "status": "assessed"}),
    ),
    Section(
        "claim_near_target", "Claims near their target", "timer", "near target",
        ("claims", {"view": "open"}),
    ),
    Section(
        "claim_document", "Documents of claims to verify", "fact_check", "claim documents to verify",
        ("claims", {"view": "open"}),
    ),
    Section("claim_task", "Tasks on claims", "task", "to do on claims", ("claims", {"view": "mine"})),
    Section(
        "policy_to_issue", "Applications to issue", "assignment", "to issue",
        ("policies", {"status": "underwriting"}),
    ),
    Section(
        "rates_to_approve", "Rates to approve", "percent", "rates",
        ("products", {"rates_state": "waiting"}),
    ),
    Section(
        "followup_overdue", "Overdue follow-ups", "event_busy", "overdue",
        ("pipeline", {"view": "list", "waiting": "overdue", "sort": "next_followup"}),
    ),
    Section("appointment_today", "Appointments today", "event", "appointment"),
    Section(
        "followup_today", "Follow-ups due today", "call", "due today",
        ("pipeline", {"view": "list", "waiting": "today", "sort": "next_followup"}),
    ),
    Section(
        "unassigned", "New leads without an owner", "person_off", "without an owner",
        ("pipeline", {"view": "list", "owner": "none", "status": "new", "sort": "oldest"}),
    ),
    Section("draft", "Policy entries to finish", "edit_document", "to finish"),
)  # fmt: skip
LATER = (
    Section(
        "rotting", "Leads that wait too long", "hourglass_bottom", all_on=("pipeline", _STANDING)
    ),
    Section(
        "rotting_opportunity", "Opportunities that wait too long", "hourglass_bottom",
        all_on=("opportunities", _STANDING),
    ),
    Section("followup_missed", "Missed, and nothing planned since", "phone_missed"),
    Section("appointment_tomorrow", "Appointments tomorrow", "event_upcoming"),
    Section(
        "document_to_verify", "Identities to verify", "verified_user",
        all_on=("customers", {"kyc": "pending"}),
    ),
    Section(
        "kyc_review", "Identity checks to review", "badge", all_on=("customers", {"review": "due"})
    ),
    Section("renewal", "Renewals within 30 days", "autorenew"),
    Section("birthday", "Birthdays within 30 days", "cake"),
)  # fmt: skip
# What stands still says for how long itself; a date beside it would say it twice.
WITHOUT_DATE = frozenset({"rotting", "rotting_opportunity"})
# Due on a day, at no particular hour.
BY_DAY = frozenset(
    {
        "claim_to_approve",
        "claim_near_target",
        "rates_to_approve",
        "claim_document",
        "claim_task",
        "document_to_verify",
        "kyc_review",
        "renewal",
        "birthday",
    }
)
