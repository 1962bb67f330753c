"""The claims queue: what waits for the viewer first, then the nearest target; rows to hand over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from core import claims
from core.access import Permission, Viewer
from core.claims import CLAIM, ClaimFilter, ClaimPage, ClaimRow
from core.kit.errors import Invalid
from core.kit.lifecycle import Tone
from pages._ui import errors, export, forms, guard, menu, page, paging, tables, terms, viewing
from pages._ui import format as fmt
from pages.claims._parts import narrowing

SIZE = 100
MINE, MINE_LATE, LATE, SOON = "Yours", "Yours, late", "Late", "Soon"
TONES = {MINE: Tone.INFO, MINE_LATE: Tone.BAD, LATE: Tone.BAD, SOON: Tone.WARNING}
NEAR_DAYS = 3
COLUMNS = (
    tables.Column("number", "Claim", kind="open", pinned=True, width=98),
    tables.Column("mark", "Now", kind="tag", tones=TONES, width=90),
    tables.Column(
        "status_label", "Status", kind="tag", width=102,
        tones={status.label: status.tone for status in CLAIM.statuses},
    ),
    tables.Column("customer", "Customer", width=134),
    tables.Column("age_days", "Age", kind="int", width=48, help="Business days since it was reported"),
    tables.Column(
        "days_left", "Left", kind="int", width=48,
        help="Business days until the target; below zero, how many it is late",
    ),
    tables.Column("loss_type", "Loss", width=112),
    tables.Column("reserve_amount", "Reserve", kind="money", width=92),
    tables.Column("assignee", "Assigned to", width=130),
    tables.Column("line", "Line", width=150),
    tables.Column("estimated_amount", "Estimate", kind="money", width=92),
    tables.Column("fraud_points", "Fraud", kind="int", width=60, help="Points of the rules that fired"),
    tables.Column("flags", "Flags", width=180),
    tables.Column("policy_number", "Policy", width=110),
    tables.Column("loss_date", "Loss on", kind="date", width=110),
    tables.Column("reported_date", "Reported", kind="date", width=110),
)  # fmt: skip


def main() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.CLAIMS_VIEW)
    with page.head("Claims", "What waits for you first, then the nearest target"):
        if viewer.can(Permission.CLAIMS_REPORT) and st.button(
            "Report a claim", icon=":material/add:", type="primary"
        ):
            menu.go("notice")
    where = narrowing.bar(viewer)
    place = paging.of(narrowing.SLUG)
    place.turn_to((where,))
    found = claims.queue(where, by=viewer, today=viewing.today(), after=place.cursor, limit=SIZE)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_told(found, place), width="content")
        if viewer.can(Permission.EXPORT) and found.rows:
            export.buttons(
                lambda: paging.everything(lambda after: _fetch(where, after, viewer)),
                COLUMNS, name=narrowing.SLUG, key="claims.export", zone=viewing.zone(),
            )  # fmt: skip
    may_assign = viewer.can(Permission.CLAIMS_HANDLE)
    key = f"claims.list.{place.generation}"
    chosen = tables.show(
        [_record(row) for row in found.rows], COLUMNS, key=key,
        select="many",
        empty_sentence="No claim matches these filters.",
    )  # fmt: skip
    opened = tables.opened(key, len(found.rows))
    if opened is not None:
        menu.go("claim", {"claim": found.rows[opened].number})
    rows = [found.rows[position] for position in chosen]
    if len(rows) == 1:
        tables.way_to(rows[0].number, partial(menu.go, "claim", {"claim": rows[0].number}))
    if rows and may_assign:
        _assign(rows, place, viewer)
    paging.turner(place, found.after, key="claims")


def _told(found: ClaimPage, place: paging.Paging[str]) -> str:
    told = paging.span(place, len(found.rows), found.total, size=SIZE)
    reserve = fmt.plain(fmt.money_short(found.reserve))
    return f"{told} · **{reserve}** in reserve" if found.rows else told


def _record(row: ClaimRow) -> dict[str, object]:
    own = {name.name: getattr(row, name.name, None) for name in COLUMNS}
    return {
        **own,
        "mark": _mark(row),
        "line": terms.label(row.line),
        "loss_type": terms.label(row.loss_type),
        "flags": ", ".join(terms.label(code.lower()) for code in row.flag_codes),
    }


def _mark(row: ClaimRow) -> str:
    if row.waits_for_me:
        return MINE_LATE if row.is_late else MINE
    if row.is_late:
        return LATE
    return SOON if row.days_left is not None and row.days_left <= NEAR_DAYS else ""


def _fetch(
    where: ClaimFilter, after: str | None, viewer: Viewer
) -> tuple[Sequence[Mapping[str, Any]], str | None]:
    found = claims.queue(where, by=viewer, today=viewing.today(), after=after, limit=500)
    return [_record(row) for row in found.rows], found.after


def _assign(rows: Sequence[ClaimRow], place: paging.Paging[str], viewer: Viewer) -> None:
    form = forms.Form("claims.assign")
    with form.body(border=True):
        st.markdown(f"**{fmt.counted(len(rows), 'claim')} selected**")
        form.choice(
            "assigned_to", "Hand to", narrowing.handler_options(viewer), required="Choose who takes them."
        )
        sent = form.submit("Hand over", icon=":material/person_pin_circle:")
    if not sent:
        return
    with form.sending() as outcome:
        to = form.values["assigned_to"]
        if not to:
            raise Invalid({"assigned_to": "Choose who takes them."})
        changed = claims.assign([row.id for row in rows], to=int(to), by=viewer)
    if outcome.ok:
        errors.flash(f"{fmt.counted(changed, 'claim')} handed over")
        place.generation += 1
        st.rerun()


main()
