"""Whether the audit log is whole: the check of its chain, and what came of it."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import oversight
from core.access import Permission
from core.kit.dates import utc_now
from pages._ui import format as fmt
from pages._ui import guard, viewing


@st.fragment
def check() -> None:
    """The check of the whole chain, and what came of it."""
    viewer = guard.viewer(Permission.AUDIT_VIEW)
    if st.button("Check the chain", icon=":material/link:", help="Recomputes every entry's hash."):
        started = utc_now()
        told = "Recomputing every entry's hash …"
        bar = st.progress(0.0, text=told)
        found = oversight.check_chain(by=viewer, report=lambda share: _shown(bar, share, told))
        bar.empty()
        seconds = (utc_now() - started).total_seconds()
        st.session_state["audit.chain"] = (found, seconds)
    if "audit.chain" not in st.session_state:
        return
    found, seconds = st.session_state["audit.chain"]
    walked = f"{fmt.counted(found.rows, 'entry', 'entries')} in {fmt.number(seconds, 1)} s"
    if found.is_whole:
        st.success(f"{walked}: every entry fits the one before it.", title="The log is whole")
    else:
        st.error(
            f"{walked}: the entry with the number {found.broken_at},"
            f" of {fmt.moment(found.broken_when, viewing.zone())}, "
            "does not fit the one before it. Somebody changed or removed an entry past this system.",
            title="The log was tampered with",
        )


def _shown(bar: DeltaGenerator, share: float, told: str) -> None:
    bar.progress(share, text=told)
