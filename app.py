"""The Streamlit script: who is looking, their menu, the page."""

import streamlit as st

from core.kit import logs
from core.kit.errors import Refusal
from pages._ui import errors, forms, guard, menu, page, side_bar, sign_in


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
    chosen = st.navigation(menu.menu_for(viewer), position="hidden")
    side_bar.show(viewer, chosen)
    page.style()
    with guard.known(viewer, page=chosen.url_path or menu.HOME), forms.whole_run():
        chosen.run()


with logs.bind_reference():
    main()
