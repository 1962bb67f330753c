"""Records that are probably one person: merged, or decided to be two."""

from __future__ import annotations

import streamlit as st

from core import customers, dossiers
from core.access import Permission, Viewer
from pages._ui import empty, errors, guard, page
from pages._ui import format as fmt
from pages.customers._parts import words

SHOWN = 25
_FOUND = "duplicates.found"


def main() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.CUSTOMERS_MERGE)
    with page.head("Duplicates", "Records that are probably one person"):
        again = st.button("Compare anew", icon=":material/refresh:")
    if again or _FOUND not in st.session_state:
        with st.spinner("Comparing names, birth dates, phones, e-mails and addresses …"):
            st.session_state[_FOUND] = customers.find_duplicates(by=viewer)
    found: customers.Finding = st.session_state[_FOUND]
    told = fmt.counted(found.compared, "customer")
    if not found.is_complete:
        told = f"the {told} that changed last"
    st.caption(f"{fmt.counted(len(found.pairs), 'pair')} among {told}, the surest first")
    if not found.pairs:
        empty.state("No two records look like one person.", icon=":material/task_alt:")
    for pair in found.pairs[:SHOWN]:
        _pair(pair, viewer)
    if len(found.pairs) > SHOWN:
        st.caption(f"{len(found.pairs) - SHOWN} more follow when these are decided.")


def _pair(pair: customers.Pair, viewer: Viewer) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            words.link("customer", pair.first_code, f"{pair.first_name} · {pair.first_code}", viewer)
            words.link("customer", pair.second_code, f"{pair.second_name} · {pair.second_code}", viewer)
        st.caption(fmt.plain(", ".join(pair.because)))
        key = f"pair.{pair.first_id}.{pair.second_id}"
        with st.container(horizontal=True, gap="xsmall"):
            if st.button(
                fmt.plain(f"Merge into {pair.first_code}"), key=f"{key}.merge", icon=":material/join_inner:"
            ):
                with errors.told("flash") as outcome:
                    reason = f"Duplicate finder: {', '.join(pair.because)}"
                    dossiers.merge(pair.first_id, pair.second_id, reason=reason, by=viewer)
                _decided(pair, f"{pair.second_code} is merged into {pair.first_code}", outcome)
            if st.button("Two people", key=f"{key}.two", icon=":material/group:", type="tertiary"):
                with errors.told("flash") as outcome:
                    customers.not_duplicates(pair.first_id, pair.second_id, by=viewer)
                _decided(pair, "They stay two people", outcome)


def _decided(pair: customers.Pair, said: str, outcome: errors.Outcome) -> None:
    """Take the pair, and after a merge every pair of the record that is gone, off the list."""
    if outcome.ok:
        errors.flash(said)
    found: customers.Finding = st.session_state[_FOUND]
    merged = pair.second_id if "merged" in said else 0
    left = tuple(
        one
        for one in found.pairs
        if (one.first_id, one.second_id) != (pair.first_id, pair.second_id)
        and merged not in (one.first_id, one.second_id)
    )
    st.session_state[_FOUND] = customers.Finding(left, found.compared, found.is_complete)
    st.rerun()


main()
