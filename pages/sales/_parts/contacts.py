"""The contacts of a lead or an opportunity, as the shared list and forms take them."""

from __future__ import annotations

from pages._ui.contacts.about import With
from pages.sales._parts.kinds import DealKind, Detail


def of(kind: DealKind, detail: Detail) -> With:
    """The contacts of a lead or an opportunity."""
    is_lost = detail.status in kind.lifecycle.flagged("lost")
    about = kind.about(detail.id)
    return With(detail.code, about, detail.followups, detail.appointments, detail.can_edit, is_lost)
