"""The bare twin of a page: a script of nothing but `st.` calls with constants.

Our page runs once through AppTest while every public Streamlit call is written down: what was called,
on which block, with what. The twin makes the same calls in the same places with the same content: the
same markdown, frames, figures and options. It knows no sign-in, no database, no rules, no callbacks.
"""

from __future__ import annotations

import functools
import pickle
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.grid_container import GridContainer
from streamlit.navigation.page import Page
from streamlit.testing.v1 import AppTest

from core.kit.settings import ROOT
from pages._ui import page as frame
from pages._ui.menu import MenuPage

# What a bare page writes in place of a function of ours.
DEFERRED, CALLBACK = "<deferred>", "<callback>"
_HANDLERS = ("on_click", "on_change", "args", "kwargs", "isolate_styles")
_CHOICES = ("selectbox", "multiselect", "segmented_control", "pills", "radio")
_KEPT = (*_CHOICES, "text_input", "text_area", "number_input", "date_input", "checkbox", "toggle")

Call = tuple[int, str, tuple[Any, ...], dict[str, Any]]


@dataclass
class Script:
    """What a page drew: its calls in order, each on the block with that number (0 main, 1 sidebar)."""

    calls: list[Call] = field(default_factory=list)
    # The number of the block that a call gave, or of the blocks, by the position of the call.
    given: dict[int, int | list[int]] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    components: dict[str, dict[str, str | None]] = field(default_factory=dict)

    def source(self) -> str:
        """The calls as Python."""
        names = {0: "st", 1: "st.sidebar"}
        used = {call[0] for call in self.calls}
        lines = []
        for at, (block, method, _, _) in enumerate(self.calls):
            given = self.given.get(at, -1)
            made = given if isinstance(given, list) else [given]
            name = ", ".join(f"b{one}" for one in made) if used.intersection(made) else ""
            names |= {one: f"b{one}" for one in made}
            call = f"{names[block]}.{method}(*A[{at}], **K[{at}])"
            if method == "_bidi_component":
                # Mounted by its renderer, which is not called on a block.
                call = f"C[A[{at}][0]](**K[{at}])"
                call = f"with {names[block]}: {call}" if block else call
            lines.append(f"{name} = {call}" if name else call)
        return "\n".join(lines) + "\n"


class Recorder:
    """Writes down the calls of one run."""

    def __init__(self) -> None:
        self.script = Script()
        self._numbers: dict[int, int] = {id(st._main): 0, id(st.sidebar): 1}  # noqa: SLF001 - st.x is its
        self._kept: list[object] = []
        self._is_inside = False

    def call(
        self, function: Callable[..., Any], target: DeltaGenerator, method: str, args: Any, options: Any
    ) -> Any:
        """Make a call of the page, and write it down unless Streamlit itself makes it."""
        if self._is_inside:
            return function(target, *args, **options)
        block = self._number(target._active_dg)  # noqa: SLF001 - where the element goes
        at = len(self.script.calls)
        self.script.calls.append((block, method, *_constants(method, args, options)))
        self._is_inside = True
        try:
            result = function(target, *args, **options)
        finally:
            self._is_inside = False
        if isinstance(result, DeltaGenerator):
            self.script.given[at] = self._new(result)
        elif isinstance(result, list) and result and isinstance(result[0], DeltaGenerator):
            self.script.given[at] = [self._new(one) for one in result]
        self._keep_state(at, method, options)
        return result

    def _number(self, block: DeltaGenerator) -> int:
        """The block's number; one that Streamlit made by itself (a fragment's) is a container."""
        if id(block) not in self._numbers:
            parent = self._number(block._parent or st._main)  # noqa: SLF001 - as above
            self.script.calls.append((parent, "container", (), {}))
            self.script.given[len(self.script.calls) - 1] = self._new(block)
        return self._numbers[id(block)]

    def _new(self, block: DeltaGenerator) -> int:
        self._kept.append(block)  # or its id would be another's
        return self._numbers.setdefault(id(block), len(self._numbers))

    def _keep_state(self, at: int, method: str, options: Mapping[str, Any]) -> None:
        key = options.get("key")
        if method == "_bidi_component":
            self._keep_component(self.script.calls[at][2][0])
        if method not in _KEPT or key not in st.session_state:
            return
        value = st.session_state[key]
        shown = options.get("format_func")
        if shown is not None and value is not None:
            value = [shown(one) for one in value] if isinstance(value, list) else shown(value)
        if value not in (None, [], ""):
            self.script.state[key] = value

    def _keep_component(self, name: str) -> None:
        found = get_bidi_component_manager().get(name)
        if found is not None:
            content = {"html": found.html_content, "css": found.css_content, "js": found.js_content}
            self.script.components[name] = content


