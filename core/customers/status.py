"""Lifecycle of the identity check of customers, KYC (domain.md sections 1 and 7)."""

from __future__ import annotations

from core.kit.lifecycle import SYSTEM, Lifecycle, Move, Need, Status, Tone

CHECKING = frozenset({"agent", "senior_agent", "manager", "support", "admin"})
VERIFYING = frozenset({"senior_agent", "manager", "support", "admin", "underwriter"})
CLOCK = frozenset({SYSTEM})

PASSED = "passed"

ID_PROOF = Need("id_proof", "Upload a new proof of identity that has not expired.")
ADDRESS_PROOF = Need("address_proof", "Upload a new proof of address that has not expired.")
PROOFS_VERIFIED = Need("proofs_verified", "Verify the proofs of identity and address first.")
SOMEBODY_ELSE = Need("verifier_is_independent", "Who uploaded the proofs can't verify the customer.")
SENIOR = Need(
    "senior_approval",
    "A high risk needs a manager, an underwriter or an administrator, and a note of the closer look.",
)
REVIEW_DUE = Need("review_is_due", "The review is not due yet.")

_START = Move("pending", CHECKING, needs=(ID_PROOF, ADDRESS_PROOF), verb="Start the check")

KYC = Lifecycle(
    entity="customer",
    noun="KYC check",
    statuses=(
        Status("not_started", "Not started", Tone.NEUTRAL, moves=(_START,)),
        Status(
            "pending",
            "Pending",
            Tone.INFO,
            moves=(
                Move(
                    "verified",
                    VERIFYING,
                    needs=(PROOFS_VERIFIED, SOMEBODY_ELSE, SENIOR),
                    verb="Verify",
                ),
                Move("rejected", VERIFYING, needs_reason=True, verb="Reject"),
            ),
        ),
        Status(
            "verified",
            "Verified",
            Tone.GOOD,
            moves=(Move("expired", CLOCK, needs=(REVIEW_DUE,), verb="Expire"),),
            flags=frozenset({PASSED}),
        ),
        Status("rejected", "Rejected", Tone.BAD, moves=(_START,)),
        Status("expired", "Expired", Tone.WARNING, moves=(_START,)),
    ),
)
