"""What is read of PostgreSQL: the tables, their columns, and how each column crosses over.

No password, no contact and no birth date is named here, and of people only staff have names.
A column that is not listed does not exist for the figures.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """One table of PostgreSQL, read into `stg_<name>` by `etl/staging/stg_<name>.sql`.

    `plain` columns cross as they are, `labels` (enums) as text, and `hundredths` (money and
    percentages with two decimals) as whole cents, because the driver hands numerics over as text.
    """

    name: str
    table: str
    plain: tuple[str, ...]
    labels: tuple[str, ...] = ()
    hundredths: tuple[str, ...] = ()
    where: str = "true"

    @property
    def query(self) -> str:
        """The SELECT that PostgreSQL runs."""
        columns = (
            *self.plain,
            *(f"{name}::text as {name}" for name in self.labels),
            *(f"({name} * 100)::int8 as {name}" for name in self.hundredths),
        )
        return f"select {', '.join(columns)} from {self.table} where {self.where}"  # noqa: S608 - ours

    @property
    def totals_query(self) -> str:
        """The SELECT that PostgreSQL answers the check with: rows, then the sum of each amount."""
        sums = (f"coalesce(sum({name}), 0)" for name in self.hundredths)
        return f"select {', '.join(('count(*)', *sums))} from {self.table} where {self.where}"  # noqa: S608


SOURCES: tuple[Source, ...] = (
    Source(
        "user",
        "users",
        plain=("id", "first_name", "last_name", "is_active"),
        labels=("role",),
        where="role <> 'customer'",
    ),
    Source(
        "territory",
        "territories",
        plain=("id", "name", "code", "manager_id", "parent_territory_id", "is_active"),
    ),
    Source(
        "agent",
        "agents",
        plain=("id", "user_id", "agent_code", "territory_id", "reporting_manager_id", "joined_on"),
        labels=("commission_tier", "status"),
        hundredths=("target_monthly",),
    ),
    Source("category", "product_categories", plain=("name",), labels=("category", "line")),
    Source(
        "product",
        "products",
        plain=("id", "product_code", "name", "is_active"),
        labels=("category", "premium_type"),
    ),
    Source(
        "source",
        "lead_sources",
        plain=("id", "name", "is_active"),
        labels=("type",),
        hundredths=("cost_per_lead",),
    ),
    Source("lost_reason", "lost_reasons", plain=("id", "name", "is_active"), labels=("category",)),
    Source(
        "account",
        "accounts",
        plain=("id", "account_code", "name", "industry", "country", "agent_id", "territory_id"),
    ),
    Source(
        "customer",
        "customers",
        plain=(
            "id",
            "customer_code",
            "state",
            "source",
            "agent_id",
            "territory_id",
            "account_id",
            "archived_at",
            "created_at",
        ),
    ),
    Source(
        "lead",
        "leads",
        plain=(
            "id",
            "lead_code",
            "customer_id",
            "account_id",
            "source_id",
            "product_interest",
            "status_changed_at",
            "reopen_count",
            "closed_at",
            "assigned_to",
            "territory_id",
            "lost_reason_id",
            "state",
            "created_at",
        ),
        labels=("status", "furthest_status", "priority"),
        hundredths=("expected_premium",),
    ),
    Source(
        "opportunity",
        "opportunities",
        plain=(
            "id",
            "opportunity_code",
            "name",
            "lead_id",
            "account_id",
            "customer_id",
            "product_id",
            "source_id",
            "status_changed_at",
            "expected_close_date",
            "opened_on",
            "closed_on",
            "reopen_count",
            "assigned_to",
            "territory_id",
            "lost_reason_id",
            "created_at",
        ),
        labels=("stage", "furthest_stage", "priority"),
        hundredths=("estimated_value", "won_value"),
    ),
    Source(
        "stage_change",
        "status_history",
        plain=("id", "entity", "entity_id", "from_status", "to_status", "at"),
        where="entity in ('lead', 'opportunity')",
    ),
    Source(
        "followup",
        "followups",
        plain=(
            "id",
            "lead_id",
            "customer_id",
            "opportunity_id",
            "agent_id",
            "scheduled_at",
            "completed_at",
            "duration_minutes",
        ),
        labels=("type", "direction", "status"),
    ),
    Source(
        "appointment",
        "appointments",
        plain=(
            "id",
            "lead_id",
            "customer_id",
            "opportunity_id",
            "agent_id",
            "scheduled_datetime",
            "ends_at",
            "actual_datetime",
        ),
        labels=("appointment_type", "mode", "status"),
    ),
    Source(
        "policy",
        "policies",
        plain=(
            "id",
            "policy_number",
            "customer_id",
            "product_id",
            "agent_id",
            "territory_id",
            "lead_id",
            "application_date",
            "issue_date",
            "effective_date",
            "expiry_date",
            "end_date",
            "riders_count",
            "archived_at",
        ),
        labels=("payment_frequency", "payment_method", "status", "end_reason"),
        hundredths=("sum_assured", "premium_amount", "total_rider_premium"),
    ),
    Source(
        "claim",
        "claims",
        plain=(
            "id",
            "claim_number",
            "policy_id",
            "customer_id",
            "agent_id",
            "territory_id",
            "loss_date",
            "reported_date",
            "documents_complete_on",
            "decided_on",
            "settled_on",
            "closed_on",
            "rejection_code",
            "fraud_points",
            "is_fraud_suspected",
        ),
        labels=("loss_type", "status"),
        hundredths=(
            "estimated_amount",
            "assessed_amount",
            "approved_amount",
            "paid_amount",
            "reserve_amount",
        ),
    ),
    Source(
        "commission",
        "commissions",
        plain=("id", "policy_id", "agent_id", "period_start", "period_end", "payment_date"),
        labels=("commission_type", "status"),
        hundredths=("premium_amount", "commission_rate", "commission_amount"),
    ),
    # What the last refresh wrote back, so that this one writes only what has changed.
    Source(
        "written_sales",
        "daily_sales_summary",
        plain=("date", "agent_id", "territory_id", "product_id", "policies_sold"),
        hundredths=("total_premium", "total_sum_assured"),
    ),
    Source(
        "written_performance",
        "agent_performance_metrics",
        plain=(
            "agent_id",
            "metric_date",
            "leads_assigned",
            "leads_contacted",
            "appointments_scheduled",
            "appointments_completed",
            "proposals_sent",
            "policies_sold",
            "calls_made",
            "emails_sent",
        ),
        hundredths=("premium_collected", "commission_earned", "conversion_rate"),
    ),
)
