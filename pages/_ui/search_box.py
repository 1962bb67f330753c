"""The search box of every page: what is typed opens the customers page with its hits.

Ctrl+K (⌘K) and "/" jump into it from anywhere; Streamlit's own shortcuts only press buttons. From a box
that searches, the arrow keys go down to the hits and up again; each is a link, which Enter opens.
"""

from __future__ import annotations

import streamlit as st

from core.access import Permission, Viewer
from pages._ui import menu

_BOX, _ASKED = "_search_box", "_search_asked"
SLUG = "customers"
LABEL = "Find anything"
# The key of the container that holds the hits.
HITS = "hits"
_LONGEST = 100

# The keys are the page's, not those of the component's own element; typing elsewhere is left alone.
_KEYS = """
export default function ({ data, parentElement }) {
  const page = parentElement.getRootNode().host?.ownerDocument ?? document;
  const isTyping = (at) =>
    at instanceof HTMLElement && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName));
  const bar = () => page.querySelector('section[data-testid="stSidebar"]');
  const box = () => bar()?.querySelector(`input[aria-label="${data.label}"]`);
  const jump = () => {
    const sidebar = bar(), found = box();
    if (!found) return;
    if (sidebar.getAttribute("aria-expanded") === "false")
      page.querySelector('[data-testid="stExpandSidebarButton"]')?.click();
    found.scrollIntoView({ block: "nearest" });
    found.focus();
    found.select();
  };
  const pressed = (event) => {
    if (event.isComposing || event.altKey || page.querySelector('[role="dialog"]')) return;
    const withK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !isTyping(event.target);
    if (!withK && !slash) return;
    event.preventDefault();
    jump();
  };
  // On a telephone the bar would lie over what was found.
  const asked = (event) => {
    const isBox = event.target instanceof HTMLInputElement && event.target.ariaLabel === data.label;
    if (event.key !== "Enter" || event.isComposing || !isBox || !event.target.value.trim()) return;
    if (matchMedia("(max-width: 768px)").matches)
      page.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  };
  const walked = (event) => {
    const isDown = event.key === "ArrowDown";
    if (!(isDown || event.key === "ArrowUp") || event.isComposing) return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const hits = [...page.querySelectorAll(`.st-key-${data.hits} a`)];
    const at = hits.indexOf(event.target);
    const isBox = event.target instanceof HTMLInputElement && event.target.type === "search";
    const next = at < 0 ? isBox && isDown && hits[0] : hits[at + (isDown ? 1 : -1)];
    if (next) next.focus();
    else if (at === 0 && !isDown) jump();
    else return;
    event.preventDefault();
  };
  page.addEventListener("keydown", pressed);
  page.addEventListener("keydown", asked);
  page.addEventListener("keydown", walked);
  // The box may be drawn after this.
  let waiting = 0, frames = 600;
  const tell = () => {
    const found = box();
    if (found) found.setAttribute("aria-keyshortcuts", "Control+K Meta+K /");
    else if (frames--) waiting = requestAnimationFrame(tell);
  };
  tell();
  return () => {
    cancelAnimationFrame(waiting);
    page.removeEventListener("keydown", pressed);
    page.removeEventListener("keydown", asked);
    page.removeEventListener("keydown", walked);
  };
}
"""
_keys = st.components.v2.component("policydesk.search_keys", js=_KEYS)


def show(viewer: Viewer) -> None:
    """The box, for the sidebar; nothing for who may not see customers."""
    if not viewer.can(Permission.CUSTOMERS_VIEW):
        return
    with st.container(gap=None):
        st.text_input(
            LABEL,
            key=_BOX,
            type="search",
            label_visibility="collapsed",
            placeholder=f"{LABEL if viewer.can(Permission.PII_VIEW) else 'Find any code'} (Ctrl+K)",
            icon=":material/search:",
            on_change=_ask,
        )
        _keys(key="_search_keys", data={"label": LABEL, "hits": HITS}, height=0)
    asked = st.session_state.pop(_ASKED, "")
    if asked:
        menu.go(SLUG, {"q": asked})


def _ask() -> None:
    st.session_state[_ASKED] = (st.session_state[_BOX] or "").strip()[:_LONGEST]
    st.session_state[_BOX] = ""
