"""Lifecycle of claims (domain.md section 1)."""

from __future__ import annotations

from core.kit.lifecycle import SYSTEM, Lifecycle, Move, Need, Status, Tone

REPORTING = frozenset({"support", "agent", "senior_agent", "manager", "admin"})
HANDLING = frozenset({"support", "manager", "admin"})
LEADERS = frozenset({"manager", "admin"})

OPEN = "open"
WAITING = "waiting"
DECIDED = "decided"
PAYABLE = "payable"
CLOSED = "closed"

DOCUMENTS = Need("documents_complete", "Some required documents are missing or not verified.")
ASSESSED = Need("assessed_amount", "Enter the assessed amount.")
RESERVE = Need("reserve_set", "Set the reserve first.")
AUTHORITY = Need("within_authority", "The amount is above your authority: pass it on.")
SOMEBODY_ELSE = Need("decider_is_independent", "Who entered, assessed or sold it can't decide it.")
CODE = Need("rejection_code", "Choose the reason of the rejection.")
LETTER = Need("letter_text", "Write the letter to the claimant.")
PAYMENT = Need("payment_reference", "Enter the payment reference.")
PAID_IN_FULL = Need("paid_in_full", "Not all of the approved amount has been paid.")
NOTHING_OPEN = Need("nothing_open", "A reserve, payment or task is still open.")
EVIDENCE = Need("new_evidence", "Say what new evidence there is.")

_WITHDRAW = Move("withdrawn", REPORTING, needs_reason=True, verb="Withdraw")
_INVESTIGATE = Move("investigation", HANDLING | {SYSTEM}, needs_reason=True, verb="Investigate")
_ASSESS = Move("assessed", HANDLING, needs=(DOCUMENTS, ASSESSED, RESERVE), verb="Assess")
_REJECT = Move("rejected", HANDLING, needs=(SOMEBODY_ELSE, CODE, LETTER), verb="Reject")

CLAIM = Lifecycle(
    entity="claim",
    noun="claim",
    statuses=(
        Status(
            "submitted",
            "Submitted",
            Tone.NEUTRAL,
            moves=(Move("documents", HANDLING, verb="Collect documents"), _INVESTIGATE, _WITHDRAW),
            flags=frozenset({OPEN, WAITING}),
        ),
        Status(
            "documents",
            "Documents",
            Tone.INFO,
            moves=(
                _INVESTIGATE,
                _ASSESS,
                _REJECT,
                _WITHDRAW,
            ),
            flags=frozenset({OPEN, WAITING}),
        ),
        Status(
            "investigation",
            "Investigation",
            Tone.WARNING,
            moves=(_ASSESS, _REJECT, _WITHDRAW),
            flags=frozenset({OPEN, WAITING}),
        ),
        Status(
            "assessed",
            "Assessed",
            Tone.INFO,
            moves=(
                Move("approved", HANDLING, needs=(SOMEBODY_ELSE, AUTHORITY), verb="Approve"),
                _REJECT,
                _INVESTIGATE,
                _WITHDRAW,
            ),
            flags=frozenset({OPEN, WAITING}),
        ),
        Status(
            "approved",
            "Approved",
            Tone.GOOD,
            moves=(
                Move("settled", HANDLING, needs=(PAYMENT, PAID_IN_FULL), verb="Settle"),
                Move("assessed", LEADERS, needs_reason=True, verb="Take back"),
            ),
            flags=frozenset({OPEN, DECIDED, PAYABLE}),
        ),
        Status(
            "rejected",
            "Rejected",
            Tone.BAD,
            moves=(
                Move("closed", HANDLING, needs=(NOTHING_OPEN,), verb="Close claim"),
                Move("reopened", LEADERS, needs=(EVIDENCE,), needs_reason=True, verb="Reopen"),
            ),
            flags=frozenset({DECIDED}),
        ),
        Status(
            "settled",
            "Settled",
            Tone.GOOD,
            moves=(Move("closed", HANDLING, needs=(NOTHING_OPEN,), verb="Close claim"),),
            flags=frozenset({DECIDED}),
        ),
        Status(
            "closed",
            "Closed",
            Tone.NEUTRAL,
            moves=(Move("reopened", LEADERS, needs=(EVIDENCE,), needs_reason=True, verb="Reopen"),),
            flags=frozenset({CLOSED, DECIDED}),
        ),
        Status(
            "reopened",
            "Reopened",
            Tone.WARNING,
            moves=(_ASSESS, _INVESTIGATE, _WITHDRAW),
            flags=frozenset({OPEN, WAITING}),
        ),
        Status("withdrawn", "Withdrawn", Tone.NEUTRAL, flags=frozenset({CLOSED})),
    ),
)
