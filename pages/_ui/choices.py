"""What filters and forms choose from: asked for at most once a minute, a scope and a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar, cast

import streamlit as st

from core.access import Viewer

Choices = TypeVar("Choices")


def kept(ask: Callable[[Viewer], Choices], viewer: Viewer) -> Choices:
    """The viewer's answer to a question, which is known by the name of its function."""
    question = f"{ask.__module__}.{ask.__qualname__}"
    return cast(Choices, _answers(question, viewer.scope_key, viewer.user_id, ask, viewer))


@st.cache_data(ttl=timedelta(minutes=1), max_entries=1000, show_spinner=False)
def _answers(
    question: str,  # noqa: ARG001 - part of the key, as the next two
    scope: tuple[object, ...],  # noqa: ARG001
    user_id: int,  # noqa: ARG001
    _ask: Callable[[Viewer], object],
    _viewer: Viewer,
) -> object:
    return _ask(_viewer)
