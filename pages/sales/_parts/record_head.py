"""The head of a record: where it stands, for how long, and when it is due next."""

from __future__ import annotations

import streamlit as st

from core.kit.dates import utc_now
from pages._ui import format as fmt
from pages._ui import nearness, page, terms, viewing
from pages.sales._parts.kinds import DealKind, Detail


def show(kind: DealKind, detail: Detail) -> None:
    """The status as a tag, and beside it what is told in a few words."""
    zone, now = viewing.zone(), utc_now()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        page.tag(detail.status_label, detail.tone)
        _fact(fmt.plain(detail.code))
        _fact(f"{terms.label(detail.priority)} priority")
        if detail.status in kind.lifecycle.flagged("open"):
            length = fmt.days(detail.days_in_stage) if detail.days_in_stage else "Less than a day"
            stage = f"{length} in {fmt.plain(detail.status_label)}"
            mark = ":orange[:material/hourglass_bottom: {}]" if detail.is_rotting else "{}"
            _fact(mark.format(stage))
        if detail.next_followup_at is not None:
            due = f"Next follow-up {nearness.when(detail.next_followup_at, now, zone)}"
            late = detail.next_followup_at < now
            _fact(f":red[:material/event_busy: {due}]" if late else f":material/event: {due}")


def _fact(told: str) -> None:
    st.caption(told, width="content")
