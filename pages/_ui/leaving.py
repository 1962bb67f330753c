"""The browser asks before a page is left or loaded anew on which something was typed and not sent.

Other pages can be opened in between, and what was typed is there again (`forms.Form`); a page that is
loaded anew is another session.
"""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

_FIELDS = "asks-before-leaving"

# What was typed belongs to the form as it was: once it was accepted, it has another id.
_ASKS = """
export default function ({ data, parentElement }) {
  const page = parentElement.getRootNode().host?.ownerDocument ?? document;
  const kept = (parentElement.kept ??= {});
  kept.form = data.form;
  if (data.is_typed) kept.typed = data.form;
  const typed = (event) => {
    if (event.target instanceof Element && event.target.closest(".st-key-asks-before-leaving"))
      kept.typed = kept.form;
  };
  const leaves = (event) => {
    if (kept.typed === kept.form) event.preventDefault();
  };
  page.addEventListener("input", typed);
  page.defaultView.addEventListener("beforeunload", leaves);
  return () => {
    page.removeEventListener("input", typed);
    page.defaultView.removeEventListener("beforeunload", leaves);
  };
}
"""
_asks = st.components.v2.component("policydesk.leaving", js=_ASKS)


def asked() -> DeltaGenerator:
    """The place for the fields that it is about."""
    return st.container(key=_FIELDS)


def ask(form_id: str, *, is_typed: bool) -> None:
    """Ask from the first sign that is typed into the fields, until the form has another id.

    With `is_typed` there is something in them already.
    """
    _asks(key="_leaving", data={"form": form_id, "is_typed": is_typed}, height=0)
