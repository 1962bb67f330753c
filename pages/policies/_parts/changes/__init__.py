"""Dated changes of a policy's terms: payment, beneficiaries and riders, each in a dialog."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import streamlit as st

from core.policies import PolicyDetail
from pages._ui import format as fmt
from pages._ui import forms
from pages.policies._parts import shares
from pages.policies._parts.changes import beneficiaries, payment, riders
from pages.policies._parts.changes.sending import Subject

TITLES = MappingProxyType(
    {"payment": "How it is paid", "beneficiaries": "Beneficiaries", "rider": "Add a rider"}
)
DIALOGS: MappingProxyType[str, Callable[[PolicyDetail, str, Subject], None]] = MappingProxyType(
    {
        "payment": payment.change,
        "beneficiaries": beneficiaries.change,
        "rider": riders.add,
        "end_rider": riders.end,
    }
)


def menu(detail: PolicyDetail) -> None:
    """The button that opens one of the changes."""
    chosen = st.menu_button(
        "Change", list(TITLES), format_func=TITLES.__getitem__, key="change", icon=":material/edit:"
    )
    if chosen:
        start(detail, chosen)


def start(detail: PolicyDetail, kind: str, subject: Subject = None) -> None:
    """Open the dialog of a change, as the policy is now."""
    name = f"{detail.row.number}.{kind}.{subject.id if subject else 0}"
    forms.renew(name)
    shares.forget(name)
    title = TITLES.get(kind) or f"End {fmt.plain(subject.name if subject else '')}"
    st.dialog(title, width="large" if kind == "beneficiaries" else "medium", icon=":material/edit:")(
        DIALOGS[kind]
    )(detail, name, subject)
