"""A small published warehouse of given rows, in the shape of the marts.

The tables are those that the queries read; the test of the ETL checks that its marts have them too.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import duckdb
import pyarrow as pa

from core.sales.status import LEAD, OPPORTUNITY, STAGE_WEIGHT
from queries import warehouse as reader

MARTS: Mapping[str, str] = MappingProxyType(
    {
        "dim_agent": "user_id bigint, agent_code varchar, name varchar, role varchar, territory_id bigint, "
        "manager_user_id bigint, manager_name varchar, joined_on date, status varchar, "
        "target_monthly decimal(18, 2)",
        "dim_territory": "territory_id bigint, code varchar, name varchar, parent_id bigint, "
        "depth integer, office_id bigint, office_name varchar",
        "dim_territory_closure": "ancestor_id bigint, territory_id bigint",
        "dim_product": "product_id bigint, code varchar, name varchar, category varchar, "
        "category_name varchar, line varchar",
        "dim_source": "source_id bigint, name varchar, type varchar, cost_per_lead decimal(18, 2)",
        "dim_stage": "kind varchar, stage varchar, label varchar, rank integer, weight decimal(5, 4), "
        "is_open boolean, is_won boolean, is_lost boolean",
        "fct_deal": "kind varchar, deal_id bigint, code varchar, title varchar, agent_id bigint, "
        "territory_id bigint, product_id bigint, source_id bigint, account_id bigint, customer_id bigint, "
        "priority varchar, stage varchar, furthest_rank integer, is_open boolean, is_won boolean, "
        "is_lost boolean, created_on date, opened_on date, closed_on date, created_month date, "
        "closed_month date, expected_value decimal(18, 2), won_value decimal(18, 2), "
        "weighted_value decimal(18, 2), days_to_close integer",
        "fct_followup": "followup_id bigint, deal_kind varchar, deal_id bigint, agent_id bigint, "
        "territory_id bigint, type varchar, direction varchar, status varchar, scheduled_on date, "
        "completed_on date, is_completed boolean, duration_minutes integer",
        "fct_policy": "policy_id bigint, policy_number varchar, customer_id bigint, product_id bigint, "
        "agent_id bigint, territory_id bigint, lead_id bigint, application_date date, issue_date date, "
        "issue_month date, effective_date date, expiry_date date, end_date date, end_reason varchar, "
        "status varchar, is_in_force boolean, is_sale boolean, premium_amount decimal(18, 2), "
        "annual_premium decimal(18, 2), sum_assured decimal(18, 2)",
        "fct_claim": "claim_id bigint, claim_number varchar, policy_id bigint, product_id bigint, "
        "agent_id bigint, territory_id bigint, loss_date date, reported_date date, status varchar, "
        "estimated_amount decimal(18, 2), paid_amount decimal(18, 2), reserve_amount decimal(18, 2)",
    }
)
SNAPSHOT = datetime(2026, 1, 31, 23, 0, tzinfo=UTC)
_LIFECYCLES = {"lead": LEAD, "opportunity": OPPORTUNITY}


class Warehouse:
    """Rows by table, given one by one; `publish` writes and points at a file."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.rows: dict[str, list[Mapping[str, object]]] = {name: [] for name in MARTS}
        self.rows["dim_stage"] = list(_stages())
        self._ids = itertools.count(1)
        self._versions = itertools.count(1)

    def add(self, table: str, **row: object) -> None:
        self.rows[table].append(row)

    def agent(self, user_id: int, name: str, *, territory: int | None = None, manager: int | None = None):
        self.add(
            "dim_agent",
            user_id=user_id,
            name=name,
            territory_id=territory,
            manager_user_id=manager,
            manager_name=None if manager is None else self._name_of(manager),
        )

    def territory(self, territory_id: int, name: str, *, parent: int | None = None) -> None:
        """Offices are the roots, so a tree's first level (the brief of dim_territory)."""
        above = [] if parent is None else self._ancestors(parent)
        office = above[0] if above else territory_id
        named = {row["territory_id"]: row["name"] for row in self.rows["dim_territory"]}
        self.add(
            "dim_territory",
            territory_id=territory_id,
            code=name.upper(),
            name=name,
            parent_id=parent,
            depth=len(above),
            office_id=office,
            office_name=named.get(office, name),
        )
        for ancestor in [*above, territory_id]:
            self.add("dim_territory_closure", ancestor_id=ancestor, territory_id=territory_id)

    def product(self, product_id: int, name: str, *, category: str = "term") -> None:
        self.add(
            "dim_product",
            product_id=product_id,
            name=name,
            category=category,
            category_name=category.title(),
        )

    def source(self, source_id: int, name: str) -> None:
        self.add("dim_source", source_id=source_id, name=name)

    def deal(
        self,
        stage: str,
        created_on: date,
        closed_on: date | None = None,
        *,
        kind: str = "lead",
        furthest: str | None = None,
        value: Decimal | int | None = None,
        opened_on: date | None = None,
        **columns: object,
    ) -> int:
        """One lead or opportunity; flags, weight and days follow from stage and dates."""
        lifecycle = _LIFECYCLES[kind]
        flags = lifecycle[stage].flags
        number = next(self._ids)
        amount = None if value is None else Decimal(value)
        weight = STAGE_WEIGHT[kind][stage]
        reached = furthest or (lifecycle.start if "lost" in flags else stage)
        row = {
            "kind": kind,
            "deal_id": number,
            "code": f"{kind[0].upper()}-{number:06}",
            "stage": stage,
            "furthest_rank": _rank(kind, reached),
            "is_open": "open" in flags,
            "is_won": "won" in flags,
            "is_lost": "lost" in flags,
            "created_on": created_on,
            "opened_on": opened_on,
            "closed_on": closed_on,
            "expected_value": amount,
            "won_value": amount if "won" in flags else None,
            "weighted_value": amount * weight if amount is not None and "open" in flags else None,
            "days_to_close": None if closed_on is None else (closed_on - (opened_on or created_on)).days,
        }
        self.add("fct_deal", **row, **columns)
        return number

    def publish(self, version: str = "", snapshot_at: datetime = SNAPSHOT) -> reader.Published:
        """Write the rows as a new version and point at it."""
        version = version or f"v{next(self._versions)}"
        self.directory.mkdir(parents=True, exist_ok=True)
        path = self.directory / f"policydesk-{version}.duckdb"
        with duckdb.connect(path) as connection:
            for table, columns in MARTS.items():
                connection.execute(f"create table {table} ({columns})")
                if self.rows[table]:
                    names = dict.fromkeys(name for row in self.rows[table] for name in row)
                    given = pa.table({one: [row.get(one) for row in self.rows[table]] for one in names})
                    connection.register("given", given)
                    connection.execute(f"insert into {table} by name select * from given")
                    connection.unregister("given")
        told = {
            "version": version,
            "file": path.name,
            "snapshot_at": snapshot_at.isoformat(),
            "published_at": snapshot_at.isoformat(),
            "counts": {table: len(rows) for table, rows in self.rows.items()},
        }
        pointer = self.directory / reader.POINTER
        new = pointer.with_suffix(".new")
        new.write_text(json.dumps(told), encoding="utf-8")
        new.replace(pointer)
        return reader.published()

    def _name_of(self, user_id: int) -> object:
        return next((row["name"] for row in self.rows["dim_agent"] if row["user_id"] == user_id), None)

    def _ancestors(self, territory_id: int) -> list[int]:
        found = [
            row["ancestor_id"]
            for row in self.rows["dim_territory_closure"]
            if row["territory_id"] == territory_id
        ]
        return [key for key in found if isinstance(key, int)]


def _rank(kind: str, stage: str) -> int:
    return [status.value for status in _LIFECYCLES[kind].statuses].index(stage) + 1


def _stages() -> Iterable[dict[str, object]]:
    for kind, lifecycle in _LIFECYCLES.items():
        for status in lifecycle.statuses:
            yield {
                "kind": kind,
                "stage": status.value,
                "label": status.label,
                "rank": _rank(kind, status.value),
                "weight": STAGE_WEIGHT[kind][status.value],
                "is_open": "open" in status.flags,
                "is_won": "won" in status.flags,
                "is_lost": "lost" in status.flags,
            }
