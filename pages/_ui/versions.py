"""The version that a form works on: who is told of somebody else's change may then mean it.

What was told is the form's, and goes with what was typed: a form that is opened anew is as it is now.
"""

from __future__ import annotations

from collections.abc import Callable

from core.kit.errors import Conflict
from pages._ui import errors, forms


def of(form: forms.Form, opened: int) -> int:
    """The version that was on the screen when the form was opened, or that its person was told of."""
    return opened if form.told is None else form.told


def follow(form: forms.Form, outcome: errors.Outcome, current: Callable[[], int]) -> None:
    """After sending: a told conflict makes the next sending count."""
    if isinstance(outcome.refusal, Conflict):
        form.told = current()
