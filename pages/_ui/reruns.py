"""Drawing again what has changed, and no more than that."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx


def nearest() -> NoReturn:
    """Run the fragment or dialog again that is running; the whole app where none runs by itself."""
    context = get_script_run_ctx()
    st.rerun(scope="fragment" if context and context.fragment_ids_this_run else "app")
