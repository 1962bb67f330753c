"""What crosses the front door of search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

SearchKind = Literal["customer", "lead", "opportunity", "policy", "claim"]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found, and what matched.

    Of a record outside the viewer's scope only the kind and whose it is are told: `is_visible` is
    False, and code, title and detail are empty.
    """

    kind: SearchKind
    id: int | None
    code: str
    title: str
    detail: str
    owner: str
    because: str
    is_visible: bool


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found, best first; `has_more` when the page was full."""

    rows: tuple[Hit, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Criteria:
    """Which customers, for the search by several fields; an empty field means any. Dates inclusive."""

    name: str = ""
    born_from: date | None = None
    born_to: date | None = None
    city: str = ""
    state: str = ""
    postal_code: str = ""
    kyc_statuses: tuple[str, ...] = ()
    risk_bands: tuple[str, ...] = ()
    agent_ids: tuple[int, ...] = ()
    account_id: int | None = None
    created_from: date | None = None
    created_to: date | None = None
    with_archived: bool = False
    # "yes" for customers with a policy in force, "no" for those without.
    in_force: str = ""
    # Whose identity check is to be reviewed by then, or has expired.
    review_by: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A customer in the list of the search by several fields."""

    id: int
    code: str
    name: str
    born_on: date | None
    phone: str
    city: str
    state: str
    kyc_status: str
    risk_band: str
    owner: str
    created_on: date
    is_archived: bool
