"""The browser asks before a page is left or loaded anew on which something was typed and not sent.

What is typed into a form reaches the server when it is sent, so only the browser knows of it.
"""

from __future__ import annotations

import streamlit as st

# What was typed belongs to the form as it was: once it was accepted, it has another id.
_ASKS = """
export default function ({ data, parentElement }) {
  const page = parentElement.getRootNode().host?.ownerDocument ?? document;
  const kept = (parentElement.kept ??= {});
  kept.form = data.form;
  const typed = (event) => {
    if (event.target instanceof Element && event.target.closest('[data-testid="stForm"]'))
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


def ask(form_id: str) -> None:
    """Ask from the first sign that is typed into a form of the page, until the form has another id."""
    _asks(key="_leaving", data={"form": form_id}, height=0)
