"""What the filters of a page offer: the members of a dimension that lie in the viewer's scope."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from core.access import Permission, Viewer, read
from queries import warehouse
from queries.conditions import Bound
from queries.dimensions import DIMENSIONS
from queries.warehouse import Published

# Not the stages: they belong to leads or to opportunities.
Filterable = Literal["agent", "manager", "office", "territory", "product", "category", "source"]

# People and territories outside the viewer's scope are not named.
_MY_AGENTS = """
members.key in (
    select agent.user_id
    from dim_agent as agent
    where agent.user_id in (select unnest({agents}::bigint[]))
        or agent.territory_id in (select unnest({territories}::bigint[]))
)
"""
_MY_TERRITORIES = "members.key in (select unnest({territories}::bigint[]))"
_SCOPED = MappingProxyType(
    {
        "agent": _MY_AGENTS,
        "manager": _MY_AGENTS.replace("select agent.user_id", "select agent.manager_user_id"),
        "territory": _MY_TERRITORIES,
        "office": _MY_TERRITORIES,
    }
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One member: the key that a filter takes, its label, and its level in a tree."""

    key: int | str
    label: str
    depth: int = 0


@read(Permission.KPIS_VIEW)
def choices(dimension: Filterable, *, by: Viewer, at: Published | None = None) -> tuple[Choice, ...]:
    """The members of a dimension to filter by, in the order to list them."""
    bound = Bound()
    condition = "true"
    if not by.sees_all and dimension in _SCOPED:
        mine = {"territories": bound.name(sorted(by.territory_ids))}
        if "{agents}" in _SCOPED[dimension]:
            mine["agents"] = bound.name(sorted(by.agent_ids))
        condition = _SCOPED[dimension].format(**mine)
    text = f"""
        select members.key, members.label, members.depth
        from ({DIMENSIONS[dimension].labels}) as members
        where members.key is not null and {condition}
        order by members.position, members.label
    """  # noqa: S608 - the text is ours, every value is bound
    with warehouse.reading(at) as cursor:
        return tuple(Choice(*row) for row in cursor.execute(text, bound.values).fetchall())
