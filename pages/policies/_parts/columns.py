"""The columns of the policy list, and which of them are shown when nobody has chosen."""

from __future__ import annotations

from collections.abc import Sequence

from core.access import Viewer
from core.policies import STATES, PolicyRow
from pages._ui import tables, terms
from pages._ui.filters import Option

ALL = (
    tables.Column("number", "Policy", kind="open", pinned=True, width=100),
    tables.Column("customer", "Customer", width=126),
    tables.Column(
        "status_label", "Status", kind="tag", width=104,
        tones=dict(STATES.values()),
    ),
    tables.Column("product", "Product", width=140),
    tables.Column("annual_premium", "Premium a year", kind="money", width=106),
    tables.Column("sum_assured", "Sum assured", kind="money", width=107),
    tables.Column("effective_date", "Cover begins", kind="date", width=98),
    tables.Column("cover_ends", "Cover ends", kind="date", width=96),
    tables.Column("agent", "Agent", width=125),
    tables.Column("territory", "Territory"),
    tables.Column("term_ends", "Term ends", kind="date", width=105),
    tables.Column("application_date", "Applied", kind="date", width=110),
    tables.Column("issue_date", "Issued", kind="date", width=110),
    tables.Column("frequency", "Paid"),
    tables.Column("category", "Category"),
)  # fmt: skip
USUAL = frozenset(column.name for column in ALL[:10])
OPTIONS = [Option(column.name, column.label) for column in ALL[1:]]


def shown(wanted: Sequence[str], viewer: Viewer, *, is_waiting: bool = False) -> tuple[tables.Column, ...]:
    """The number and the wanted columns, or the usual ones: of what waits also since when, in front."""
    if is_waiting and not wanted:
        applied = next(column for column in ALL if column.name == "application_date")
        usual = shown((), viewer)
        return (*usual[:2], applied, *usual[2:])
    if not wanted:
        of_all = [column for column in ALL if column.name in USUAL]
        return tables.without_owner(of_all, viewer, owner="agent")
    return tuple(column for column in ALL if column.name in {ALL[0].name, *wanted})


def record(row: PolicyRow) -> dict[str, object]:
    """A policy as the table and the file show it."""
    return {
        **{column.name: getattr(row, column.name) for column in ALL},
        "frequency": terms.label(row.frequency),
        "category": terms.label(row.category),
    }
