"""What happened to a policy: its moves and its dated changes, each in words."""

from __future__ import annotations

import streamlit as st

from core.policies import ChangeRow, PolicyDetail
from pages._ui import format as fmt
from pages._ui import terms, viewing


def show(detail: PolicyDetail) -> None:
    """Moves and dated changes, newest first."""
    zone = viewing.zone()
    lines = [
        (
            one.at,
            f"**{fmt.plain(one.what)}** {_by(one.who)}",
            f"“{one.reason}”" if one.reason else "",
        )
        for one in detail.history
    ]
    lines += [
        (one.at, f"**{fmt.plain(_changed(one))}** {_by(one.who)}", change(one)) for one in detail.changes
    ]
    for at, what, more in sorted(lines, key=lambda line: line[0], reverse=True):
        note = f"  \n{fmt.small(more)}" if more else ""
        st.markdown(f"{fmt.small(fmt.moment(at, zone))}  \n{what}{note}")


def _by(who: str) -> str:
    return f"by {fmt.plain('the system' if who == 'The system' else who)}"


def _changed(one: ChangeRow) -> str:
    what = terms.label(one.kind)
    what = what if one.kind.startswith("rider") else f"{what} changed"
    if one.is_replaced:
        return f"{what}, replaced before its date"
    return f"{what}, to come" if one.is_planned else what


def change(one: ChangeRow) -> str:
    """From when on, and what became what; references are for the machine."""
    told = []
    for name in dict.fromkeys([*one.before, *one.after]):
        old, new = one.before.get(name), one.after.get(name)
        if old != new and not name.endswith("_id"):
            values = " → ".join(_word(value) for value in (old, new) if value is not None)
            told.append(f"{terms.label(name).lower()} {values}")
    return ": ".join(filter(None, (f"From {fmt.day(one.effective_date)}", ", ".join(told))))


def _word(value: object) -> str:
    text = str(value)
    return f"${text}" if text.replace(".", "").isdigit() and "." in text else terms.label(text).lower()
