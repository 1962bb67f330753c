"""The claims queue: what waits for the viewer first, then the nearest target; rows to hand over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
MINE, LATE, SOON = "Yours", "Late", "Soon"
NEAR_DAYS = 3
COLUMNS = (
    tables.Column("number", "Claim", kind="open", pinned=True, width=110),
    tables.Column("mark", "Now", kind="tag", tones={MINE: Tone.INFO, LATE: Tone.BAD, SOON: Tone.WARNING}),
    tables.Column(
        "status_label", "Status", kind="tag",
        tones={status.label: status.tone for status in CLAIM.statuses},
    ),
    tables.Column("age_days", "Age", kind="int", help="Business days since it was reported"),
    tables.Column("days_left", "Left", kind="int", help="Business days until the target"),
    tables.Column("line", "Line", width=150),
    tables.Column("loss_type", "Loss", width=130),
    tables.Column("estimated_amount", "Estimate", kind="money"),
    tables.Column("reserve_amount", "Reserve", kind="money"),
    tables.Column("assignee", "Assigned to"),
    tables.Column("fraud_points", "Fraud points", kind="int"),
    tables.Column("flags", "Flags", width=180),
    tables.Column("customer", "Customer"),
    tables.Column("policy_number", "Policy"),
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
        st.caption(_told(found, place))
        st.space("stretch")
        if viewer.can(Permission.EXPORT) and found.rows:
            export.buttons(
                lambda: paging.everything(lambda after: _fetch(where, after, viewer)),
                COLUMNS, name=narrowing.SLUG, key="claims.export", zone=viewing.zone(),
            )  # fmt: skip
    may_assign = viewer.can(Permission.CLAIMS_HANDLE)
    key = f"claims.list.{place.generation}"
    chosen = tables.show(
        [_record(row) for row in found.rows], COLUMNS, key=key,
        select="many" if may_assign else "none",
        empty_sentence="No claim matches these filters.", height=paging.height(len(found.rows)),
    )  # fmt: skip
    opened = tables.opened(key, len(found.rows))
    if opened is not None:
        menu.go("claim", {"claim": found.rows[opened].number})
    if chosen:
        _assign([found.rows[position] for position in chosen], place, viewer)
    paging.turner(place, found.after, key="claims")


def _told(found: ClaimPage, place: paging.Paging[int]) -> str:
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
    if row.is_late:
        return LATE
    if row.waits_for_me:
        return MINE
    return SOON if row.days_left is not None and row.days_left <= NEAR_DAYS else ""


def _fetch(
    where: ClaimFilter, after: int | None, viewer: Viewer
) -> tuple[Sequence[Mapping[str, Any]], int | None]:
    found = claims.queue(where, by=viewer, today=viewing.today(), after=after, limit=500)
    return [_record(row) for row in found.rows], found.after


def _assign(rows: Sequence[ClaimRow], place: paging.Paging[int], viewer: Viewer) -> None:
    form = forms.Form("claims.assign")
    with form.body(border=True):
        st.markdown(f"**{fmt.counted(len(rows), 'claim')} selected**")
        form.choice("assigned_to", "Hand to", narrowing.handler_options(viewer), required=True)
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
