"""Records that are probably one person: merged, or decided to be two."""

from __future__ import annotations

from typing import cast

import streamlit as st

from core import customers
from core.access import Permission, Viewer
from core.kit.dates import utc_now
from pages._ui import empty, errors, guard, page, paging
from pages._ui import format as fmt
from pages.customers._parts import merging, words

SHOWN = 20
SECONDS = 2
_KEY = "duplicates"


def main() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.CUSTOMERS_MERGE)
    last = customers.last_comparison(by=viewer)
    with page.head("Duplicates", _told(last)):
        st.button(
            "Compare anew" if last else "Compare all customers",
            icon=":material/refresh:",
            type="secondary" if last else "primary",
            disabled=last is not None and last.is_running,
            on_click=_start,
        )
    if last is not None and last.is_running:
        _watch(last.id)
    elif last is not None and last.message:
        st.warning(fmt.plain(last.message), title="The last comparison failed", icon=":material/error:")
    if last is None:
        empty.state(
            "The customers have not been compared yet.",
            icon=":material/join_inner:",
            hint="Names, birth dates, phones, e-mails and addresses are compared; a million take minutes.",
        )
        return
    merging.undo_last(_made(), viewer)
    _list(last, viewer)


def _told(last: customers.Comparison | None) -> str:
    if last is None or last.finished_at is None:
        return "Records that are probably one person"
    among = fmt.counted(last.compared or 0, "customer")
    return f"Among {among}, compared {fmt.ago(last.finished_at, utc_now())}, the surest first"


def _start() -> None:
    with errors.told("flash"):
        customers.start_comparison(by=guard.viewer(Permission.CUSTOMERS_MERGE))


@st.fragment(run_every=SECONDS)
def _watch(run_id: int) -> None:
    last = customers.last_comparison(by=guard.viewer(Permission.CUSTOMERS_MERGE))
    if last is None or last.id != run_id or not last.is_running:
        st.rerun()
    st.progress(last.progress / 100, text=f"Comparing all customers … {last.progress} %")


def _list(last: customers.Comparison, viewer: Viewer) -> None:
    turned = paging.of(_KEY)
    turned.turn_to((last.id, viewer.user_id))
    pairs, total, after = customers.duplicate_pairs(by=viewer, after=turned.cursor, limit=SHOWN)
    if not pairs and turned.cursor is not None:
        # The last pairs of this page were decided on.
        turned.back()
        st.rerun()
    if not pairs and not last.is_running and not last.message:
        empty.state("No two records look like one person.", icon=":material/task_alt:")
        return
    if pairs:
        st.caption(fmt.counted(total, "pair"))
    for pair in pairs:
        _pair(pair, viewer)
    paging.turner(turned, after, key=_KEY)


def _pair(pair: customers.Pair, viewer: Viewer) -> None:
    with st.container(border=True, gap="small"):
        st.markdown(f":material/join_inner: {fmt.plain(_because(pair))}")
        left, right = st.columns(2)
        for place, one, other in ((left, pair.first, pair.second), (right, pair.second, pair.first)):
            with place, st.container(gap="xsmall"):
                _side(one, other, viewer)
                if st.button(
                    "Keep this one", key=f"pair.{pair.id}.keep.{one.id}", icon=":material/join_inner:",
                    help=f"{other.code} goes into {one.code}; the reason is asked for first.",
                ):  # fmt: skip
                    merging.merge_pair(one, other, _because(pair), _made())
        if st.button(
            "They are two people", key=f"pair.{pair.id}.two", icon=":material/group:", type="tertiary"
        ):
            with errors.told("flash") as outcome:
                customers.not_duplicates(pair.first.id, pair.second.id, by=viewer)
            if outcome.ok:
                errors.flash("They stay two people")
            st.rerun()


def _side(one: customers.Side, other: customers.Side, viewer: Viewer) -> None:
    """One record; what differs from the other one stands out."""
    words.link("customer", one.code, f"{one.name} · {one.code}", viewer)
    shown = (
        (f"born {fmt.day(one.born_on)}", one.born_on == other.born_on),
        (one.phone, one.phone == other.phone),
        (one.email, one.email.lower() == other.email.lower()),
        (one.address, one.address == other.address),
        (one.agent or "Nobody yet", True),
    )
    lines = [
        f":gray[{fmt.plain(text)}]" if is_same else f"**{fmt.plain(text)}**"
        for text, is_same in shown
        if text
    ]
    st.markdown("  \n".join(f":small[{line}]" for line in lines))


def _because(pair: customers.Pair) -> str:
    return ", ".join(pair.because).capitalize()


def _made() -> merging.Made:
    return cast(merging.Made, st.session_state.setdefault("duplicates.made", merging.Made()))


main()
