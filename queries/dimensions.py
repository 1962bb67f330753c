"""What values can be grouped by: for each dimension its key, its joins, and the labels of its members."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Name = Literal[
    "agent", "manager", "office", "territory", "own_territory", "product", "category", "source", "stage"
]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to group, with the filter that opens one member of it.

    `needs` is the metric's dimension that it is found through. `labels` selects key, label, depth
    and position; members are listed by position where values do not order them.
    """

    name: str
    label: str
    needs: str
    key: str
    labels: str
    filter: str
    join: str = ""
    none: str = "None"


# A territory follows its parent, so that the tree reads from top to bottom.
_TERRITORY_LABELS = """
with recursive tree as (
    select
        territory.territory_id,
        territory.name,
        0 as depth,
        [territory.name, territory.code] as path
    from dim_territory as territory
    where territory.parent_id is null
    union all
    select
        territory.territory_id,
        territory.name,
        tree.depth + 1 as depth,
        tree.path || [territory.name, territory.code] as path
    from dim_territory as territory
    join tree on tree.territory_id = territory.parent_id
)
select
    tree.territory_id as key,
    tree.name as label,
    tree.depth,
    array_to_string(tree.path, chr(1)) as position
from tree
"""

DIMENSIONS: MappingProxyType[str, Dimension] = MappingProxyType(
    {
        one.name: one
        for one in (
            Dimension(
                "agent",
                "Agent",
                "agent",
                "facts.agent_id",
                "select agent.user_id as key, agent.name as label, 0 as depth, '' as position "
                "from dim_agent as agent",
                none="No agent",
                filter="agent_id",
            ),
            Dimension(
                "manager",
                "Manager",
                "agent",
                "agent.manager_user_id",
                "select agent.manager_user_id as key, any_value(agent.manager_name) as label, "
                "0 as depth, '' as position from dim_agent as agent "
                "where agent.manager_user_id is not null group by agent.manager_user_id",
                join="left join dim_agent as agent on agent.user_id = facts.agent_id",
                none="No manager",
                filter="manager_id",
            ),
            Dimension(
                "office",
                "Office",
                "territory",
                "territory.office_id",
                "select distinct territory.office_id as key, territory.office_name as label, "
                "0 as depth, '' as position from dim_territory as territory",
                join="left join dim_territory as territory on territory.territory_id = facts.territory_id",
                none="No territory",
                filter="territory_id",
            ),
            # Every territory with all below it: a row counts once for each of its ancestors.
            Dimension(
                "territory",
                "Territory",
                "territory",
                "closure.ancestor_id",
                _TERRITORY_LABELS,
                join="left join dim_territory_closure as closure "
                "on closure.territory_id = facts.territory_id",
                none="No territory",
                filter="territory_id",
            ),
            # What belongs to a territory itself, and to none below it.
            Dimension(
                "own_territory",
                "Territory itself",
                "territory",
                "facts.territory_id",
                _TERRITORY_LABELS,
                none="No territory",
                filter="own_territory_id",
            ),
            Dimension(
                "product",
                "Product",
                "product",
                "facts.product_id",
                "select product.product_id as key, product.name as label, 0 as depth, '' as position "
                "from dim_product as product",
                none="No product",
                filter="product_id",
            ),
            Dimension(
                "category",
                "Category",
                "product",
                "product.category",
                "select distinct product.category as key, product.category_name as label, 0 as depth, "
                "'' as position from dim_product as product",
                join="left join dim_product as product on product.product_id = facts.product_id",
                none="No product",
                filter="category",
            ),
            Dimension(
                "source",
                "Source",
                "source",
                "facts.source_id",
                "select source.source_id as key, source.name as label, 0 as depth, '' as position "
                "from dim_source as source",
                none="No source",
                filter="source_id",
            ),
            Dimension(
                "stage",
                "Stage",
                "stage",
                "facts.stage",
                "select stage.stage as key, stage.label, 0 as depth, "
                "lpad(stage.rank::varchar, 4, '0') as position "
                "from dim_stage as stage where stage.kind = {kind}",
                none="No stage",
                filter="stage",
            ),
        )
    }
)
