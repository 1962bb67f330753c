"""Imports of files: read, map, preview, run, revert. Every kind of record is one `Entity`."""

from core.imports.actions import (
    Preview,
    distinct,
    failures,
    importable,
    look,
    named,
    preview,
    recent_runs,
    revert,
    sample,
    save_template,
    stop,
    stub_of,
    suggested,
    suggested_key,
    take_in,
    templates,
    touched,
    write_failures,
)
from core.imports.begun import Step, begin, end_dead_runs, under_way
from core.imports.dateforms import DATE_FORMATS
from core.imports.errors import AlreadyRunning, BadMapping, NotRevertible, Unreadable
from core.imports.fields import Entity, Field, Kind
from core.imports.landing import Failure
from core.imports.mapping import ImportMapping, Source, read_mapping
from core.imports.reader import DELIMITERS, ENCODINGS, FileOptions, Inspected
from core.imports.shipped import Part, bundles, title
from core.imports.store import Counts, Run, Template

__all__ = [
    "DATE_FORMATS",
    "DELIMITERS",
    "ENCODINGS",
    "AlreadyRunning",
    "BadMapping",
    "Counts",
    "Entity",
    "Failure",
    "Field",
    "FileOptions",
    "ImportMapping",
    "Inspected",
    "Kind",
    "NotRevertible",
    "Part",
    "Preview",
    "Run",
    "Source",
    "Step",
    "Template",
    "Unreadable",
    "begin",
    "bundles",
    "distinct",
    "end_dead_runs",
    "failures",
    "importable",
    "look",
    "named",
    "preview",
    "read_mapping",
    "recent_runs",
    "revert",
    "sample",
    "save_template",
    "stop",
    "stub_of",
    "suggested",
    "suggested_key",
    "take_in",
    "templates",
    "title",
    "touched",
    "under_way",
    "write_failures",
]
