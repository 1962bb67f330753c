"""Every read of the analytic copy x role x {own, subtree, foreign, missing} (quality.md D10)."""

from __future__ import annotations

import inspect
from datetime import date

import pytest

import queries
from core.access import GRANTS, SEES_ALL_ROWS, Permission, Role, Viewer
from core.kit.dates import Period
from core.kit.errors import NotAllowed
from core.kit.settings import settings
from queries import Filters, warehouse
from tests.factories.warehouse import Warehouse

JANUARY = Filters(Period(date(2026, 1, 1), date(2026, 2, 1)))
TODAY = date(2026, 1, 31)
OWN, SUBTREE, FOREIGN, MISSING = 11, 12, 13, 99
READS = {
    name: found
    for name in queries.__all__
    if inspect.isfunction(found := getattr(queries, name)) and "by" in inspect.signature(found).parameters
}


def total(groups):
    return sum(group.of("won_count") or 0 for group in groups)


# How many won leads each read shows to the viewer of what the filters narrow to.
SHOWN = {
    "value": lambda f, v: queries.value("won_count", f, today=TODAY, by=v).now.value,
    "values": lambda f, v: queries.values(("won_count",), f, today=TODAY, by=v)["won_count"].now.value,
    "series": lambda f, v: sum(
        point.value.value for point in queries.series(("won_count",), f, today=TODAY, by=v)["won_count"]
    ),
    "breakdown": lambda f, v: total(queries.breakdown(("won_count",), "agent", f, by=v)),
    "funnel": lambda f, v: queries.funnel(f, by=v)[-1].reached,
    "rows": lambda f, v: len(queries.rows("won_count", f, by=v).records),
    "choices": lambda f, v: [choice.key for choice in queries.choices("agent", by=v)].count(f.agent_id),
}


@pytest.fixture(scope="module")
def company(tmp_path_factory):

    with pytest.MonkeyPatch.context() as patch:
        directory = tmp_path_factory.mktemp("warehouse")
        patch.setenv("POLICYDESK_WAREHOUSE_DIR", str(directory))
        settings.cache_clear()
        made = Warehouse(directory)
        made.territory(1, "East")
        made.territory(2, "West")
        for agent, area in ((OWN, 2), (SUBTREE, 1), (FOREIGN, 2)):
            made.agent(agent, f"Agent {agent}", territory=area)
            made.deal("won", date(2026, 1, 2), date(2026, 1, 3), agent_id=agent, territory_id=area)
        made.publish()
        yield
        warehouse.close()
    settings.cache_clear()


def viewer(role: Role) -> Viewer:
    """User 11; managers also see the territory of user 12, whose line they do not lead."""
    areas = frozenset({1}) if role is Role.MANAGER else frozenset()
    return Viewer(OWN, "v", "V", role, agent_ids=frozenset({OWN}), territory_ids=areas)


def sees(role: Role, whose: int) -> bool:
    if whose == MISSING:
        return False
    return role in SEES_ALL_ROWS or whose == OWN or (whose == SUBTREE and role is Role.MANAGER)


def test_every_read_has_a_gate_and_a_case_here():
    assert set(READS) == set(SHOWN)
    for name, function in READS.items():
        assert function.__gate__.permission is Permission.KPIS_VIEW, name


@pytest.mark.parametrize("name", sorted(SHOWN))
@pytest.mark.parametrize("role", list(Role))
def test_a_read_shows_a_role_what_is_in_its_scope_and_nothing_else(company, role, name):
    for whose in (OWN, SUBTREE, FOREIGN, MISSING):
        ask = (JANUARY.narrowed(agent_id=whose), viewer(role))
        if Permission.KPIS_VIEW not in GRANTS[role]:
            with pytest.raises(NotAllowed):
                SHOWN[name](*ask)
        else:
            assert SHOWN[name](*ask) == int(sees(role, whose)), whose
