"""The Streamlit script: who is looking, their menu, the page."""

import streamlit as st

from core.kit import logs
from core.kit.errors import Refusal
from core.kit.settings import settings
from pages._ui import errors, guard, menu, page, search_box, sign_in


def main() -> None:
    """Sign in, owe a password of one's own, or see the pages of one's role."""
    page.setup()
    try:
        viewer = guard.current()
    except Refusal as refusal:
        errors.offer_again(refusal)
        return
    if viewer is None:
        st.navigation(sign_in.pages(), position="hidden").run()
        return
    if viewer.must_change_password:
        st.navigation(sign_in.first_password_pages(viewer), position="hidden").run()
        return
    chosen = st.navigation(menu.menu_for(viewer), expanded=True)
    with st.sidebar:
        place = st.container()
        if settings().is_demo:
            page.demo_badge()
        st.caption(f"{viewer.name} · {viewer.role.label}")
        sign_in.sign_out_button()
        with place:
            search_box.show(viewer)
    with guard.known(viewer):
        chosen.run()


with logs.bind_reference():
    main()
