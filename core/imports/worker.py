"""`python -m core.imports.worker`: carries out one order of imports, read from standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from core.db import Unavailable, engine, psycopg_of, unit_of_work
from core.imports import runs, standing
from core.imports.begun import Order, read_order
from core.imports.mapping import read_mapping
from core.kit import logs
from core.kit.errors import Refusal
from core.kit.settings import settings

EXIT_REFUSED = 1

log = logs.logger(__name__)


def carry_out(order: Order) -> bool:
    """Import the files of an order in turn; a file that is refused as a whole stops those after it."""
    with _at_work([run_id for run_id, _step in order.steps]):
        for position, (run_id, step) in enumerate(order.steps):
            try:
                job = runs.prepare(
                    step.path,
                    read_mapping(step.mapping),
                    actor=order.by,
                    name=step.name,
                    template=step.template,
                )
                is_taken = runs.execute(job, begun=run_id).state == standing.DONE
            except Unavailable:
                raise
            except Refusal as refusal:
                _refuse([run_id], str(refusal))
                is_taken = False
            if not is_taken:
                later = [other for other, _step in order.steps[position + 1 :]]
                _refuse(later, f"It was not begun, because {step.name} was not imported.")
                return False
    return True


@contextmanager
def _at_work(run_ids: Sequence[int]) -> Iterator[None]:
    """Hold the locks of all runs of the order on a connection of its own: they end with this process."""
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for run_id in run_ids:
            standing.hold_run(psycopg_of(connection.connection), run_id)
        try:
            yield
        finally:
            connection.detach()  # its locks must end with it, not go back to the pool


def _refuse(run_ids: Sequence[int], message: str) -> None:
    with unit_of_work() as session:
        standing.refuse_waiting(session, run_ids, message)


def main() -> int:
    """0 when every file was imported, 1 when one was refused or the database was away."""
    logs.configure(level=settings().log_level, as_json=settings().log_json)
    order = read_order(sys.stdin.read())
    with logs.bind_reference() as reference:
        try:
            return 0 if carry_out(order) else EXIT_REFUSED
        except Refusal as refusal:
            log.warning("import_stopped", code=refusal.code)
            return EXIT_REFUSED
        except BaseException:
            log.exception("import_failed", reference=reference)
            raise


if __name__ == "__main__":
    sys.exit(main())
