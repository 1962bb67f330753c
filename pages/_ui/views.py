"""Saved views: the filters of a page under a name, one's own and those that others share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core import people
from core.access import Permission, Viewer
from pages._ui import errors, forms
from pages._ui import format as fmt


def menu(slug: str, kept: Sequence[str], viewer: Viewer) -> None:
    """The saved views of a page, to open, and the form that saves what is shown."""
    found = people.saved_views(slug, by=viewer)
    current = {key: value for key in kept if (value := st.query_params.get(key))}
    chosen = next((one for one in found if current and dict(one.state) == current), None)
    label = fmt.plain(chosen.name) if chosen else "Views"
    with (
        st.popover(label, icon=":material/bookmark:", key=f"{slug}.views"),
        st.container(width=320, gap="xsmall"),
    ):
        if not found:
            st.caption("A view keeps these filters under a name.")
        for one in found:
            _row(one, kept, viewer)
        st.space("xsmall")
        _save(slug, current, viewer)


def _row(view: people.SavedView, kept: Sequence[str], viewer: Viewer) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall"):
        shared = "group" if view.is_shared else "bookmark"
        st.button(
            fmt.plain(view.name),
            key=f"view.{view.id}.open",
            icon=f":material/{shared}:",
            type="tertiary",
            help=None if view.is_own else f"Shared by {fmt.plain(view.owner)}",
            on_click=_open,
            args=(dict(view.state), tuple(kept)),
        )
        if view.is_own:
            st.space("stretch")
            gone = st.button(
                "",
                key=f"view.{view.id}.delete",
                icon=":material/delete:",
                type="tertiary",
                help=f"Delete the view {fmt.plain(view.name)}",
            )
            if gone:
                _delete(view, viewer)


def _open(state: Mapping[str, str], kept: Sequence[str]) -> None:
    for key in kept:
        st.query_params.pop(key, None)
    for key, value in state.items():
        if key in kept:
            st.query_params[key] = value


def _delete(view: people.SavedView, viewer: Viewer) -> None:
    with errors.told("flash") as outcome:
        people.delete_view(view.id, by=viewer)
    if outcome.ok:
        errors.flash(f"View {fmt.plain(view.name)} deleted")
    st.rerun()


def _save(slug: str, current: dict[str, str], viewer: Viewer) -> None:
    form = forms.Form(f"{slug}.save_view")
    with form.body():
        form.text("name", "Save what is shown as", placeholder="Hot leads in my region", max_chars=60)
        shared = form.check("is_shared", "Share with everybody") if _may_share(viewer) else False
        sent = form.submit("Save view")
    if sent:
        with form.sending() as outcome:
            people.save_view(slug, form.values["name"], current, is_shared=shared, by=viewer)
        if outcome.ok:
            errors.flash("View saved")
            st.rerun()


def _may_share(viewer: Viewer) -> bool:
    return viewer.can(Permission.VIEWS_SHARE)
