"""Once only: the same request id does its work once, and gets the same answer ever after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.db.tables import CodeCounter, OnceKey
from core.kit.errors import RepeatedWithOtherContent
from core.kit.ids import RequestId, fingerprint

Answer = TypeVar("Answer", int, str)


def once(
    session: Session,
    request_id: RequestId,
    *,
    action: str,
    content: Mapping[str, object],
    actor_id: int | None,
    make: Callable[[], Answer],
) -> Answer:
    """The answer of `make`, which runs only for the first request with this id.

    A second one waits for the first's transaction, then gets its stored answer.
    Raises RepeatedWithOtherContent when the content or the action differs.
    """
    mark = fingerprint(content)
    key = {"request_id": request_id, "action": action, "fingerprint": mark, "actor_id": actor_id}
    statement = insert(OnceKey).values(**key).on_conflict_do_nothing().returning(OnceKey.request_id)
    if session.scalar(statement) is not None:
        answer = make()
        session.flush()
        session.execute(update(OnceKey).where(OnceKey.request_id == request_id).values(answer=answer))
        return answer
    first = session.execute(
        select(OnceKey.action, OnceKey.fingerprint, OnceKey.actor_id, OnceKey.answer).where(
            OnceKey.request_id == request_id
        )
    ).one()
    if (first.action, first.fingerprint, first.actor_id) != (action, mark, actor_id):
        raise RepeatedWithOtherContent
    stored: Answer = first.answer
    return stored


def next_number(session: Session, series: str) -> int:
    """The next number of a gapless series; held until the transaction ends, given back if it fails."""
    statement = (
        insert(CodeCounter)
        .values(series=series, last_number=1)
        .on_conflict_do_update(
            index_elements=[CodeCounter.series],
            set_={"last_number": CodeCounter.last_number + 1},
        )
        .returning(CodeCounter.last_number)
    )
    return session.execute(statement).scalar_one()
