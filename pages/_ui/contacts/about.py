"""What is shown of contacts: whom they are with, and those that there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core import sales

Row = sales.FollowupRow | sales.AppointmentRow


@dataclass(frozen=True, slots=True)
class With:
    """Whom contacts are with, the key of their forms, and what is there."""

    key: str
    about: sales.About
    followups: Sequence[sales.FollowupRow]
    appointments: Sequence[sales.AppointmentRow]
    can_edit: bool
    is_lost: bool = False
