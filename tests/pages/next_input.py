"""The next input of somebody who does not wait: it arrives while the script still runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx


def arrives(*, clicks_again: bool = False) -> None:
    """From here on the run stops at the next thing that it draws or reads, and another one begins.

    It brings what all fields hold by now; a click has been told once, unless somebody clicks again.
    """
    context = get_script_run_ctx()
    assert context is not None
    assert context.script_requests is not None
    states = WidgetStates()
    for one in context.session_state.get_widget_states():
        if clicks_again or one.WhichOneof("value") != "trigger_value":
            states.widgets.append(one)
    context.script_requests.request_rerun(
        RerunData(
            query_string=context.query_string,
            widget_states=states,
            page_script_hash=context.pages_manager.intended_page_script_hash or context.page_script_hash,
        )
    )


@contextmanager
def as_soon_as_saved(engine: Engine, table: str, *, clicks_again: bool = False) -> Iterator[None]:
    """Have it arrive as soon as a page has written into the table; once."""
    wrote: set[str] = set()

    def look(*given: object) -> None:
        words = str(given[2]).lower().split(" where ")[0].split()
        if words[0] in {"insert", "update"} and table in words:
            wrote.add("something")

    def saved(_: object) -> None:
        if "something" in wrote and "told" not in wrote and get_script_run_ctx(suppress_warning=True):
            wrote.add("told")
            arrives(clicks_again=clicks_again)

    event.listen(engine, "before_cursor_execute", look)
    event.listen(engine, "commit", saved)
    yield
    assert "told" in wrote, f"nothing was written into {table}"


@contextmanager
def as_soon_as_asked(engine: Engine, words: str) -> Iterator[None]:
    """Have it arrive while the page asks the database for something with these words; once."""
    told: list[bool] = []

    def asked(*given: object) -> None:
        statement = " ".join(str(given[2]).lower().split())
        if words in statement and not told and get_script_run_ctx(suppress_warning=True):
            told.append(True)
            arrives()

    event.listen(engine, "before_cursor_execute", asked)
    yield
    assert told, "nothing was asked for"
