"""One arm of the timeline's statement: what happened by one source, in the columns of all of them."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import BigInteger, DateTime, Numeric, Select, String, func, literal, null, select
from sqlalchemy import cast as as_type

from core.dossiers.records import EventKind

Arm = Select[Any]


def event_row(
    kind: EventKind,
    source: str,
    key: Any,
    at: Any,
    who: Any,
    what: Any,
    note: Any,
    *,
    record: str = "",
    code: Any = None,
    amount: Any = None,
) -> Arm:
    """The columns of one arm; `source` and the key order what happened at one moment."""
    made: Any = select(
        as_type(at, DateTime(timezone=True)).label("at"),
        (literal(source + ":") + func.lpad(as_type(key, String), 19, "0")).label("tie"),
        literal(kind).label("kind"),
        as_type(who, BigInteger).label("who_id"),
        as_type(what, String).label("what"),
        as_type(note, String).label("note"),
        literal(record).label("record_kind"),
        as_type(code if code is not None else literal(""), String).label("code"),
        as_type(amount if amount is not None else null(), Numeric(14, 2)).label("amount"),
    )
    return cast(Arm, made)
