"""Where leads and opportunities differ, so that boards, lists and actions are written once for both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute

from core.kit.dates import business_date
from core.kit.lifecycle import Lifecycle
from core.kit.settings import settings
from core.sales.neighbours import accounts
from core.sales.records import Kind
from core.sales.status import FOLLOWUP, LEAD, OPEN, OPPORTUNITY, PLANNED, STAGE_WEIGHT, WON
from core.sales.tables import Followup, FollowupStatus, Lead, LeadStatus, Opportunity, OpportunityStage

Expression = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Shape:
    """One kind of deal: its lifecycle and the columns that play each part.

    `value` is in US dollars: expected while open, agreed once won. `about` is the column by which
    follow-ups and appointments point at it, `holding` gives the conditions on its texts for a pattern.
    """

    kind: Kind
    prefix: str
    lifecycle: Lifecycle
    model: Any
    code: InstrumentedAttribute[str]
    status: InstrumentedAttribute[Any]
    status_column: str
    furthest_column: str
    product_id: InstrumentedAttribute[int | None]
    value: Expression
    next_followup: Expression
    holding: Callable[[ColumnElement[str]], list[ColumnElement[bool]]]
    about: str
    page: str

    def closed_since(self, since: datetime) -> ColumnElement[bool]:
        """Those that were closed at or after a moment (opportunities: on or after its date)."""
        if self.kind == "lead":
            return Lead.closed_at >= since
        return Opportunity.closed_on >= business_date(since, settings().time_zone)

    def stage(self, value: str) -> Any:
        """The status as its column holds it; ValueError for an unknown one."""
        return LeadStatus(value) if self.kind == "lead" else OpportunityStage(value)

    def weight(self, status: str) -> Any:
        """The chance of winning from a status (Decimal)."""
        return STAGE_WEIGHT[self.kind][status]


_planned = FOLLOWUP.flagged(PLANNED)
_next_of_opportunity = (
    select(func.min(Followup.scheduled_at))
    .where(
        Followup.opportunity_id == Opportunity.id,
        Followup.status.in_([FollowupStatus(value) for value in _planned]),
    )
    .correlate(Opportunity)
    .scalar_subquery()
)


def _named_like(pattern: ColumnElement[str]) -> list[ColumnElement[bool]]:
    """Opportunities whose name, or whose account's name, is like the pattern."""
    known = select(accounts.c.id).where(func.plain_text(accounts.c.name).like(pattern))
    return [func.plain_text(Opportunity.name).like(pattern), Opportunity.account_id.in_(known)]


SHAPES: Mapping[Kind, Shape] = MappingProxyType(
    {
        "lead": Shape(
            kind="lead",
            prefix="L",
            lifecycle=LEAD,
            model=Lead,
            code=Lead.lead_code,
            status=Lead.status,
            status_column="status",
            furthest_column="furthest_status",
            product_id=Lead.product_interest,
            value=Lead.expected_premium,
            next_followup=Lead.next_followup,
            holding=lambda pattern: [Lead.search_text.like(pattern)],
            about="lead_id",
            page="pipeline",
        ),
        "opportunity": Shape(
            kind="opportunity",
            prefix="O",
            lifecycle=OPPORTUNITY,
            model=Opportunity,
            code=Opportunity.opportunity_code,
            status=Opportunity.stage,
            status_column="stage",
            furthest_column="furthest_stage",
            product_id=Opportunity.product_id,
            value=case(
                (
                    cast(Opportunity.stage, String).in_(OPPORTUNITY.flagged(WON)),
                    func.coalesce(Opportunity.won_value, Opportunity.estimated_value),
                ),
                else_=Opportunity.estimated_value,
            ),
            next_followup=_next_of_opportunity,
            holding=_named_like,
            about="opportunity_id",
            page="opportunities",
        ),
    }
)
LIFECYCLES: Mapping[Kind, Lifecycle] = MappingProxyType(
    {kind: shape.lifecycle for kind, shape in SHAPES.items()}
)


def open_stages(shape: Shape) -> list[Any]:
    """The statuses of deals that are still being worked on, as their column holds them."""
    return [shape.stage(value) for value in shape.lifecycle.flagged(OPEN)]
