"""Who asks for their work, when, and what a kind of work consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from core.access import Permission, Viewer
from core.customers.tables import Customer
from core.kit.dates import start_of_day
from core.kit.settings import settings
from core.sales import WorkItem

SOON_DAYS = 30
# The rows of a statement, whatever their columns.
Asked = Select[*tuple[Any, ...]]

NAME = (Customer.first_name + " " + Customer.last_name).label("name")


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, when, and on which business day."""

    by: Viewer
    now: datetime
    today: date

    @property
    def soon(self) -> date:
        """The end of the days ahead that are looked at."""
        return self.today + timedelta(days=SOON_DAYS)

    def at(self, day: date) -> datetime:
        """The beginning of a business day."""
        return start_of_day(day, settings().time_zone)

    def shown(self, name: str) -> str:
        """A person's name, for those who may see it."""
        return name if self.by.can(Permission.PII_VIEW) else ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of work: who has it, the statement that finds it, and how a row of it is told.

    The statement may depend on the viewer and the day, not on the hour: it is kept for the day.
    `whose` is the user that a row belongs to; None where everything is the viewer's own.
    """

    name: str
    permission: Permission
    statement: Callable[[Asking], Asked]
    present: Callable[[Asking, Any], WorkItem]
    whose: InstrumentedAttribute[Any] | None = None
