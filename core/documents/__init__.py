"""Files: what may be uploaded, where it is kept, and the documents of customers."""

from core.documents.checks import MOST_BYTES, SUFFIXES, FileRefused
from core.documents.files import StoredFile, discard, fetch, store, storing
from core.documents.storage import FileMissing, LocalStorage, Storage
from core.documents.tables import DocumentType

__all__ = [
    "MOST_BYTES",
    "SUFFIXES",
    "DocumentType",
    "FileMissing",
    "FileRefused",
    "LocalStorage",
    "Storage",
    "StoredFile",
    "discard",
    "fetch",
    "store",
    "storing",
]
