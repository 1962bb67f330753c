"""The ways the system says an expected no.

Everything expected derives from `Refusal` and is shown to the person who asked, in their words.
Everything else rises, is logged with a reference, and only that reference is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime


class Refusal(Exception):
    """An expected no: what was refused, and what the person can do about it.

    `field` names the form field that the message belongs beside, when there is one. What `passes` by
    itself (the database is away) can be tried again just as it was.
    """

    code = "refused"
    passes = False

    def __init__(self, message: str, *, remedy: str = "", field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.field = field

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class Invalid(Refusal):
    """Input that breaks a rule: one message per field, all of them at once."""

    code = "invalid"

    def __init__(self, fields: Mapping[str, str], *, message: str = "", remedy: str = "") -> None:
        self.fields = dict(fields)
        first = next(iter(self.fields), None)
        text = message or (self.fields[first] if first is not None else "Some input is not valid.")
        super().__init__(text, remedy=remedy, field=first)


class NotAllowed(Refusal):
    """The viewer's role does not include the action."""

    code = "not_allowed"


class NotFound(Refusal):
    """The record does not exist, or lies outside what the viewer may see; both look the same."""

    code = "not_found"

    def __init__(self, noun: str, key: object) -> None:
        super().__init__(
            f"There is no {noun} {key} that you can open.",
            remedy="Check the code, or ask its owner or your manager.",
        )


class Conflict(Refusal):
    """Somebody else changed the record in between. Nothing was overwritten.

    `changes` holds (field label, their value) pairs, `who` and `at` tell whose change it was.
    """

    code = "conflict"

    def __init__(
        self,
        message: str,
        *,
        who: str = "",
        at: datetime | None = None,
        changes: Sequence[tuple[str, str]] = (),
        remedy: str = "Look at the current state, then try again.",
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.who = who
        self.at = at
        self.changes = tuple(changes)


class IllegalMove(Refusal):
    """A status change that the lifecycle does not know; `legal` lists the labels it does."""

    code = "illegal_move"

    def __init__(self, message: str, *, legal: Sequence[str]) -> None:
        options = ", ".join(legal)
        super().__init__(
            message,
            remedy=f"Possible from here: {options}." if options else "Nothing can follow here.",
        )
        self.legal = tuple(legal)


class RepeatedWithOtherContent(Refusal):
    """A once-only id came back with other content than the first time."""

    code = "repeated"

    def __init__(self) -> None:
        super().__init__(
            "This form was already sent with other content.",
            remedy="Reload the page to start a new one.",
        )
