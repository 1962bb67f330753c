"""Beneficiaries as rows to fill in, with the sum of each class in sight (quality.md D16)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.policies import WHOLE, BeneficiaryClass, Share
from pages._ui import format as fmt
from pages._ui import terms
from pages._ui.filters import FAR_AHEAD, LONG_AGO

MOST = 10
FIELDS = ("name", "relation", "share_pct", "date_of_birth")
RELATIONS = (
    "spouse", "child", "parent", "sibling", "partner", "grandchild", "friend", "business partner",
    "estate", "other",
)  # fmt: skip


def editor(
    key: str, start: Sequence[Share], problems_of: Callable[[Sequence[Share]], Mapping[str, str]]
) -> tuple[Share, ...]:
    """Rows to fill in, beginning with `start`; their problems are told beside the row's field."""
    rows: dict[int, Share | None] = st.session_state.setdefault(f"{key}.rows", dict(enumerate(start)) or {})
    slots: dict[str, DeltaGenerator] = {}
    found = [
        _row(key, number, initial, place, slots) for place, (number, initial) in enumerate(rows.items())
    ]
    problems = problems_of(found)
    for field, told in problems.items():
        if field in slots:
            slots[field].markdown(f":small[:red[:material/error: {fmt.plain(told)}]]")
    if len(rows) < MOST:
        with st.container(horizontal=True, gap="xsmall"):
            for kind in BeneficiaryClass:
                st.button(
                    f"Add a {kind.value} beneficiary", key=f"{key}.add.{kind.value}",
                    icon=":material/person_add:", on_click=partial(_add, key, kind, found),
                )  # fmt: skip
    _totals(found)
    if "beneficiaries" in problems:
        st.error(fmt.plain(problems["beneficiaries"]), icon=":material/error:")
    return tuple(found)


def told_at(found: Sequence[Share]) -> Iterator[str]:
    """The fields whose problems the editor tells."""
    yield "beneficiaries"
    for place in range(len(found)):
        yield from (f"beneficiaries.{place}.{field}" for field in FIELDS)


def forget(key: str) -> None:
    """Let go of the rows, so that the editor begins anew."""
    for name in [name for name in st.session_state if str(name).startswith(f"{key}.")]:
        del st.session_state[name]


def _add(key: str, kind: BeneficiaryClass, there: Sequence[Share]) -> None:
    """One more row, with the share that is missing to the whole."""
    rows: dict[int, Share | None] = st.session_state[f"{key}.rows"]
    taken = sum((one.share_pct for one in there if one.beneficiary_class is kind), Decimal(0))
    left = max(WHOLE - taken, Decimal(0))
    rows[max(rows, default=-1) + 1] = Share(kind, "", "", left)


def _drop(key: str, number: int) -> None:
    st.session_state[f"{key}.rows"].pop(number, None)


def _row(
    key: str, number: int, initial: Share | None, place: int, slots: dict[str, DeltaGenerator]
) -> Share:
    given = initial or Share(BeneficiaryClass.PRIMARY, "", "", WHOLE)
    own = f"{key}.{number}"
    told = f"beneficiaries.{place}"
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{terms.label(given.beneficiary_class.value)} beneficiary**")
        first, second = st.columns(2)
        with first:
            name = st.text_input("Name", given.name, key=f"{own}.name", max_chars=100)
            slots[f"{told}.name"] = st.empty()
        with second:
            known = [*RELATIONS, given.relation] if given.relation not in {"", *RELATIONS} else RELATIONS
            relation = st.selectbox(
                "Relation", list(known), key=f"{own}.relation", format_func=terms.label,
                index=list(known).index(given.relation) if given.relation else None,
                placeholder="Choose",
            )  # fmt: skip
            slots[f"{told}.relation"] = st.empty()
        first, second, third = st.columns([1, 1, 1], vertical_alignment="bottom")
        with first:
            share = st.number_input(
                "Share in %", value=float(given.share_pct), step=0.01, format="%.2f", key=f"{own}.share"
            )
            slots[f"{told}.share_pct"] = st.empty()
        with second:
            born = st.date_input(
                "Date of birth", given.date_of_birth, LONG_AGO, FAR_AHEAD, key=f"{own}.born",
                format="MM/DD/YYYY",
            )  # fmt: skip
            slots[f"{told}.date_of_birth"] = st.empty()
        with third:
            st.button(
                "Remove", key=f"{own}.drop", icon=":material/delete:", type="tertiary",
                on_click=partial(_drop, key, number),
            )  # fmt: skip
    exact = Decimal(f"{share or 0:.2f}")
    return Share(given.beneficiary_class, (name or "").strip(), relation or "", exact, born)


def _totals(found: Sequence[Share]) -> None:
    for kind in BeneficiaryClass:
        of_kind = [one for one in found if one.beneficiary_class is kind]
        if of_kind:
            total = sum((one.share_pct for one in of_kind), Decimal(0))
            asked = {"name": [one.name for one in of_kind], "relation": [one.relation for one in of_kind]}
            lacks = [what for what, given in asked.items() if not all(given)]
            left = WHOLE - total
            done = ":gray[:material/pending:]" if lacks else ":green[:material/check:]"
            sign = ":orange[:material/error:]" if left else done
            off = "" if not left else f", {abs(left):.2f} % {'missing' if left > 0 else 'too many'}"
            off += f", {' and '.join(lacks)} missing" if lacks else ""
            st.markdown(f"{sign} {terms.label(kind.value)}: **{total:.2f} %** of 100.00 %{off}")
