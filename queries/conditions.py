"""The conditions that every query gets: the viewer's row scope, the filters, the period.

Values are bound by name, never written into the text; column names come from the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType

from core.access import Viewer
from core.kit.dates import Period
from queries.catalogue import DIMENSION_COLUMNS, Metric
from queries.filters import NONE_ID, Filters


@dataclass(slots=True)
class Bound:
    """The parameters of one statement; equal values share a name."""

    values: dict[str, object] = field(default_factory=dict)

    def name(self, value: object) -> str:
        """The placeholder that stands for the value."""
        for known, held in self.values.items():
            if type(held) is type(value) and held == value:
                return f"${known}"
        new = f"p{len(self.values)}"
        self.values[new] = value
        return f"${new}"


_SUBTREE = """
    select closure.territory_id from dim_territory_closure as closure where closure.ancestor_id = {value}
"""
_TEAM = "select agent.user_id from dim_agent as agent where agent.manager_user_id = {value}"
_MANAGED = "select agent.user_id from dim_agent as agent where agent.manager_user_id is not null"
_CATEGORY = "select product.product_id from dim_product as product where product.category = {value}"
# A filter: the dimension it needs, and the condition on the metric's rows.
_BY_FILTER = MappingProxyType(
    {
        "territory_id": ("territory", f"facts.territory_id in ({_SUBTREE})"),
        "own_territory_id": ("territory", "facts.territory_id = {value}"),
        "agent_id": ("agent", "facts.agent_id = {value}"),
        "manager_id": ("agent", f"facts.agent_id in ({_TEAM})"),
        "product_id": ("product", "facts.product_id = {value}"),
        "category": ("product", f"facts.product_id in ({_CATEGORY})"),
        "source_id": ("source", "facts.source_id = {value}"),
        "stage": ("stage", "facts.stage = {value}"),
        "reached": ("reached", "facts.furthest_rank >= {value}"),
    }
)
_WITHOUT_MANAGER = f"(facts.agent_id is null or facts.agent_id not in ({_MANAGED}))"


def applies(metric: Metric, filters: Filters) -> bool:
    """Whether the metric knows every dimension that is filtered by."""
    needed = {dim for name, (dim, _) in _BY_FILTER.items() if getattr(filters, name) is not None}
    return needed <= set(metric.dims)


def in_scope(viewer: Viewer, bound: Bound) -> str:
    """Rows of an owner in the viewer's line, or of a territory in their subtree.

    The same rule as core.access.in_scope has for PostgreSQL (quality.md D10).
    """
    if viewer.sees_all:
        return "true"
    parts = []
    if viewer.agent_ids:
        agents = bound.name(sorted(viewer.agent_ids))
        parts.append(f"facts.agent_id in (select unnest({agents}::bigint[]))")
    if viewer.territory_ids:
        territories = bound.name(sorted(viewer.territory_ids))
        parts.append(f"facts.territory_id in (select unnest({territories}::bigint[]))")
    return f"({' or '.join(parts)})" if parts else "false"


def filtered(metric: Metric, filters: Filters, bound: Bound) -> list[str]:
    """One condition for every filter that is set; `kind` counts where the metric has kinds."""
    found = []
    if "kind" in metric.dims:
        found.append(f"facts.kind = {bound.name(filters.kind)}")
    for name, (dim, condition) in _BY_FILTER.items():
        value = getattr(filters, name)
        if value is None:
            continue
        if value == NONE_ID and name != "reached":
            without = f"facts.{DIMENSION_COLUMNS[dim]} is null"
            found.append(_WITHOUT_MANAGER if name == "manager_id" else without)
        else:
            found.append(condition.format(value=bound.name(value)))
    return found


def within(period: Period, bound: Bound) -> str:
    """Rows whose day lies in the half-open period."""
    return f"facts.day >= {bound.name(period.start)} and facts.day < {bound.name(period.end)}"
