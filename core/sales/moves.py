"""What a move of a lead or opportunity looks at, and what hangs on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import audit
from core.access import Viewer
from core.sales import rules
from core.sales.shapes import Shape
from core.sales.status import LOST
from core.sales.tables import LostCategory, LostReason


def lost_reason(session: Session, reason_id: int | None, note: str) -> dict[str, object]:
    """What a move to lost looks at: the reason when it is on the list, and whether it needs a note."""
    found = session.get(LostReason, reason_id) if reason_id is not None else None
    is_valid = found is not None and found.is_active
    needs_note = is_valid and found is not None and found.category is LostCategory.OTHER
    return {
        "lost_reason_id": reason_id if is_valid else None,
        "lost_note": note or not needs_note,
    }


def finish_move(
    session: Session,
    shape: Shape,
    row: Any,
    *,
    to: str,
    by: Viewer,
    at: datetime,
    given: Mapping[str, object],
    reason: str,
    note: str,
) -> bool:
    """Move a locked row, and keep what hangs on its status: lost fields, furthest stage, reopenings."""
    frm = str(getattr(row, shape.status_column))
    moved = audit.move(
        session,
        shape.lifecycle,
        row,
        to=to,
        actor=by,
        at=at,
        given=given,
        reason=reason or note,
        status_column=shape.status_column,
        details={"from_version": row.version},
    )
    if not moved:
        return False
    is_lost = LOST in shape.lifecycle[to].flags
    row.lost_reason_id = given.get("lost_reason_id") if is_lost else None
    row.lost_note = (note or None) if is_lost else None
    furthest = str(getattr(row, shape.furthest_column))
    setattr(row, shape.furthest_column, shape.stage(rules.further(shape.lifecycle, furthest, to)))
    if not rules.is_open(shape.lifecycle, frm):
        row.reopen_count += 1
    return True
