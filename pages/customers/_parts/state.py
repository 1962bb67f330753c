"""After an action: say what was done, and show the page anew."""

from __future__ import annotations

import streamlit as st

from pages._ui import errors


def done(said: str, outcome: errors.Outcome) -> None:
    """Flash and rerun when nothing was refused."""
    if outcome.ok:
        errors.flash(said)
        st.rerun()
