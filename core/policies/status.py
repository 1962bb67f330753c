"""Lifecycle of policies (domain.md section 1).

The seed's list of statuses has none for a declined or withdrawn application, nor for cover whose term
is over: those are cancelled with that end reason. Grace is derived, never a status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.kit.lifecycle import SYSTEM, Lifecycle, Move, Need, Status, Tone
from core.policies.rules import DECIDES_UP_TO

ENTERING = frozenset({"agent", "senior_agent", "manager", "admin"})
ISSUING = frozenset({"underwriter", "manager", "admin"})
CLOCK = frozenset({SYSTEM})

PENDING = "pending"
IN_FORCE = "in_force"
SALE = "sale"
ENDED = "ended"

TERMS = Need("terms_complete", "Fill in sum assured, premium, frequency and method.")
ISSUE_DATE = Need("issue_date", "Enter the issue date.")
EFFECTIVE = Need("effective_date", "Enter when cover begins.")
EXPIRY = Need("expiry_date", "Enter when cover ends.")
REACHED = Need("is_effective", "Cover has not begun yet.")
END_REASON = Need("end_reason", "Choose why cover ends.")
END_DATE = Need("end_date", "Enter when cover ends.")
PAID_UP = Need("arrears_settled", "The overdue premiums have to be settled first.")
IN_WINDOW = Need("within_reinstatement_window", "It lapsed too long ago to be reinstated.")
MATURES = Need("has_maturity", "Only endowment and unit-linked policies mature.")
LIFE = Need("is_life", "Only a life policy ends by a claim.")
DIED_IN_COVER = Need("died_in_cover", "Cover had ended before the death.")
OTHER_ISSUER = Need("issuer_is_not_seller", "Whoever sold or entered the policy can't issue it.")
WITHIN_LIMIT = Need(
    "sum_within_limit",
    f"An underwriter issues up to a sum assured of ${DECIDES_UP_TO['underwriter']:,.0f}; above it a manager"
    " does.",
)

_CANCEL = Move(
    "cancelled", ENTERING | ISSUING, needs=(END_REASON, END_DATE), needs_reason=True, verb="Cancel"
)
# Cover ended otherwise before anybody told of a death that lay in it.
_CLAIMED_LATE = Move("claimed", CLOCK | ISSUING, needs=(LIFE, DIED_IN_COVER, END_DATE), verb="Claimed")

POLICY = Lifecycle(
    entity="policy",
    noun="policy",
    statuses=(
        Status(
            "applied",
            "Applied",
            Tone.NEUTRAL,
            moves=(
                Move("underwriting", ENTERING | ISSUING, needs=(TERMS,), verb="Underwrite"),
                _CANCEL,
            ),
            flags=frozenset({PENDING}),
        ),
        Status(
            "underwriting",
            "Underwriting",
            Tone.INFO,
            moves=(
                Move(
                    "issued",
                    ISSUING,
                    needs=(OTHER_ISSUER, WITHIN_LIMIT, ISSUE_DATE, EFFECTIVE, EXPIRY),
                    verb="Issue",
                ),
                _CANCEL,
            ),
            flags=frozenset({PENDING}),
        ),
        Status(
            "issued",
            "Issued",
            Tone.INFO,
            moves=(
                Move("active", CLOCK | ISSUING, needs=(REACHED,), verb="Activate"),
                _CANCEL,
            ),
            flags=frozenset({SALE}),
        ),
        Status(
            "active",
            "Active",
            Tone.GOOD,
            moves=(
                Move("lapsed", CLOCK, needs=(END_DATE,), verb="Lapse"),
                replace(_CANCEL, roles=_CANCEL.roles | CLOCK),  # its term is over
                Move(
                    "matured",
                    CLOCK | ISSUING,
                    needs=(MATURES, END_DATE),
                    verb="Mature",
                ),
                Move("claimed", CLOCK | ISSUING, needs=(LIFE, END_DATE), verb="Claimed"),
            ),
            flags=frozenset({SALE, IN_FORCE}),
        ),
        Status(
            "lapsed",
            "Lapsed",
            Tone.WARNING,
            moves=(
                Move("active", ISSUING, needs=(PAID_UP, IN_WINDOW), verb="Reinstate"),
                Move(
                    "cancelled",
                    CLOCK | ISSUING,
                    needs=(END_REASON, END_DATE),
                    needs_reason=True,
                    verb="Close",
                ),
                _CLAIMED_LATE,
            ),
            flags=frozenset({SALE}),
        ),
        Status(
            "cancelled",
            "Cancelled",
            Tone.BAD,
            moves=(_CLAIMED_LATE,),
            flags=frozenset({SALE, ENDED}),
        ),
        Status("matured", "Matured", Tone.GOOD, flags=frozenset({SALE, ENDED})),
        Status("claimed", "Claimed", Tone.NEUTRAL, flags=frozenset({SALE, ENDED})),
    ),
)

# How a cancelled application is told, by its end reason: cover never began, so nothing was cancelled.
NEVER_BEGAN: Mapping[str, tuple[str, Tone]] = {
    "declined": ("Declined", Tone.BAD),
    "withdrawn": ("Withdrawn", Tone.NEUTRAL),
}

# And how one whose cover ran until it was over.
RAN_OUT: Mapping[str, tuple[str, Tone]] = {
    "expired": ("Expired", Tone.NEUTRAL),
    "renewed": ("Renewed", Tone.NEUTRAL),
}
# What is cancelled by its status, and told by its end reason.
TOLD_BY_REASON: Mapping[str, tuple[str, Tone]] = {**NEVER_BEGAN, **RAN_OUT}

# Every state that people tell apart, to show and to narrow by, with (label, tone).
STATES: Mapping[str, tuple[str, Tone]] = {
    **{status.value: (status.label, status.tone) for status in POLICY.statuses},
    **TOLD_BY_REASON,
}


def told(status: str, end_reason: str | None) -> tuple[str, Tone]:
    """(label, tone) of a policy's status, with the end reason where it says more."""
    by_reason = TOLD_BY_REASON.get(end_reason or "") if status == "cancelled" else None
    return by_reason or STATES[status]
