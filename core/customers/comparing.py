"""Compares all customers with one another, in a process of its own, and keeps what it found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from core import audit
from core.access import Permission, Viewer, action, read
from core.access.tables import User
from core.customers import dedupe, store
from core.customers.compared import People, Person
from core.customers.tables import Customer, DuplicatePair, DuplicateRun
from core.db import address, unit_of_work
from core.kit import detached, logs
from core.kit.dates import utc_now
from core.kit.errors import Refusal
from core.kit.settings import settings

log = logs.logger(__name__)

# The surest are kept; more than these nobody reviews before the next comparison.
MOST_KEPT = 100_000
HEARTBEAT = timedelta(seconds=2)
# A batch of pairs takes a second; a machine under load may be late, not this late.
STALLED_AFTER = timedelta(minutes=3)
STALLED = "It ended without a word: it was killed, or its machine stopped."
_STARTING = 7_204_103
_READ_AT_ONCE = 20_000


class AlreadyComparing(Refusal):
    """There is one comparison at a time."""

    code = "already_comparing"

    def __init__(self) -> None:
        super().__init__(
            "The customers are being compared already.", remedy="Wait until that has finished."
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of all customers: how far it is (percent), and how it ended. Moments are UTC."""

    id: int
    progress: int
    started_by: str
    started_at: datetime
    finished_at: datetime | None
    compared: int | None
    found: int | None
    message: str

    @property
    def is_running(self) -> bool:
        """Whether it is still at work."""
        return self.finished_at is None and not self.message


@action(Permission.CUSTOMERS_MERGE)
def start_comparison(*, by: Viewer, now: datetime | None = None) -> int:
    """Compare all customers in a process of its own, which outlives this one; the comparison's id.

    Raises AlreadyComparing while another is at work.
    """
    with unit_of_work() as session:
        run_id = _begin(session, started_by=by.user_id, at=now or utc_now())
        audit.record(
            session, actor=by, action="duplicates.compare", entity="duplicate_run", entity_id=run_id
        )
    detached.start(
        ["-m", "core.customers", "--run", str(run_id)],
        log=settings().data_dir / "duplicates.log",
        environment={"DATABASE_URL": address()},
    )
    return run_id


@read(Permission.CUSTOMERS_MERGE)
def last_comparison(*, by: Viewer, now: datetime | None = None) -> Comparison | None:  # noqa: ARG001 - the gate reads it
    """The newest comparison, running or not; None when there was none."""
    with unit_of_work() as session:
        row = newest_run(session)
        if row is None:
            return None
        who = session.scalar(
            select(User.first_name + " " + User.last_name).where(User.id == row.started_by)
        )
    return Comparison(
        id=row.id,
        progress=row.progress,
        started_by=who or "The system",
        started_at=row.started_at,
        finished_at=row.finished_at,
        compared=row.compared,
        found=row.found,
        message=row.message or (STALLED if _is_stalled(row, now or utc_now()) else ""),
    )


def compare_customers(run_id: int | None = None) -> int:
    """Compare all live customers now, whoever's they are; how many pairs were found.

    The pairs replace those of earlier comparisons. A refusal is written into the run in its words;
    anything else by a reference to the log, because its text may hold rows (quality.md S, Errors).
    """
    if run_id is None:
        with unit_of_work() as session:
            run_id = _begin(session, started_by=None, at=utc_now())
    with logs.bind_reference() as reference:
        try:
            people = _read_people()
            _write(run_id, compared=len(people))
            found = dedupe.matches(people, _Heart(run_id).beat)
            _keep(run_id, found)
        except Refusal as refusal:
            _write(run_id, message=str(refusal)[:500])
            raise
        except BaseException:
            log.exception("comparison_failed", run_id=run_id)
            _write(run_id, message=f"Something unexpected happened. Reference {reference}.")
            raise
    return len(found)


def newest_run(session: Session, *, is_finished: bool = False) -> DuplicateRun | None:
    """The newest comparison, or the newest that finished."""
    statement = select(DuplicateRun).order_by(DuplicateRun.id.desc()).limit(1)
    if is_finished:
        statement = statement.where(DuplicateRun.finished_at.is_not(None))
    return session.scalars(statement).one_or_none()


def _begin(session: Session, *, started_by: int | None, at: datetime) -> int:
    session.execute(select(func.pg_advisory_xact_lock(_STARTING)))
    last = newest_run(session)
    if last is not None and not last.finished_at and not last.message and not _is_stalled(last, at):
        raise AlreadyComparing
    row = DuplicateRun(started_by=started_by, started_at=at, heartbeat_at=at)
    session.add(row)
    session.flush()
    return row.id


def _is_stalled(row: DuplicateRun, now: datetime) -> bool:
    return row.finished_at is None and now - row.heartbeat_at > STALLED_AFTER


class _Heart:
    """Writes how far the comparison is, every other second."""

    def __init__(self, run_id: int) -> None:
        self._run_id = run_id
        self._next = utc_now()

    def beat(self, share: float) -> None:
        if utc_now() >= self._next:
            _write(self._run_id, progress=int(share * 99))
            self._next = utc_now() + HEARTBEAT


def _write(run_id: int, **values: object) -> None:
    with unit_of_work() as session:
        session.execute(
            update(DuplicateRun)
            .where(DuplicateRun.id == run_id)
            .values(**values, heartbeat_at=func.clock_timestamp())
        )


def _keep(run_id: int, found: list[dedupe.Match]) -> None:
    rows = [
        {
            "run_id": run_id,
            "first_id": one.first,
            "second_id": one.second,
            "bits": one.bits,
            "reasons": list(one.reasons),
        }
        for one in found[:MOST_KEPT]
    ]
    with unit_of_work() as session:
        session.execute(delete(DuplicatePair).where(DuplicatePair.run_id != run_id))
        if rows:
            session.execute(insert(DuplicatePair), rows)
        session.execute(
            update(DuplicateRun)
            .where(DuplicateRun.id == run_id)
            .values(progress=100, found=len(found), finished_at=func.clock_timestamp())
        )


def _read_people() -> People:
    statement = select(
        Customer.id,
        func.plain_text(Customer.first_name),
        func.plain_text(Customer.last_name),
        Customer.date_of_birth,
        func.coalesce(Customer.email_lower, ""),
        func.coalesce(Customer.phone_digits, ""),
        func.plain_text(Customer.address_line1),
        func.plain_text(Customer.city),
        Customer.postal_code,
    ).where(store.LIVE)
    with unit_of_work() as session:
        session.execute(text("set local statement_timeout = 0"))
        rows = session.execute(statement.execution_options(yield_per=_READ_AT_ONCE))
        return People.of(_people(rows))


def _people(rows: object) -> Iterator[Person]:
    for row in rows:  # type: ignore[attr-defined]  # a result of these columns
        yield Person(*row)
