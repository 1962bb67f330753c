"""Where the pages of leads and opportunities differ; everything else is drawn by the same code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core import sales
from core.kit.lifecycle import Lifecycle

Detail = sales.LeadDetail | sales.OpportunityDetail


@dataclass(frozen=True, slots=True)
class DealKind:
    """One kind of deal: its words, its lifecycle, its actions, and two columns of its list in pixels.

    `parameter` opens one by its code in the address. `value_field` and `product_field` name the
    inputs that play the part of value and product.
    """

    kind: sales.Kind
    slug: str
    title: str
    noun: str
    parameter: str
    search_hint: str
    value_label: str
    value_field: str
    value_width: int
    name_width: int
    product_field: str
    read: Callable[..., Detail]
    edit: Callable[..., sales.Ref]
    move: Callable[..., sales.Ref]
    assign: Callable[..., int]

    @property
    def lifecycle(self) -> Lifecycle:
        """The statuses and moves of this kind."""
        return sales.LIFECYCLES[self.kind]

    def about(self, deal_id: int) -> sales.About:
        """What follow-ups and appointments with one of this kind point at."""
        if self.kind == "lead":
            return sales.About(lead_id=deal_id)
        return sales.About(opportunity_id=deal_id)


LEADS = DealKind(
    kind="lead",
    slug="pipeline",
    title="Pipeline",
    noun="lead",
    parameter="lead",
    search_hint="Name, code, phone, e-mail",
    value_label="Expected premium",
    value_field="expected_premium",
    value_width=128,
    name_width=208,
    product_field="product_interest",
    read=sales.lead,
    edit=sales.edit_lead,
    move=sales.move_lead,
    assign=sales.assign_leads,
)
OPPORTUNITIES = DealKind(
    kind="opportunity",
    slug="opportunities",
    title="Opportunities",
    noun="opportunity",
    parameter="opportunity",
    search_hint="Name or code",
    value_label="Estimated value",
    value_field="estimated_value",
    value_width=115,
    name_width=226,
    product_field="product_id",
    read=sales.opportunity,
    edit=sales.edit_opportunity,
    move=sales.move_opportunity,
    assign=sales.assign_opportunities,
)
KINDS = {kind.kind: kind for kind in (LEADS, OPPORTUNITIES)}
