"""Imports of files: read, map, preview, run, revert. Every kind of record is one `Entity`."""

from core.imports.actions import (
    Preview,
    distinct,
    failures,
    importable,
    look,
    preview,
    recent_runs,
    revert,
    save_template,
    start,
    stub_of,
    suggested,
    take_in,
    templates,
    write_failures,
)
from core.imports.errors import AlreadyRunning, BadMapping, NotRevertible, Unreadable
from core.imports.fields import Entity, Field, Kind
from core.imports.landing import Failure
from core.imports.mapping import ImportMapping, Source, read_mapping
from core.imports.reader import DELIMITERS, ENCODINGS, FileOptions, Inspected
from core.imports.runs import Progress, Result
from core.imports.shipped import Part, bundles
from core.imports.store import Counts, Run, Template
from core.imports.values import DATE_FORMATS

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
    "Progress",
    "Result",
    "Run",
    "Source",
    "Template",
    "Unreadable",
    "bundles",
    "distinct",
    "failures",
    "importable",
    "look",
    "preview",
    "read_mapping",
    "recent_runs",
    "revert",
    "save_template",
    "start",
    "stub_of",
    "suggested",
    "take_in",
    "templates",
    "write_failures",
]