def _constants(
    method: str, args: Any, options: Mapping[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments without functions: labels instead of what makes them, pages as files."""
    kept = {name: value for name, value in options.items() if name not in _HANDLERS}
    given = list(args)
    if options.get("on_click") == "ignore":
        kept["on_click"] = "ignore"
    shown = kept.pop("format_func", None)
    if method in _CHOICES and shown is not None:
        if "options" in kept:
            kept["options"] = [shown(one) for one in kept["options"]]
        else:
            given[1] = [shown(one) for one in given[1]]
    return tuple(_constant(one, method) for one in given), {
        name: _constant(value, method, name) for name, value in kept.items()
    }


def _constant(value: Any, method: str, name: str = "") -> Any:
    if isinstance(value, Page):
        return f"{value.url_path or 'today'}.py"
    if isinstance(value, dict):
        return {key: _constant(one, method) for key, one in value.items()}
    if callable(value) and not isinstance(value, type):
        if name == "on_select":
            return "rerun"
        return CALLBACK if method == "_bidi_component" else DEFERRED
    return value


@contextmanager
def recording() -> Iterator[Callable[[], Script]]:
    """For the length of the block, calls are written down; the function gives those since it began.

    `st.markdown` and its kin are methods bound when Streamlit was imported, so both the class and the
    module are dressed.
    """
    current = [Recorder()]

    def dressed(function: Callable[..., Any], method: str) -> Callable[..., Any]:
        @functools.wraps(function)
        def recorded(self: DeltaGenerator, *args: Any, **options: Any) -> Any:
            return current[0].call(function, self, method, args, options)

        return recorded

    before: list[tuple[Any, str, Any]] = []

    def put(owner: Any, name: str, value: Any) -> None:
        before.append((owner, name, owner.__dict__.get(name, before)))
        setattr(owner, name, value)

    for name in [one for one in dir(st) if one != "write_stream"]:
        method = getattr(st, name)
        if isinstance(method, types.MethodType) and isinstance(method.__self__, DeltaGenerator):
            made = dressed(method.__func__, name)
            put(DeltaGenerator, name, made)
            put(st, name, types.MethodType(made, method.__self__))
    put(GridContainer, "cell", dressed(GridContainer.cell, "cell"))

    def since() -> Script:
        found, current[0] = current[0].script, Recorder()
        return found

    try:
        yield since
    finally:
        for owner, name, value in reversed(before):
            delattr(owner, name) if value is before else setattr(owner, name, value)


def shape(app: AppTest) -> list[str]:
    """Every block and element that an app draws, with its place and text: what two twins share."""
    found = []
    for root in (app.main, app.sidebar):
        waiting = [(root, "main" if root is app.main else "sidebar")]
        while waiting:
            node, place = waiting.pop()
            children = getattr(node, "children", None) or {}
            waiting += [(child, f"{place}.{at}") for at, child in children.items()]
            text = getattr(getattr(node, "proto", None), "body", "")
            found.append(f"{place} {node.type} {text}")
    return sorted(found)


_APP = """\
import streamlit as st
from constants import MENU

st.set_page_config(page_title="{name}", page_icon={icon!r}, layout="wide")
st.logo({logo!r}, size="large", icon_image={icon!r})
pages = {{}}
for slug, title, icon, section, is_hidden, is_home in MENU:
    made = st.Page(f"{{slug}}.py", title=title, icon=icon, url_path=slug, default=is_home,
                   visibility="hidden" if is_hidden else "visible")
    pages.setdefault(section, []).append(made)
st.navigation(pages, expanded=True).run()
"""
_CONSTANTS = """\
import pickle
from pathlib import Path

import streamlit as st

FUNCTIONS = {"<deferred>": lambda: b"", "<callback>": lambda: None}
_KNOWN = {}


def of(slug):
    if slug not in _KNOWN:
        stored = Path(__file__).with_name(slug + ".pickle").read_bytes()
        args, options, state, components = pickle.loads(stored)
        made = {name: st.components.v2.component(name, **content) for name, content in components.items()}
        for one in options:
            one.update({k: FUNCTIONS[v] for k, v in one.items() if isinstance(v, str) and v in FUNCTIONS})
        _KNOWN[slug] = args, options, state, made
    return _KNOWN[slug]


"""
_PAGE = """\
import streamlit as st
from constants import of

A, K, state, C = of({slug!r})
if {slug!r} not in st.session_state:
    st.session_state[{slug!r}] = True
    st.session_state.update(state)
"""
_SERVER = """\
from pathlib import Path

import streamlit as st
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

app = st.App({app!r}, routes=[Mount("/assets", StaticFiles(directory={assets!r}))])
"""


def write(folder: Path, scripts: Mapping[str, Script], menu: tuple[MenuPage, ...]) -> Path:
    """Write the app of the twins, by slug, under the viewer's menu; the file to serve it by."""
    assets = ROOT / "pages" / "_ui" / "assets"
    icon, logo = str(assets / "icon.svg"), str(assets / "logo.svg")
    (folder / "app.py").write_text(_APP.format(name=frame.NAME, icon=icon, logo=logo))
    rows = [(one.slug, one.title, one.icon, one.section, one.is_hidden, one is menu[0]) for one in menu]
    (folder / "constants.py").write_text(f"{_CONSTANTS}MENU = {rows!r}\n")
    for row in menu:
        script = scripts.get(row.slug, Script())
        data = [[call[2] for call in script.calls], [call[3] for call in script.calls]]
        (folder / f"{row.slug}.pickle").write_bytes(pickle.dumps((*data, script.state, script.components)))
        (folder / f"{row.slug}.py").write_text(_PAGE.format(slug=row.slug) + script.source())
    (folder / "server.py").write_text(_SERVER.format(app=str(folder / "app.py"), assets=str(assets)))
    return folder / "server.py"
