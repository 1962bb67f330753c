"""Files: what may be uploaded, where it is kept, and the rules of every document."""

from core.documents.checks import MOST_BYTES, SUFFIXES, FileRefused, content_type
from core.documents.files import StoredFile, discard, fetch, keep, store
from core.documents.leftovers import Swept, sweep
from core.documents.records import AskedDocument, DocumentRow, OpenedFile, Upload
from core.documents.storage import FileMissing, LocalStorage, Storage
from core.documents.tables import DocumentType

__all__ = [
    "MOST_BYTES",
    "SUFFIXES",
    "AskedDocument",
    "DocumentRow",
    "DocumentType",
    "FileMissing",
    "FileRefused",
    "LocalStorage",
    "OpenedFile",
    "Storage",
    "StoredFile",
    "Swept",
    "Upload",
    "content_type",
    "discard",
    "fetch",
    "keep",
    "store",
    "sweep",
]
