"""What every change of a policy does once it was sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from core import policies
from core.access import Viewer
from core.policies import PolicyDetail, RiderRow
from pages._ui import errors, forms, versions, viewing
from pages._ui import format as fmt

# What a change is about, where it is about one of several.
Subject = RiderRow | None


def first_day(detail: PolicyDetail) -> date:
    """From when on a change holds unless told otherwise: today, or the first day of cover to come."""
    return max(viewing.today(), detail.row.effective_date or viewing.today())


def send(
    form: forms.Form, detail: PolicyDetail, viewer: Viewer, act: Callable[[int], object], told: str
) -> errors.Outcome:
    """Make the change on the version that the person has seen, and tell it."""
    version = versions.of(form, detail.row.version)
    with form.sending() as outcome:
        forms.require(form, {"effective_date": "Enter from when on."})
        act(version)
    versions.follow(form, outcome, partial(_version, detail, viewer))
    if outcome.ok:
        errors.flash(f"{fmt.plain(detail.row.number)}: {told}")
        st.rerun()
    return outcome


def _version(detail: PolicyDetail, viewer: Viewer) -> int:
    return policies.policy(detail.row.id, by=viewer).row.version
