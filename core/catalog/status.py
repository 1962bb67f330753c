"""Lifecycle of rate versions: a second person approves what the first entered."""

from __future__ import annotations

from core.kit.lifecycle import Lifecycle, Move, Need, Status, Tone

APPROVING = frozenset({"admin", "manager", "underwriter"})

SOMEBODY_ELSE = Need("approver_is_not_author", "Whoever entered the rates can't decide on them.")

RATE = Lifecycle(
    entity="product_rate",
    noun="rate version",
    statuses=(
        Status(
            "draft",
            "Waiting for approval",
            Tone.WARNING,
            moves=(
                Move("approved", APPROVING, needs=(SOMEBODY_ELSE,), verb="Approve"),
                Move("rejected", APPROVING, needs=(SOMEBODY_ELSE,), needs_reason=True, verb="Reject"),
            ),
            flags=frozenset({"waiting"}),
        ),
        Status("approved", "Approved", Tone.GOOD, flags=frozenset({"prices"})),
        Status("rejected", "Rejected", Tone.BAD),
    ),
)
