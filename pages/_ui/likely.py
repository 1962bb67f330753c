"""Records that may be the same person, shown before anything is saved (quality.md D7)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

import streamlit as st

from core.customers import CustomerExists, LikelyCustomer
from pages._ui import errors, forms, reruns
from pages._ui import format as fmt

_REASON = "duplicates_reason"
_CHOSEN = "chosen_instead"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks about them: what the box says, and the question for the reason.

    With `can_choose` a record that is there already can be taken instead of what was typed.
    """

    title: str
    told: str
    question: str
    can_choose: bool = False


def found(form: forms.Form) -> tuple[LikelyCustomer, ...]:
    """What was found for the form as it was last sent; by its id, so that another begins without."""
    kept: tuple[LikelyCustomer, ...] = st.session_state.get(_key(form), {}).get(form.request_id, ())
    return kept


def ask(form: forms.Form, asked: Asked) -> bool:
    """In the form, right above its button: each record with why, and the reason to go on.

    A record opens in another tab, so that what was typed stays; of a foreign one only whose it is. False
    when nothing was found.
    """
    form.tells_apart(_REASON)
    matches = found(form)
    if not matches:
        return False
    form.show_from_here(" ".join(f"{one.code}{one.owner}" for one in matches))
    st.warning(asked.told, title=asked.title, icon=":material/group:")
    for one in matches:
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
            _one(one)
            if asked.can_choose and one.is_visible and _is_chosen(form, one):
                form.values[_CHOSEN] = one.code
    form.text(_REASON, asked.question, required=True, max_chars=200)
    return True


def _one(one: LikelyCustomer) -> None:
    why = f"  \n:small[:gray[{fmt.plain(', '.join(one.because))}]]"
    if not one.is_visible:
        whose = f":material/lock: A customer of **{fmt.plain(one.owner)}**, outside your book"
        st.markdown(f"{whose}{why}", width="stretch")
        return
    st.markdown(f"**{fmt.plain(one.name)}**{why}", width="stretch")
    there = f"/customer?customer={quote(one.code)}"
    st.link_button(f"Open {fmt.plain(one.code)}", there, icon=":material/open_in_new:")


def _is_chosen(form: forms.Form, one: LikelyCustomer) -> bool:
    key = f"{form.name}.{form.request_id}.{one.code}"
    return st.form_submit_button("Choose this one", key=key, icon=":material/check:")


def reason(form: forms.Form) -> str:
    """Why to go on all the same, as typed."""
    return str(form.values.get(_REASON, ""))


def chosen(form: forms.Form) -> str:
    """The code of the record that was just chosen instead, if any."""
    return str(form.values.get(_CHOSEN, ""))


def keep(form: forms.Form, outcome: errors.Outcome) -> None:
    """After sending: show what was found at the button."""
    if isinstance(outcome.refusal, CustomerExists):
        had = found(form)
        st.session_state[_key(form)] = {form.request_id: outcome.refusal.matches}
        if had != outcome.refusal.matches:
            # Once more, so that they and the field for the reason are there.
            reruns.nearest()


def _key(form: forms.Form) -> str:
    return f"{form.name}.matches"
