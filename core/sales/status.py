"""Lifecycles of leads, opportunities, follow-ups and appointments (domain.md section 1)."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType

from core.kit.lifecycle import SYSTEM, Lifecycle, Move, Need, Status, Tone

SELLERS = frozenset({"agent", "senior_agent", "manager", "admin"})
LEADERS = frozenset({"manager", "admin"})

OPEN = "open"
WON = "won"
LOST = "lost"
PLANNED = "planned"
DONE = "done"

CONTACTED = Need("completed_followup", "Complete a follow-up first: nobody has been spoken to yet.")
PRODUCT = Need("product_interest", "Choose the product of interest.")
PREMIUM = Need("expected_premium", "Enter the expected premium.")
CONSENT = Need("contact_consent", "Record that the person agreed to be contacted.")
CUSTOMER = Need("customer_id", "Choose or create the customer that this lead became.")
LOST_REASON = Need("lost_reason_id", "Choose why the lead was lost.")
LOST_NOTE = Need("lost_note", "“Other” needs a note that says what it was.")
RECENT = Need("closed_recently", "It was lost more than 180 days ago: enter a new lead.")

_LOSE = Move("lost", SELLERS, needs=(LOST_REASON, LOST_NOTE), verb="Mark as lost")


def _back(to: str) -> Move:
    return Move(to, LEADERS, needs_reason=True, verb="Move back")


# No skipping forward; backward only by a manager with a reason; won is final.
LEAD = Lifecycle(
    entity="lead",
    noun="lead",
    statuses=(
        Status(
            "new",
            "New",
            Tone.NEUTRAL,
            moves=(Move("contacted", SELLERS, needs=(CONTACTED,), verb="Contacted"), _LOSE),
            flags=frozenset({OPEN}),
            rots_after_days=3,
        ),
        Status(
            "contacted",
            "Contacted",
            Tone.INFO,
            moves=(
                Move("qualified", SELLERS, needs=(PRODUCT, PREMIUM, CONSENT), verb="Qualify"),
                _back("new"),
                _LOSE,
            ),
            flags=frozenset({OPEN}),
            rots_after_days=7,
        ),
        Status(
            "qualified",
            "Qualified",
            Tone.INFO,
            moves=(
                Move("proposal", SELLERS, needs=(PRODUCT, PREMIUM), verb="Propose"),
                _back("contacted"),
                _back("new"),
                _LOSE,
            ),
            flags=frozenset({OPEN}),
            rots_after_days=14,
        ),
        Status(
            "proposal",
            "Proposal",
            Tone.WARNING,
            moves=(
                Move("won", SELLERS, needs=(CUSTOMER, PRODUCT, PREMIUM), verb="Win"),
                _back("qualified"),
                _back("contacted"),
                _back("new"),
                _LOSE,
            ),
            flags=frozenset({OPEN}),
            rots_after_days=21,
        ),
        Status("won", "Won", Tone.GOOD, flags=frozenset({WON})),
        Status(
            "lost",
            "Lost",
            Tone.BAD,
            moves=(Move("contacted", LEADERS, needs=(RECENT,), needs_reason=True, verb="Reopen"),),
            flags=frozenset({LOST}),
        ),
    ),
)

VALUE = Need("estimated_value", "Enter the estimated value.")
CLOSE_DATE = Need("expected_close_date", "Enter the expected close date.")
PARTY = Need("party", "Name the account, customer or lead that this is with.")
WON_VALUE = Need("won_value", "Enter the value that was agreed.")
OPP_LOST_REASON = Need("lost_reason_id", "Choose why the opportunity was lost.")
_LOSE_OPPORTUNITY = Move("closed_lost", SELLERS, needs=(OPP_LOST_REASON, LOST_NOTE), verb="Mark as lost")
_WIN_OPPORTUNITY = Move("closed_won", SELLERS, needs=(PARTY, WON_VALUE), verb="Win")

OPPORTUNITY = Lifecycle(
    entity="opportunity",
    noun="opportunity",
    statuses=(
        Status(
            "prospecting",
            "Prospecting",
            Tone.NEUTRAL,
            moves=(Move("qualification", SELLERS, needs=(PARTY,), verb="Qualify"), _LOSE_OPPORTUNITY),
            flags=frozenset({OPEN}),
            rots_after_days=14,
        ),
        Status(
            "qualification",
            "Qualification",
            Tone.INFO,
            moves=(
                Move("proposal", SELLERS, needs=(VALUE, CLOSE_DATE), verb="Propose"),
                _back("prospecting"),
                _LOSE_OPPORTUNITY,
            ),
            flags=frozenset({OPEN}),
            rots_after_days=21,
        ),
        Status(
            "proposal",
            "Proposal",
            Tone.INFO,
            moves=(
                Move("negotiation", SELLERS, needs=(VALUE, CLOSE_DATE), verb="Negotiate"),
                _back("qualification"),
                _back("prospecting"),
                _LOSE_OPPORTUNITY,
            ),
            flags=frozenset({OPEN}),
            rots_after_days=30,
        ),
        Status(
            "negotiation",
            "Negotiation",
            Tone.WARNING,
            moves=(
                _WIN_OPPORTUNITY,
                _back("proposal"),
                _back("qualification"),
                _back("prospecting"),
                _LOSE_OPPORTUNITY,
            ),
            flags=frozenset({OPEN}),
            rots_after_days=30,
        ),
        Status("closed_won", "Won", Tone.GOOD, flags=frozenset({WON})),
        Status(
            "closed_lost",
            "Lost",
            Tone.BAD,
            moves=(Move("qualification", LEADERS, needs=(RECENT,), needs_reason=True, verb="Reopen"),),
            flags=frozenset({LOST}),
        ),
    ),
)

# Chance of winning by stage until history gives better (domain.md section 8; the opportunity
# stages follow the same scale, docs/decisions).
STAGE_WEIGHT = MappingProxyType(
    {
        "lead": MappingProxyType(
            {
                "new": Decimal("0.05"),
                "contacted": Decimal("0.10"),
                "qualified": Decimal("0.25"),
                "proposal": Decimal("0.50"),
                "won": Decimal("1.00"),
                "lost": Decimal("0.00"),
            }
        ),
        "opportunity": MappingProxyType(
            {
                "prospecting": Decimal("0.10"),
                "qualification": Decimal("0.25"),
                "proposal": Decimal("0.50"),
                "negotiation": Decimal("0.75"),
                "closed_won": Decimal("1.00"),
                "closed_lost": Decimal("0.00"),
            }
        ),
    }
)

COMPLETED_AT = Need("completed_at", "Say when it took place.")
OUTCOME = Need("outcome", "Say what came of it.")

# Missed is set by the clock 24 hours after the planned time.
FOLLOWUP = Lifecycle(
    entity="followup",
    noun="follow-up",
    statuses=(
        Status(
            "planned",
            "Planned",
            Tone.INFO,
            moves=(
                Move("completed", SELLERS, needs=(COMPLETED_AT, OUTCOME), verb="Complete"),
                Move("missed", frozenset({SYSTEM}), verb="Missed"),
                Move("cancelled", SELLERS, verb="Cancel"),
            ),
            flags=frozenset({PLANNED}),
        ),
        Status("completed", "Completed", Tone.GOOD, flags=frozenset({DONE})),
        Status(
            "missed",
            "Missed",
            Tone.BAD,
            moves=(Move("completed", SELLERS, needs=(COMPLETED_AT, OUTCOME), verb="Complete late"),),
        ),
        Status("cancelled", "Cancelled", Tone.NEUTRAL),
    ),
)

SUCCESSOR = Need("successor", "Give the new date and time.")

APPOINTMENT = Lifecycle(
    entity="appointment",
    noun="appointment",
    statuses=(
        Status(
            "scheduled",
            "Scheduled",
            Tone.INFO,
            moves=(
                Move("completed", SELLERS, needs=(OUTCOME,), verb="Complete"),
                Move("no_show", SELLERS, verb="No show"),
                Move("cancelled", SELLERS, verb="Cancel"),
                Move("rescheduled", SELLERS, needs=(SUCCESSOR,), verb="Reschedule"),
            ),
            flags=frozenset({PLANNED}),
        ),
        Status("completed", "Completed", Tone.GOOD, flags=frozenset({DONE})),
        Status("cancelled", "Cancelled", Tone.NEUTRAL),
        Status("rescheduled", "Rescheduled", Tone.NEUTRAL),
        Status("no_show", "No show", Tone.BAD),
    ),
)
