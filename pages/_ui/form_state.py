"""What a form remembers from run to run."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import streamlit as st

from core.kit.ids import RequestId, new_request_id


@dataclass(slots=True)
class State:
    """What outlives a run: also what the fields began with. A new generation empties the fields.

    `kept` is what fields begin with instead, because a run did not draw them: what was typed. `typed` and
    `files` are what is in the fields of a form that outlives its page, `lost` the files that did not.

    It is only ever changed in place: after an action a run may stop at the next access to the session
    state, and an action that worked must not look as if it had not.
    """

    initial: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    is_chosen: bool = False
    is_resumed: bool = False
    request_id: RequestId = field(default_factory=new_request_id)
    generation: int = 0
    is_begun: bool = False
    messages: dict[str, str] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    blank: frozenset[str] = frozenset()
    fields: set[str] = field(default_factory=set)
    suggested: dict[str, str] = field(default_factory=dict)
    is_pressed: bool = False
    told: int | None = None

    def begin_again(self) -> None:
        """Empty the fields, with a new once-only id."""
        fresh = State(generation=self.generation + 1)
        for one in fields(self):
            setattr(self, one.name, getattr(fresh, one.name))

    @property
    def is_typed(self) -> bool:
        """Whether somebody has begun with it, and it is not sent yet."""
        return bool(self.typed or self.files or self.lost or self.is_chosen)

    def note(self, name: str, key: str, generation: int) -> None:
        """For the callback of a field that was changed: what is in it now.

        Read as a whole, for the run could stop at a single value of the session state: whoever goes to
        another page right from a field has its change and the other page waiting together.
        """
        found = st.session_state.to_dict()
        if self.generation == generation and key in found:
            self.typed[name] = found[key]
