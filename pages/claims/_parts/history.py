"""Everything that happened to a claim, each as a sentence that begins with who did it."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core.claims import ClaimDetail
from pages._ui import format as fmt
from pages._ui import terms, viewing

_KINDS = {
    "reported": "reported the loss",
    "note": "wrote",
    "document": "filed documents",
    "documents": "began to collect the documents",
    "assessment": "assessed it",
    "assessed": "assessed it",
    "approved": "approved it",
    "taken_back": "took the approval back",
    "rejected": "rejected it",
    "closed": "closed it",
    "reopened": "reopened it",
    "withdrawn": "withdrew it",
    "settled": "settled it",
    "assigned": "handed it over",
    "reserve": "changed the reserve",
    "payment": "recorded a payment",
    "task_assigned": "handed a task on",
    "task_done": "finished a task",
    "flag": "marked a document anomaly",
    "passed_on": "passed it on for approval",
    "first_approval": "gave the first approval",
}

# What joins an amount to what was done, where it takes a word.
_JOINED = {
    "reserve": "by",
    "assessment": "at",
    "assessed": "at",
    "payment": "of",
    "reported": "of",
    "passed_on": "of",
    "first_approval": "of",
}


# What was decided, as far as it is told by an event.
_DECISIONS = frozenset(
    {"decision", "first_approval", "passed_on", "approved", "taken_back", "rejected", "reopened"}
)


def show(detail: ClaimDetail) -> None:
    """Everything that happened, newest first."""
    zone = viewing.zone()
    for one in detail.events:
        when = f"{fmt.small(fmt.moment(one.at, zone))}  \n**{fmt.plain(one.who)}**"
        if one.kind == "document" and one.note:  # it tells what was done, and with which
            st.markdown(f"{when}: {fmt.plain(one.note)}")
            continue
        note = f"  \n{fmt.small(one.note)}" if one.note else ""
        st.markdown(f"{when} {fmt.plain(_done(one.kind, one.amount))}{note}")
    if not detail.events:
        st.caption("Nothing yet")


def decisions(detail: ClaimDetail) -> None:
    """What has been decided before, newest first; nothing where this is the first decision."""
    found = [one for one in detail.events if one.kind in _DECISIONS]
    if not found:
        return
    zone = viewing.zone()
    told = ["Decided before:"]
    for one in found:
        what = f"{one.who} {_done(one.kind, one.amount)}"
        when = fmt.small(fmt.moment(one.at, zone))
        note = " ".join(one.note.split())  # a line of its own would end the list
        told.append(f"- {fmt.plain(': '.join(filter(None, (what, note))))} {when}")
    st.markdown("\n".join(told))


def _done(kind: str, amount: Decimal | None) -> str:
    """What was done, as the end of a sentence that begins with who did it."""
    if kind == "decision":
        return f"approved {fmt.money(amount)}" if amount else "rejected it"
    what = _KINDS.get(kind) or f"moved it to {terms.label(kind).lower()}"
    if amount is None:
        return what
    return " ".join(filter(None, (what, _JOINED.get(kind), fmt.money(amount))))
