"""Where an address leads that there is not: said plainly, with the way on."""

from __future__ import annotations

import streamlit as st

from core.access import Permission
from pages._ui import empty, guard, menu, page

SHOWN = 100

guard.viewer(Permission.HOME_VIEW)
page.head("There is no such page")
asked = st.query_params.get("address", "")[:SHOWN]
empty.state(
    "Nothing is kept under this address.",
    icon=":material/wrong_location:",
    hint="It may be mistyped, or come from an older version.",
)
if asked:
    st.code(asked, language=None)
st.page_link(menu.page_for(menu.HOME), label="Go to Today", icon=":material/today:")
