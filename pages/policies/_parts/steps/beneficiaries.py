"""The step that asks who is paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core import policies
from core.access import Viewer
from core.kit.errors import Invalid
from core.policies import Application, Draft, Share
from pages._ui import viewing
from pages.policies._parts import drafting, shares


def ask(draft: Draft, viewer: Viewer) -> Application:
    """Who is paid: primary and contingent, each class adding up to 100.00 %."""
    del viewer
    key = drafting.form_name(draft.id, "beneficiaries")
    given = draft.application.beneficiaries
    is_told = "beneficiaries" in drafting.passed(draft.id)
    found = shares.editor(key, given, _share_problems if is_told else lambda _: {})
    if not found:
        st.caption("Without a beneficiary the sum goes to the customer or their estate.")
    return drafting.with_changes(draft, beneficiaries=found)


def _share_problems(given: Sequence[Share]) -> Mapping[str, str]:
    try:
        policies.check_shares(given, today=viewing.today())
    except Invalid as invalid:
        return invalid.fields
    return {}
