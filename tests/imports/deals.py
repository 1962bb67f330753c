"""A small file of deals from elsewhere: its header and how it is mapped."""

from __future__ import annotations

from typing import Any

DEALS: dict[str, Any] = {
    "entity": "opportunity",
    "source": "old_crm",
    "key": ["id"],
    "fields": {
        "name": {"column": "name"},
        "stage": {
            "column": "stage",
            "values": {
                "Open": "prospecting",
                "Talks": "qualification",
                "Won": "closed_won",
                "Lost": "closed_lost",
            },
        },
        "account": {"column": "account", "create": {}},
        "owner": {"column": "owner"},
        "opened_on": {"column": "opened", "date_format": "%d.%m.%Y"},
        "closed_on": {"column": "closed", "date_format": "%d.%m.%Y"},
        "won_value": {
            "column": "value",
            "decimal": ",",
            "thousands": ".",
            "when": {"stage": ["closed_won"]},
        },
        "lost_reason": {"column": "why", "when": {"stage": ["closed_lost"]}},
    },
}
HEADER = "id;name;stage;account;owner;opened;closed;value;why"


def changed(**changed: Any) -> dict[str, Any]:
    """The fields of deals, with some replaced; None leaves one out."""
    return {name: source for name, source in {**DEALS["fields"], **changed}.items() if source is not None}
