"""The ways in which sales says no."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.kit.errors import Refusal
from core.sales.records import Match


class DuplicatesFound(Refusal):
    """Leads or customers that look the same exist; going on needs a reason (quality.md D7)."""

    code = "duplicates"

    def __init__(self, matches: Sequence[Match]) -> None:
        count = len(matches)
        noun = "record looks" if count == 1 else "records look"
        super().__init__(
            f"{count} {noun} like this one.",
            remedy="Go on with the match if it is yours, or say why a new lead is needed.",
            field="duplicates_reason",
        )
        self.matches = tuple(matches)


class AppointmentClash(Refusal):
    """The agent is somewhere else at that time; `when` names the span with its zone."""

    code = "appointment_clash"

    def __init__(
        self, *, agent: str, when: str, about: str, starts_at: datetime, ends_at: datetime
    ) -> None:
        super().__init__(
            f"{agent} already has an appointment {when}{f' ({about})' if about else ''}.",
            remedy="Choose another time or another agent.",
            field="starts_at",
        )
        self.agent = agent
        self.about = about
        self.starts_at = starts_at
        self.ends_at = ends_at

    def told(self, when: str) -> AppointmentClash:
        """The same refusal with the time in other words, such as those of the reader's clock."""
        return AppointmentClash(
            agent=self.agent,
            when=when,
            about=self.about,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
        )


class ClosedDeal(Refusal):
    """The lead or opportunity is won or lost, and what was settled stays as it is."""

    code = "closed"
