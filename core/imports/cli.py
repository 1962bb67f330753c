"""`./run import`: import files by a template, list the runs, revert one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.audit import SystemActor
from core.db import unit_of_work
from core.imports import runs, shipped, store
from core.imports.actions import failures_csv, revert_run
from core.imports.errors import BadMapping
from core.imports.mapping import ImportMapping, read_mapping
from core.imports.runs import Job, Progress, Result
from core.imports.store import Counts
from core.kit.errors import NotFound, Refusal

SHOWN_FAILURES = 10
EXIT_FAILURES = 1


def main(words: Sequence[str]) -> int:
    """0 when every row was taken, 1 when some failed. Raises Refusal for what was not begun."""
    chosen = parser().parse_args(words)
    if chosen.list:
        return _list()
    if chosen.revert is not None:
        return _revert(chosen.revert)
    if chosen.failures is not None:
        failures_csv(_run(chosen.failures).id, sys.stdout)
        return 0
    if not chosen.files:
        raise Refusal("No file was named.", remedy="./run import FILE --template NAME, or --list.")
    if chosen.template is None:
        raise Refusal("No template was named.", remedy=f"There are: {', '.join(_template_names())}.")
    bad = [_import(job, is_trial=chosen.dry_run) for job in _jobs(chosen.files, chosen.template)]
    return EXIT_FAILURES if any(bad) else 0


def parser() -> argparse.ArgumentParser:
    """What the command line understands."""
    made = argparse.ArgumentParser(
        prog="./run import",
        description="Import CSV or XLSX files by a template: a saved one, one that ships, or a JSON file.",
    )
    made.add_argument("files", nargs="*", type=Path, metavar="FILE", help="files, or a bundle's folder")
    made.add_argument("--template", metavar="NAME", help="a template's name, or a mapping's JSON file")
    made.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
    made.add_argument("--list", action="store_true", help="list templates and the newest runs")
    made.add_argument("--failures", type=int, metavar="RUN", help="print a run's failing rows as CSV")
    made.add_argument("--revert", type=int, metavar="RUN", help="take a run back")
    return made


def _jobs(files: Sequence[Path], template: str) -> list[Job]:
    """Every file is looked through before the first is imported."""
    if template in shipped.bundles():
        if len(files) != 1:
            raise BadMapping(f"{template} is a bundle of files.", remedy="Name the folder that holds them.")
        return [
            _job(path, shipped.mappings()[part.template], part.template)
            for path, part in shipped.parts_in(files[0], template)
        ]
    mapping = _mapping(template)
    return [_job(path, mapping, template) for path in files]


def _job(path: Path, mapping: ImportMapping, template: str) -> Job:
    return runs.prepare(path, mapping, actor=SystemActor(), template=template[:80])


def _mapping(template: str) -> ImportMapping:
    path = Path(template)
    if path.suffix == ".json" and path.is_file():
        return read_mapping(path.read_text(encoding="utf-8"))
    with unit_of_work() as session:
        saved = {one.name: one.mapping for one in store.templates(session)}
    if template in saved:
        return read_mapping(saved[template])
    if template in shipped.mappings():
        return shipped.mappings()[template]
    raise BadMapping(
        f"There is no template {template}.", remedy=f"There are: {', '.join(_template_names())}."
    )


def _template_names() -> list[str]:
    with unit_of_work() as session:
        saved = [one.name for one in store.templates(session)]
    return sorted({*saved, *shipped.mappings(), *shipped.bundles()})


def _import(job: Job, *, is_trial: bool) -> bool:
    """Whether rows failed."""
    result = runs.try_out(job, report=_report) if is_trial else runs.execute(job, report=_report)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    _tell(job, result)
    return result.counts.failed > 0


def _report(progress: Progress) -> None:
    if sys.stderr.isatty():
        verb = "Checked" if progress.is_checking else "Imported"
        share = 100 * progress.done // progress.total
        told = f"\r{verb} {progress.done:,} of {progress.total:,} rows ({share} %)"
        print(told, end="", file=sys.stderr, flush=True)


def _tell(job: Job, result: Result) -> None:
    counts = result.counts
    run = f"run {result.run_id}" if result.run_id is not None else "dry run, nothing was written"
    plural = job.mapping.spec.plural
    print(f"{job.name} ({run}): {counts.read:,} {plural} read, {_figures(counts)}.")
    if result.message:
        print(f"  {result.message}")
    for one in result.failures[:SHOWN_FAILURES]:
        place = f", {one.column} “{one.value or ''}”" if one.column else ""
        print(f"  line {one.line}{place}: {one.reason}")
    if counts.failed > SHOWN_FAILURES and result.run_id is not None:
        print(f"  ... all of them: ./run import --failures {result.run_id} > failures.csv")


def _figures(counts: Counts) -> str:
    return (
        f"{counts.created:,} created, {counts.updated:,} updated,"
        f" {counts.unchanged:,} unchanged, {counts.failed:,} failed"
    )


def _list() -> int:
    print("Templates:", ", ".join(_template_names()))
    with unit_of_work() as session:
        found = store.runs(session, None, 20)
    if not found:
        print("Nothing has been imported yet.")
    for run in found:
        print(f"{run.id:>6}  {run.started_at:%Y-%m-%d %H:%M}  {run.state:<11}", end="  ")
        print(f"{run.file_name} -> {run.entity}: {_figures(run.counts)}")
    return 0


def _revert(run_id: int) -> int:
    counts = revert_run(_run(run_id), actor=SystemActor())
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items()) or "nothing"
    print(f"Run {run_id} is reverted: {told}.")
    return 0


def _run(run_id: int) -> store.Run:
    with unit_of_work() as session:
        found = store.run(session, run_id, None)
    if found is None:
        raise NotFound("import run", run_id)
    return found
