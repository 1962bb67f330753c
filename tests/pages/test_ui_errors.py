from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

pytestmark = pytest.mark.page


def refused_page():
    from core.kit.errors import Refusal
    from pages._ui import errors

    errors.show(Refusal("**Sue** [wins](https://evil.example)", remedy="Ask `her`."))


def form_page():
    import streamlit as st

    from pages._ui import forms

    if st.session_state.get("is_away"):
        return
    form = forms.Form("person", initial={"name": "Ann"})
    with form.body():
        form.text("name", "Name")
        form.money("premium", "Premium")
        form.text("password", "Password", kind="password")
        form.submit("Save")
    forms.keep_typed()
    st.session_state["started_with"] = form.start("name")


def test_what_a_refusal_says_is_shown_as_it_is():
    shown = AppTest.from_function(refused_page, default_timeout=20).run().error[0]
    assert "\\*\\*Sue\\*\\* \\[wins\\]" in shown.proto.title
    assert shown.value == "Ask \\`her\\`\\."


def test_a_form_keeps_what_was_typed_while_it_is_not_drawn_but_no_password():
    page = AppTest.from_function(form_page, default_timeout=20).run()
    for field, typed in zip(page.text_input, ("Nora", "1,800.50", "correct horse battery"), strict=True):
        field.set_value(typed)
    page.button[0].click().run()
    page.session_state["is_away"] = True
    assert not page.run().text_input
    page.session_state["is_away"] = False
    assert [field.value for field in page.run().text_input] == ["Nora", "1,800.50", ""]
    # What differs from it is what an edit saves.
    assert page.session_state["started_with"] == "Ann"
