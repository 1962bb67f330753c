"""Documents as values: on their way in, in a list, and on their way out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.documents.checks import SHOWN


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sends: what it is, how it is called, and what is in it."""

    kind: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file on its way to somebody who may read it."""

    name: str
    content_type: str
    content: bytes

    @property
    def is_shown(self) -> bool:
        """Whether browsers show it; everything else is saved."""
        return self.content_type in SHOWN


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document of a customer or a claim; what begins with `may_` is the viewer's.

    `is_taken_back` tells that a withdrawal of theirs takes back what they have just uploaded themselves,
    and needs no reason.
    """

    id: int
    kind: str
    name: str
    content_type: str
    size_bytes: int | None
    uploaded_at: datetime
    uploaded_by: str
    verified_at: datetime | None
    verified_by: str
    may_open: bool
    may_verify: bool
    expires_on: date | None = None
    notes: str = ""
    policy_id: int | None = None
    draft_id: int | None = None
    may_withdraw: bool = False
    is_taken_back: bool = False
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_reason: str = ""

    @property
    def is_verified(self) -> bool:
        """Whether somebody has looked at it and found it right."""
        return self.verified_at is not None

    def is_expired(self, today: date) -> bool:
        """Whether it proves nothing any more."""
        return self.expires_on is not None and self.expires_on < today


@dataclass(frozen=True, slots=True)
class AskedDocument:
    """A kind of document that somebody has to show, why, and the best one that there is."""

    kind: str
    why: str
    found: DocumentRow | None

    @property
    def is_proven(self) -> bool:
        """Whether one is there and verified."""
        return self.found is not None and self.found.is_verified
