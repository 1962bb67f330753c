"""Forms: errors beside their field, nothing typed is lost, and one id until it worked.

The id goes to the core with the form, so that sending twice makes one record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import date, time
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import RerunException

from core.kit.errors import Conflict, Invalid, Refusal
from core.kit.ids import RequestId, new_request_id
from core.kit.money import Money, parse_money
from pages._ui import errors
from pages._ui import format as fmt
from pages._ui.filters import FAR_AHEAD, LONG_AGO, Option, distinct

TextType = Literal["default", "password", "email", "url", "phone"]
_PRESSED = "_pressed_forms"


@dataclass(slots=True)
class _State:
    """What outlives a run: also what the fields began with. A new generation empties the fields.

    It is only ever changed in place: after an action a run may stop at the next access to the session
    state, and an action that worked must not look as if it had not.
    """

    initial: dict[str, Any] = field(default_factory=dict)
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
        fresh = _State(generation=self.generation + 1)
        for one in fields(self):
            setattr(self, one.name, getattr(fresh, one.name))


@contextmanager
def whole_run() -> Iterator[None]:
    """Round a run of the page: a form that was sent, but not drawn by its end, was left.

    A run that stops for the next input keeps it: that next run sends the form.
    """
    is_to_go_on = False
    try:
        yield
    except RerunException:
        is_to_go_on = True
        raise
    finally:
        if not is_to_go_on:
            pressed: list[_State] = st.session_state.get(_PRESSED, [])
            for state in pressed:
                state.is_pressed = False
            pressed.clear()


def renew(name: str) -> None:
    """Forget what was typed into a form; for the click that opens it."""
    old: _State | None = st.session_state.get(f"form.{name}")
    if old is not None:
        old.begin_again()


def keep_typed() -> None:
    """Keep what was typed, in a run that ends before it draws the forms; Streamlit would forget it."""
    for key in [key for key in st.session_state if str(key).startswith("form.")]:
        state: _State = st.session_state[key]
        state.is_pressed = False  # they are told that nothing was changed
        for name in state.fields:
            drawn = f"{str(key).removeprefix('form.')}.{state.generation}.{name}"
            if drawn in st.session_state:
                state.initial[name] = st.session_state[drawn]


def require(form: Form, asks: Mapping[str, str]) -> None:
    """Raises Invalid with the sentence of every field that was left blank."""
    blank = {name: ask for name, ask in asks.items() if _is_blank(form.values.get(name))}
    if blank:
        raise Invalid(blank)


class Form:
    """One form by its name; `initial` holds the values that the fields start with.

    They are those of the first run: what changes in between does not touch what is typed.
    """

    def __init__(self, name: str, *, initial: Mapping[str, Any] | None = None) -> None:
        self.name = name
        self.values: dict[str, Any] = {}
        self._state: _State = st.session_state.setdefault(f"form.{name}", _State())
        self._pressed: list[_State] = st.session_state.setdefault(_PRESSED, [])
        if not self._state.is_begun:
            self._state.initial, self._state.is_begun = dict(initial or {}), True
        self._initial = self._state.initial
        self._slots: dict[str, DeltaGenerator] = {}
        self._foot: DeltaGenerator | None = None
        self._most: dict[str, int | None] = {}

    @property
    def request_id(self) -> RequestId:
        """The once-only id of this form, the same until it was accepted."""
        return self._state.request_id

    @property
    def told(self) -> int | None:
        """The version that the form's person was told of, when somebody else had been faster."""
        return self._state.told

    @told.setter
    def told(self, version: int) -> None:
        self._state.told = version

    @contextmanager
    def body(self, *, border: bool = False) -> Iterator[None]:
        """The form itself; draw the fields and the button inside."""
        with st.form(self._key("form"), border=border, enter_to_submit=False):
            yield

    def text(
        self,
        name: str,
        label: str,
        *,
        required: bool = False,
        kind: TextType = "default",
        help: str | None = None,  # noqa: A002 - Streamlit's word
        placeholder: str = "",
        max_chars: int | None = 200,
    ) -> str:
        """One line of text, without the blanks around it.

        More than `max_chars` is told when the form is sent; a box with that limit would drop what is
        pasted into it.
        """
        typed = st.text_input(
            label, self._initial.get(name, ""), key=self._key(name), type=kind, help=help,
            required=required, placeholder=placeholder,
        )  # fmt: skip
        self._most[name] = max_chars
        found = str(self._field(name, (typed or "").strip()))
        if kind == "password":  # is not sent back to the browser
            self._state.fields.discard(name)
        return found

    def area(self, name: str, label: str, *, required: bool = False, max_chars: int = 4000) -> str:
        """Several lines of text; what is too long is told as with `text`."""
        typed = st.text_area(
            label, self._initial.get(name, ""), key=self._key(name), required=required, height=100
        )
        self._most[name] = max_chars
        return str(self._field(name, (typed or "").strip()))

    def money(
        self,
        name: str,
        label: str,
        *,
        required: bool = False,
        help: str | None = None,  # noqa: A002
    ) -> str:
        """An amount as typed; read it with `amount` while sending."""
        start = self._initial.get(name, "")
        typed = st.text_input(
            label, start if isinstance(start, str) else _written(start), key=self._key(name), help=help,
            required=required, placeholder="0.00", icon=":material/attach_money:", max_chars=20,
        )  # fmt: skip
        return str(self._field(name, (typed or "").strip()))

    def amount(self, name: str) -> Money | None:
        """The amount of a money field, None when blank. Raises Refusal beside the field."""
        typed = self.values[name]
        return parse_money(typed, field=name) if typed else None

    def too_long(self) -> dict[str, str]:
        """The texts that are longer than their field, with what is wrong."""
        return {
            name: f"At most {most:,} characters fit here; this has {len(self.values[name]):,}."
            for name, most in self._most.items()
            if most is not None and len(self.values[name]) > most
        }

    def unreadable(self, *names: str) -> dict[str, str]:
        """Of these money fields, those that hold something else, with what is wrong."""
        found = {}
        for name in names:
            try:
                self.amount(name)
            except Refusal as refusal:
                found[name] = str(refusal)
        return found

    def number(self, name: str, label: str, *, required: bool = False) -> int | None:
        """A whole number, None when blank; the core says which it takes.

        A box with limits would send the number that stood there before instead of one beyond them.
        """
        typed = st.number_input(
            label, value=self._initial.get(name), step=1, key=self._key(name), required=required
        )
        found: int | None = self._field(name, typed)
        return found

    def date(self, name: str, label: str, *, required: bool = False) -> date | None:
        """A date, None when blank; the core says which it takes, as with numbers."""
        typed = st.date_input(
            label, self._initial.get(name), min_value=LONG_AGO, max_value=FAR_AHEAD,
            key=self._key(name), format="MM/DD/YYYY", required=required,
        )  # fmt: skip
        found: date | None = self._field(name, typed)
        return found

    def time(self, name: str, label: str, *, step_minutes: int = 15) -> time | None:
        """A time of day in the viewer's zone, None when blank."""
        typed = st.time_input(
            label, self._initial.get(name), key=self._key(name), step=step_minutes * 60, format="12h"
        )
        found: time | None = self._field(name, typed)
        return found

    def choice(
        self,
        name: str,
        label: str,
        options: Sequence[Option],
        *,
        required: bool = False,
        help: str | None = None,  # noqa: A002 - Streamlit's word
    ) -> str | None:
        """One of the options by its value, None when nothing is chosen."""
        labels = distinct(options)
        values, start = list(labels), self._initial.get(name)
        chosen = st.selectbox(
            label, values, index=values.index(start) if start in labels else None,
            format_func=lambda value: labels.get(value, value), key=self._key(name),
            placeholder="Choose", required=required, help=help,
        )  # fmt: skip
        found: str | None = self._field(name, chosen)
        return found

    def check(self, name: str, label: str) -> bool:
        """A box to tick."""
        return bool(
            self._field(name, st.checkbox(label, bool(self._initial.get(name)), key=self._key(name)))
        )

    def below(self, *names: str) -> None:
        """Tell what is wrong with these fields here, over the whole width, instead of under each."""
        for name in names:
            self._slots[name].empty()
            self._slots[name] = st.empty()
            if name in self._state.messages:
                self._mark(name, self._state.messages[name])

    def drawn(self, name: str, value: Any) -> Any:
        """A field that the page has just drawn itself: kept with the others, its message below it."""
        return self._field(name, value)

    def submit(self, label: str, *, icon: str | None = None) -> bool:
        """The button that sends the form, unless a text is too long.

        What belongs to no field is told above it. Whoever clicks on before the script has come to the
        button has pressed it all the same.
        """
        self._foot = st.empty()
        if "" in self._state.messages:
            self._foot.error(self._state.messages[""], icon=":material/block:")
        pressed = st.form_submit_button(
            label, type="primary", icon=icon, key=self._key("submit"), on_click=self._press,
            args=(self._state.generation,),
        )  # fmt: skip
        pressed = pressed or self._state.is_pressed
        if pressed and (told := self.too_long()):
            self._clear_messages()
            self._state.is_pressed = False
            self._tell(Invalid(told))
            return False
        return pressed

    def button(self, label: str, *, icon: str | None = None, is_main: bool = False) -> bool:
        """The button that sends fields which are drawn outside `body`."""
        pressed = st.button(
            label, type="primary" if is_main else "secondary", icon=icon, key=self._key("send"),
            on_click=self._press, args=(self._state.generation,),
        )  # fmt: skip
        return pressed or self._state.is_pressed

    @contextmanager
    def sending(self) -> Iterator[errors.Outcome]:
        """Run the action; a refusal lands beside its fields, and success empties the form."""
        outcome = errors.Outcome()
        self._clear_messages()
        self._state.is_pressed = False  # from here to the end of the action no run is cut short
        try:
            yield outcome
        except Refusal as refusal:
            outcome.refusal = refusal
            self._tell(refusal)
        else:
            self.reset()

    def send(self, act: Callable[[], object]) -> bool:
        """Run the action as `sending` does; True when it was not refused."""
        with self.sending() as outcome:
            act()
        return outcome.ok

    @contextmanager
    def keeping(self) -> Iterator[errors.Outcome]:
        """Run an action in passing: a refusal lands beside its fields, and the fields stay as they are."""
        outcome = errors.Outcome()
        self._clear_messages()
        try:
            yield outcome
        except Refusal as refusal:
            outcome.refusal = refusal
            self._tell(refusal)

    def start(self, name: str) -> Any:
        """What a field starts with."""
        return self._initial.get(name)

    def suggest(self, name: str, text: str) -> None:
        """Put a text into an area that is drawn after this, while nobody has typed anything else there."""
        key, last = self._key(name), self._state.suggested.get(name, "")
        if text != last and st.session_state.get(key, "") in {"", last}:
            st.session_state[key] = self._state.suggested[name] = text
            self._state.messages.pop(name, None)

    def answered(self, *names: str) -> None:
        """What was asked for below the form is there now: the sentence goes, unless it told of more."""
        below = self._state.asked - set(self._state.messages)
        if below and below <= set(names):
            self._state.messages.pop("", None)

    def has_message(self, *names: str) -> bool:
        """Whether any of the fields was told to be wrong; for those that are not drawn otherwise."""
        return not self._state.asked.isdisjoint(names)

    def reset(self) -> None:
        """Empty the fields and start with a new once-only id from the next run on."""
        self._state.begin_again()

    def _press(self, generation: int) -> None:
        """Unless the click was a second one, and the first has sent the form already."""
        if self._state.generation == generation:
            self._state.is_pressed = True
            self._pressed.append(self._state)

    def _tell(self, refusal: Refusal) -> None:
        if isinstance(refusal, Invalid):
            found = dict(refusal.fields)
        else:
            found = {refusal.field or "": str(refusal)}
        self._state.asked = frozenset(found)
        beside = {name: text for name, text in found.items() if name in self._slots}
        rest = [text for name, text in found.items() if name not in self._slots]
        for name, message in beside.items():
            self._mark(name, fmt.plain(message))
        self._state.messages = {name: fmt.plain(text) for name, text in beside.items()}
        self._state.blank = frozenset(name for name in beside if _is_blank(self.values.get(name)))
        if rest:
            self._state.messages[""] = fmt.plain(" ".join(rest))
            if isinstance(refusal, Conflict):
                self._state.messages[""] = errors.lines(refusal)
            if self._foot is not None:
                self._foot.error(self._state.messages[""], icon=":material/block:")

    def _clear_messages(self) -> None:
        self._state.messages = {}
        for slot in self._slots.values():
            slot.empty()
        if self._foot is not None:
            self._foot.empty()

    def _mark(self, name: str, message: str) -> None:
        self._slots[name].markdown(f":small[:red[:material/error: {message}]]")

    def _field(self, name: str, value: Any) -> Any:
        self.values[name] = value
        self._state.fields.add(name)
        self._slots[name] = st.empty()
        if name in self._state.blank and not _is_blank(value):
            self._state.messages.pop(name, None)  # it asked for what is there now
        if name in self._state.messages:
            self._mark(name, self._state.messages[name])
        return value

    def _key(self, name: str) -> str:
        return f"{self.name}.{self._state.generation}.{name}"


def _is_blank(value: object) -> bool:
    """Whether nothing is in a field; a table that is typed into can't be compared with nothing."""
    return value is None or (isinstance(value, str) and not value)


def _written(amount: Money | None) -> str:
    return "" if amount is None else f"{amount:,.2f}"
