"""What can be done on a claim: what each act asks for, and the call that does it."""

from __future__ import annotations

from types import MappingProxyType

from pages.claims._parts.acts import course, decision, handling, money
from pages.claims._parts.acts.act import Act

# By the status that a move leads to; paying settles by itself, and an approval is taken back (below).
MOVES: MappingProxyType[str, Act] = MappingProxyType(
    {
        "documents": course.COLLECT,
        "assessed": decision.ASSESS,
        "approved": decision.APPROVE,
        "rejected": decision.REJECT,
        "investigation": course.INVESTIGATE,
        "closed": course.CLOSE,
        "reopened": course.REOPEN,
        "withdrawn": course.WITHDRAW,
    }
)
TAKE_BACK = decision.TAKE_BACK
PAY = money.PAY
hand_on = handling.hand_on
MORE: MappingProxyType[str, Act] = MappingProxyType(
    {
        "note": handling.NOTE,
        "task": handling.TASK,
        "reserve": money.RESERVE,
        "assign": handling.ASSIGN,
        "anomaly": handling.ANOMALY,
    }
)
