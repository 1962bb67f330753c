"""Forms: errors beside their field, nothing typed is lost, and one id until it worked.

The id goes to the core with the form, so that sending twice makes one record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
from pages._ui.form_state import State

TextType = Literal["default", "password", "email", "url", "phone"]
_PRESSED = "_pressed_forms"
_LINE = 20  # pixels of a line of text in a box of several
# In the key of a field that must not be blank; assets/pages.css puts the mark beside its label. Streamlit's
# own `required` would not: its check in the browser keeps the form from being sent, with no sentence.
REQUIRED = "required-field"
# The sentences push the button down, and the line above it with it: on a phone, out of sight.
_INTO_SIGHT = """
export default function ({ data, parentElement }) {
  const place = parentElement.host ?? parentElement;
  if (place.told === data.told) return;
  place.told = data.told;
  place.style.scrollMarginBlock = "7rem";
  const block = data.block ?? "nearest";
  requestAnimationFrame(() => requestAnimationFrame(() => place.scrollIntoView({ block })));
}
"""
_into_sight = st.components.v2.component("policydesk.into_sight", js=_INTO_SIGHT)
# Whether a field must not be blank; a text is the sentence that asks for it.
Required = bool | str


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
            pressed: list[State] = st.session_state.get(_PRESSED, [])
            for state in pressed:
                state.is_pressed = False
            pressed.clear()


def renew(name: str) -> None:
    """Forget what was typed into a form; for the click that opens it."""
    old: State | None = st.session_state.get(f"form.{name}")
    if old is not None:
        old.begin_again()


def keep_typed() -> None:
    """Keep what was typed, in a run that ends before it draws the forms; Streamlit would forget it."""
    for key in [key for key in st.session_state if str(key).startswith("form.")]:
        state: State = st.session_state[key]
        state.is_pressed = False  # they are told that nothing was changed
        for name in state.fields:
            form = f"{str(key).removeprefix('form.')}.{state.generation}"
            for drawn in (f"{form}.{name}", f"{form}.{REQUIRED}.{name}"):
                if drawn in st.session_state:
                    state.kept[name] = st.session_state[drawn]


def require(form: Form, asks: Mapping[str, str]) -> None:
    """Raises Invalid with the sentence of every field that was left blank."""
    blank = {name: ask for name, ask in asks.items() if _is_blank(form.values.get(name))}
    if blank:
        raise Invalid(blank)


class Form:
    """One form by its name; `initial` holds the values that the fields start with.

    They are those of the first run: what changes in between does not touch what is typed. With
    `outlives_page` what is typed is there again for who comes back from another page; the fields of such
    a form are drawn outside `body`, which would keep it in the browser. A password is never kept.
    """

    def __init__(
        self, name: str, *, initial: Mapping[str, Any] | None = None, outlives_page: bool = False
    ) -> None:
        self.name = name
        self._outlives_page = outlives_page
        self._is_in_body = False
        self.values: dict[str, Any] = {}
        self._state: State = st.session_state.setdefault(f"form.{name}", State())
        self._pressed: list[State] = st.session_state.setdefault(_PRESSED, [])
        if not self._state.is_begun:
            self._state.initial, self._state.is_begun = dict(initial or {}), True
        self._initial = self._state.initial
        self._slots: dict[str, DeltaGenerator] = {}
        self._foot: DeltaGenerator | None = None
        self._most: dict[str, int | None] = {}
        self._labels: dict[str, str] = {}
        self._asks: dict[str, str] = {}
        self._amounts: list[str] = []
        self._apart: set[str] = set()
        self._summary: DeltaGenerator | None = None
        self._sight: DeltaGenerator | None = None

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
        self._is_in_body = True
        with st.form(self._key("form"), border=border, enter_to_submit=False):
            yield
        self._is_in_body = False

    def text(
        self,
        name: str,
        label: str,
        *,
        required: Required = False,
        kind: TextType = "default",
        help: str | None = None,  # noqa: A002 - Streamlit's word
        placeholder: str = "",
        max_chars: int | None = 200,
    ) -> str:
        """One line of text, without the blanks around it.

        More than `max_chars` is told when the form is sent; a box with that limit would drop what is
        pasted into it.
        """
        box = self._box(name, label, required, is_secret=kind == "password")
        typed = st.text_input(
            label, self._begin(name, ""), type=kind, help=help, placeholder=placeholder, **box
        )
        self._most[name] = max_chars
        found = str(self._field(name, (typed or "").strip()))
        if kind == "password":  # is not sent back to the browser
            self._state.fields.discard(name)
        return found

    def area(
        self, name: str, label: str, *, required: Required = False, max_chars: int = 4000, lines: int = 4
    ) -> str:
        """Several lines of text; what is too long is told as with `text`."""
        height = _LINE * lines + _LINE  # with the box's own margins
        box = self._box(name, label, required)
        typed = st.text_area(label, self._begin(name, ""), height=height, **box)
        self._most[name] = max_chars
        return str(self._field(name, (typed or "").strip()))

    def money(
        self,
        name: str,
        label: str,
        *,
        required: Required = False,
        help: str | None = None,  # noqa: A002
    ) -> str:
        """An amount as typed; read it with `amount` while sending."""
        box = self._box(name, label, required)
        start = self._begin(name, "")
        typed = st.text_input(
            label, start if isinstance(start, str) else _written(start), help=help, placeholder="0.00",
            icon=":material/attach_money:", max_chars=20, **box,
        )  # fmt: skip
        self._amounts.append(name)
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

    def number(self, name: str, label: str, *, required: Required = False) -> int | None:
        """A whole number, None when blank; the core says which it takes.

        A box with limits would send the number that stood there before instead of one beyond them.
        """
        box = self._box(name, label, required)
        typed = st.number_input(label, value=self._begin(name), step=1, **box)
        found: int | None = self._field(name, typed)
        return found

    def date(self, name: str, label: str, *, required: Required = False) -> date | None:
        """A date, None when blank; the core says which it takes, as with numbers."""
        box = self._box(name, label, required)
        typed = st.date_input(
            label, self._begin(name), min_value=LONG_AGO, max_value=FAR_AHEAD, format="MM/DD/YYYY", **box
        )
        found: date | None = self._field(name, typed)
        return found

    def time(self, name: str, label: str, *, step_minutes: int = 15) -> time | None:
        """A time of day in the viewer's zone, None when blank."""
        box = self._box(name, label, required=False)
        typed = st.time_input(label, self._begin(name), step=step_minutes * 60, format="12h", **box)
        found: time | None = self._field(name, typed)
        return found

    def choice(
        self,
        name: str,
        label: str,
        options: Sequence[Option],
        *,
        required: Required = False,
        help: str | None = None,  # noqa: A002 - Streamlit's word
    ) -> str | None:
        """One of the options by its value, None when nothing is chosen."""
        labels = distinct(options)
        box = self._box(name, label, required, verb="Choose")
        values, start = list(labels), self._begin(name)
        chosen = st.selectbox(
            label, values, index=values.index(start) if start in labels else None,
            format_func=lambda value: labels.get(value, value), placeholder="Choose", help=help, **box,
        )  # fmt: skip
        found: str | None = self._field(name, chosen)
        return found

    def check(self, name: str, label: str) -> bool:
        """A box to tick."""
        box = self._box(name, label, required=False)
        ticked = st.checkbox(label, bool(self._begin(name)), **box)
        return bool(self._field(name, ticked))

    def below(self, *names: str) -> None:
        """Tell what is wrong with these fields here, over the whole width, instead of under each."""
        for name in names:
            self._slots[name].empty()
            self._slots[name] = st.empty()
            if name in self._state.messages:
                self._mark(name, self._state.messages[name])

    def tells_apart(self, name: str) -> None:
        """What is wrong with this field, as long as it is not drawn, the page tells itself."""
        self._apart.add(name)

    def show_from_here(self, told: str) -> None:
        """Scroll until what follows here is in sight, once for what is told."""
        _into_sight(key=self._key("from_here"), data={"told": told, "block": "start"}, height=0)

    def drawn(self, name: str, value: Any, *, label: str = "") -> Any:
        """A field that the page has just drawn itself: kept with the others, its message below it."""
        self._labels[name] = label
        return self._field(name, value)

    def let_go(self, key: str) -> None:
        """Before files are asked for under a key: Streamlit has dropped those of a page that was left."""
        if self._state.files and key not in st.session_state:
            self._state.lost = self._state.files
            self._state.files, self._state.is_resumed = (), True

    def chosen_files(self, names: Sequence[str]) -> Sequence[str]:
        """Note which files are chosen; those that were, and have to be chosen again."""
        self._state.files = tuple(names)
        return [name for name in self._state.lost if name not in names]

    @property
    def is_resumed(self) -> bool:
        """Whether something is shown that was typed before the page was left."""
        return self._state.is_resumed

    def offer_start_over(self, place: DeltaGenerator, *, also: Callable[[], None] | None = None) -> None:
        """After the fields: a way to empty those that were kept; `also` is done with that click."""
        if self._state.is_resumed:
            place.button(
                "Start over", type="tertiary", icon=":material/restart_alt:", key=self._key("start_over"),
                on_click=_start_over, args=(self._state, also),
            )  # fmt: skip

    def blank(self) -> dict[str, str]:
        """The required fields that are blank, each with the sentence that asks for it."""
        return {name: ask for name, ask in self._asks.items() if _is_blank(self.values[name])}

    def submit(self, label: str, *, icon: str | None = None, core_asks: bool = False) -> bool:
        """The button that sends the form, unless a text is too long or a required field is blank.

        With `core_asks` blank fields are sent too: the action refuses them all, together with all else
        that is wrong. Which fields are wrong is told above the button, and what belongs to none of them.
        Whoever clicks on before the script has come to the button has pressed it all the same.
        """
        self._draw_foot()
        button = st.form_submit_button if self._is_in_body else st.button
        pressed = button(
            label, type="primary", icon=icon, key=self._key("submit"), on_click=self._press,
            args=(self._state.generation,),
        )  # fmt: skip
        pressed = pressed or self._state.is_pressed
        told = self.too_long() | ({} if core_asks else self.blank())
        if pressed and told:
            self._clear_messages()
            self._state.is_pressed = False
            self._tell(Invalid(told | self.blank() | self.unreadable(*self._amounts)))
            return False
        return pressed

    def tell(self) -> None:
        """What was told when it was sent, where the form is not drawn any more."""
        if self._state.messages:
            st.error("\n\n".join(self._state.messages.values()), icon=":material/block:")

    def button(self, label: str, *, icon: str | None = None, is_main: bool = False) -> bool:
        """The button that sends fields which are drawn outside `body`; the action asks for blank ones."""
        self._draw_foot()
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
            self._tell(self._with_blank(refusal))
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

    def suggest(self, name: str, text: str, *, required: bool = False) -> None:
        """Put a text into an area that is drawn after this, while nobody has typed anything else there."""
        key = self._key(f"{REQUIRED}.{name}" if required else name)
        last = self._state.suggested.get(name, "")
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

    def _with_blank(self, refusal: Refusal) -> Refusal:
        """What is wrong with some fields, and every blank one, asked for in the words of the form."""
        if isinstance(refusal, Invalid):
            return Invalid(refusal.fields | self.blank())
        return Invalid({refusal.field: str(refusal)} | self.blank()) if refusal.field else refusal

    def _tell(self, refusal: Refusal) -> None:
        if isinstance(refusal, Invalid):
            found = dict(refusal.fields)
        else:
            found = {refusal.field or "": str(refusal)}
        self._state.asked = frozenset(found)
        beside = {name: text for name, text in found.items() if name in self._slots}
        rest = [text for name, text in found.items() if name not in self._slots and name not in self._apart]
        for name, message in beside.items():
            self._mark(name, fmt.plain(message))
        self._state.messages = {name: fmt.plain(text) for name, text in beside.items()}
        self._state.blank = frozenset(name for name in beside if _is_blank(self.values.get(name)))
        if rest:
            self._state.messages[""] = fmt.plain(" ".join(rest))
            if isinstance(refusal, Conflict):
                self._state.messages[""] = errors.lines(refusal)
        self._fill_foot()
        if self._sight is not None:
            with self._sight:
                _into_sight(key=self._key("into_sight"), data={"told": str(new_request_id())})

    def _clear_messages(self) -> None:
        self._state.messages = {}
        for slot in self._slots.values():
            slot.empty()
        for foot in (self._summary, self._foot, self._sight):
            if foot is not None:
                foot.empty()

    def _draw_foot(self) -> None:
        self._summary, self._foot, self._sight = st.empty(), st.empty(), st.empty()
        self._fill_foot()

    def _fill_foot(self) -> None:
        """What belongs to no field, and which fields are wrong: on a phone they may be out of sight."""
        if self._summary is None or self._foot is None:
            return
        wrong = [name for name in self._slots if name in self._state.messages]
        # A single one that is the last stands right above this.
        if wrong and wrong != list(self._slots)[-1:]:
            need = "1 field needs" if len(wrong) == 1 else f"{len(wrong)} fields need"
            names = ", ".join(dict.fromkeys(self._labels[name] for name in wrong if self._labels[name]))
            told = f"{need} your attention: {names}." if names else f"{need} your attention."
            self._summary.markdown(f":red[:material/error: {fmt.plain(told)}]")
        if "" in self._state.messages:
            self._foot.error(self._state.messages[""], icon=":material/block:")

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

    def _begin(self, name: str, otherwise: Any = None) -> Any:
        """What a field that is drawn for the first time holds."""
        return self._state.kept.get(name, self._initial.get(name, otherwise))

    def _box(
        self, name: str, label: str, required: Required, *, verb: str = "Enter", is_secret: bool = False
    ) -> dict[str, Any]:
        """The key of a field that is about to be drawn, and what notes its changes."""
        key = self._asking(name, label, required, verb=verb)
        if not self._outlives_page or is_secret:
            return {"key": key}
        state = self._state
        if name in state.typed and key not in st.session_state:  # the page was left since
            state.kept[name] = state.typed[name]
            if (state.kept[name] or None) != (self._initial.get(name) or None):
                state.is_resumed = True
        return {"key": key, "on_change": state.note, "args": (name, key, state.generation)}

    def _asking(self, name: str, label: str, required: Required, *, verb: str = "Enter") -> str:
        self._labels[name] = label.rstrip("?")
        self._asks.pop(name, None)
        if not required:
            return self._key(name)
        self._asks[name] = required if isinstance(required, str) else f"{verb} the {_lowered(label)}."
        return self._key(f"{REQUIRED}.{name}")

    def _key(self, name: str) -> str:
        return f"{self.name}.{self._state.generation}.{name}"


def _start_over(state: State, also: Callable[[], None] | None) -> None:
    state.begin_again()
    if also is not None:
        also()


def _is_blank(value: object) -> bool:
    """Whether nothing is in a field; a table that is typed into can't be compared with nothing."""
    return value is None or (isinstance(value, str) and not value)


def _lowered(label: str) -> str:
    """A label within a sentence; an abbreviation stays as it is."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _written(amount: Money | None) -> str:
    return "" if amount is None else f"{amount:,.2f}"
