"""What an act on a claim consists of, and what several of them share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.access import Viewer
from core.claims import ClaimDetail
from pages._ui import format as fmt
from pages._ui import forms

Draw = Callable[[forms.Form, ClaimDetail, Viewer], None]
# Does it on the version that the person has seen; the sentence that tells what came of it.
Do = Callable[[forms.Form, ClaimDetail, int, Viewer], str]
Starts = Callable[[ClaimDetail], Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do on a claim: its button, its fields and its call."""

    verb: str
    icon: str
    draw: Draw
    do: Do
    is_main: bool = True
    # Tells what has to be there first; the fields are drawn once it says False.
    waits: Callable[[ClaimDetail], bool] = lambda _: False
    # Fields that the others follow from: drawn before the form, so that each choice is seen at once.
    first: Draw = lambda *_: None
    # What its fields start with.
    starts: Starts = lambda _: {}
    # Says what the button does on this claim, where that is not always the same; "" for the verb.
    says: Callable[[ClaimDetail], str] = lambda _: ""
    # Whether the call asks for every field that is blank, with all else that is wrong.
    core_asks: bool = False

    def label(self, detail: ClaimDetail) -> str:
        """What its button says, on the page as in the dialog."""
        return self.says(detail) or self.verb


def told(detail: ClaimDetail, what: str) -> str:
    """What came of an act, after the number of its claim."""
    return f"{fmt.plain(detail.row.number)} {what}"


def reason_fields(form: forms.Form, _detail: ClaimDetail, _viewer: Viewer) -> None:
    """The one field of an act that only has to be explained."""
    form.area("reason", "Why?", required="Say why.", max_chars=1000)


def reason(form: forms.Form) -> str:
    """Why it is done, as typed. Raises Invalid beside the field when it is blank."""
    forms.require(form, {"reason": "Say why."})
    return str(form.values["reason"])
