"""Rules that fired and claims that may be the same loss, told with their reasons (D20, D22)."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.claims import INVESTIGATE_FROM, Check, FlagRow, LikelyDuplicate
from pages._ui import format as fmt
from pages._ui import menu


def of_notice(check: Check) -> None:
    """What the system says of a notice before it is sent."""
    show(check.flags, check.fraud_points)
    duplicates(check.duplicates)


def show(flags: Sequence[FlagRow], points: int) -> None:
    """Cover rules first, then fraud rules with their points; nothing is rejected by them."""
    cover = [one for one in flags if one.kind == "cover"]
    fraud = [one for one in flags if one.kind != "cover"]
    if not flags:
        st.success(
            "Covered on the date of loss, and nothing needs a closer look.", icon=":material/check_circle:"
        )
    if cover:
        lines = "\n".join(f"- {fmt.plain(one.explanation)}" for one in cover)
        st.warning(lines, title="Cover", icon=":material/policy_alert:")
    if fraud:
        lines = "\n".join(f"- **{one.points}** {fmt.plain(one.explanation)}" for one in fraud)
        after = " It goes to investigation." if points >= INVESTIGATE_FROM else ""
        st.info(lines, title=f"{fmt.counted(points, 'fraud point')}.{after}", icon=":material/flag:")


def duplicates(found: Sequence[LikelyDuplicate]) -> None:
    """Claims that may be the same loss; each opens."""
    if not found:
        return
    st.warning("May be the same loss:", icon=":material/content_copy:")
    for one in found:
        told = f"{one.number} · {one.status_label} · {fmt.day(one.loss_date)} · {fmt.money(one.amount)}"
        st.page_link(
            menu.page_for("claim"), label=fmt.plain(told), icon=":material/assignment:",
            query_params={"claim": one.number},
        )  # fmt: skip
