"""Approval limits: up to which cumulative amount a role approves a claim alone."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import catalog, claims
from core.access import Permission, Viewer
from pages._ui import filters, forms, guard, page, tables
from pages._ui import format as fmt
from pages.admin._parts import records

LINES = {one: one.value.replace("_", " and ").capitalize() for one in catalog.Line}
COLUMNS = (
    tables.Column("role", "Role", pinned=True),
    *(tables.Column(line.value, label, kind="money") for line, label in LINES.items()),
    tables.Column(
        "waiting",
        "Waits for a colleague",
        help="Lines in which somebody raised their own limit: it doesn't count for them yet.",
        width=200,
    ),
)
ROLES = [filters.Option(role.value, role.label) for role in claims.APPROVING_ROLES]
LINE_OPTIONS = [filters.Option(line.value, label) for line, label in LINES.items()]


def show_limits(limits: Sequence[claims.AuthorityLimit], viewer: Viewer) -> None:
    """One row a role, one column a line, marked where a raise waits for a second person; below, whose."""
    rows = [_row([one for one in limits if one.role == role]) for role in claims.APPROVING_ROLES]
    tables.show(rows, COLUMNS, key="limits", height="content")
    st.caption(
        "A dash for an amount is no authority. Above the highest limit of a line, two holders of it"
        " approve together. What you raise for your own role counts for you only once a colleague has set"
        " it as well."
    )
    for one in limits:
        if one.raised_by:
            st.markdown(f":material/hourglass_top: {_named(one)}: {_waits(one, viewer)}")


def _row(limits: Sequence[claims.AuthorityLimit]) -> dict[str, object]:
    """The limits of one role."""
    waiting = " · ".join(LINES[one.line] for one in limits if one.raised_by)
    amounts = {one.line.value: one.max_amount for one in limits}
    return {"role": limits[0].role.label, **amounts, "waiting": waiting}


def _named(limit: claims.AuthorityLimit) -> str:
    return f"{limit.role.label}, {LINES[limit.line].lower()}"


def _waits(limit: claims.AuthorityLimit, viewer: Viewer) -> str:
    """That a raise does not count yet for who made it, and what it takes."""
    if limit.raised_by_id == viewer.user_id:
        return "Raised by you; counts for you once a colleague confirms it."
    return (
        f"Raised by {fmt.plain(limit.raised_by)}; counts for them once a colleague confirms it."
        " To confirm it, save it below as it is."
    )


def set_limit(limits: Sequence[claims.AuthorityLimit], viewer: Viewer) -> None:
    """One limit is chosen, then changed."""
    with st.container(width=420), filters.bar():  # room for the longest name of a line
        role = filters.choose("Role", ROLES, key="role", everything=None)
        line = filters.choose("Line of business", LINE_OPTIONS, key="line", everything=None)
    now = next(one for one in limits if (one.role.value, one.line.value) == (role, line))
    form = forms.Form(
        f"limit_{role}_{line}", initial={"max_amount": now.max_amount, "version": now.version}
    )
    with st.container(width=320), form.body():
        form.money("max_amount", "Approves up to", help="Leave it empty to take the authority away.")
        sent = form.submit("Save", icon=":material/save:")
    if sent:
        records.save(form, lambda: _set(now, form, viewer), _done(now, form))
    records.offer_current(form)


def _set(now: claims.AuthorityLimit, form: forms.Form, viewer: Viewer) -> None:
    claims.set_authority(
        now.role, now.line, form.amount("max_amount"), version=form.start("version"), by=viewer
    )


def _done(now: claims.AuthorityLimit, form: forms.Form) -> str:
    limit = None if form.unreadable("max_amount") else form.amount("max_amount")
    if limit is None:
        return f"{_named(now)}: no authority"
    confirmed = ", confirmed" if limit == now.max_amount else ""
    return f"{_named(now)}: up to {fmt.money(limit)}{confirmed}"


viewer = guard.viewer(Permission.REFERENCE_ADMIN)
page.head("Approval limits", "Up to which total a role may approve a claim alone")
limits = claims.authority_limits(by=viewer)
show_limits(limits, viewer)
page.section("Change a limit")
set_limit(limits, viewer)
