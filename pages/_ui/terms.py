"""Stored words as people read them, and the members of enumerations to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from pages._ui.filters import Option

_SPELLED = MappingProxyType(
    {
        "ulip": "Unit-linked",
        "property_casualty": "Property and casualty",
        "email": "E-mail",
        "sms": "Text message",
        "demo": "Presentation",
        "semi-annual": "Half-yearly",
        "annual": "Yearly",
        "rider_added": "Rider added",
        "customer": "The customer's wish",
        "id_proof": "Proof of identity",
        "address_proof": "Proof of address",
        "income_proof": "Proof of income",
        "contact": "First contact",
        "0-50k": "Up to $50K",
        "50k-100k": "$50K to $100K",
        "100k-250k": "$100K to $250K",
        "250k+": "Above $250K",
    }
)


def label(value: object) -> str:
    """A stored word as people read it: "critical_illness" is "Critical illness"."""
    text = str(value)
    return _SPELLED.get(text, text.replace("_", " ").capitalize())


def options(values: Iterable[object]) -> list[Option]:
    """Stored words to choose from, in their order."""
    return [Option(str(one), label(one)) for one in values]
