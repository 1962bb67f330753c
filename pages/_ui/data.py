"""The one cache between pages and DuckDB, keyed by published version, viewer's scope and question.

A new version has a new name, so nothing here goes stale; two viewers share an answer only when they
see the same rows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar, cast

import streamlit as st

from core.access import Viewer
from queries import Filters, Published

Answer = TypeVar("Answer")


def cached(
    name: str,
    ask: Callable[[], Answer],
    *,
    at: Published,
    viewer: Viewer,
    filters: Filters | None = None,
    more: tuple[str, ...] = (),
) -> Answer:
    """The answer to a question, asked once for a version, a scope, filters and what else it takes."""
    question = (name, *more)
    narrowed = filters.key if filters else ()
    return cast(Answer, _answers(at.version, str(at.path), viewer.scope_key, question, narrowed, ask))


@st.cache_data(max_entries=2000, ttl=timedelta(hours=12), show_spinner=False)
def _answers(
    version: str,  # noqa: ARG001 - part of the key, as the next four are
    path: str,  # noqa: ARG001
    scope: tuple[object, ...],  # noqa: ARG001
    question: tuple[str, ...],  # noqa: ARG001
    narrowed: tuple[object, ...],  # noqa: ARG001
    _ask: Callable[[], object],
) -> object:
    return _ask()
