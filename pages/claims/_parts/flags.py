"""Rules that fired and claims that may be the same loss, told with their reasons (D20, D22)."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.claims import INVESTIGATE_FROM, Check, ClaimDetail, FlagRow, LikelyDuplicate
from pages._ui import format as fmt
from pages._ui import menu


def of_notice(check: Check) -> None:
    """What the system says of a notice before it is sent."""
    goes_on = " It goes to investigation." if check.fraud_points >= INVESTIGATE_FROM else ""
    show(check.flags, check.fraud_points, follows=goes_on)
    duplicates(check.duplicates)


def show(flags: Sequence[FlagRow], points: int, *, follows: str = "") -> None:
    """Cover rules first, then fraud rules with their points, and what follows; none of them rejects."""
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
        st.info(lines, title=f"{fmt.counted(points, 'fraud point')}.{follows}", icon=":material/flag:")


def in_short(detail: ClaimDetail) -> None:
    """All that speaks for a closer look, in a dialog: claims that may be the same loss by their numbers."""
    show(detail.flags, detail.row.fraud_points)
    if detail.duplicates:
        told = ", ".join(f"{one.number} ({one.status_label.lower()})" for one in detail.duplicates)
        st.warning(f"May be the same loss: {fmt.plain(told)}", icon=":material/content_copy:")


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
