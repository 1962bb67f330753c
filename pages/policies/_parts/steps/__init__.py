"""The steps of the entry: what each asks, and the application that comes of it."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from core.access import Viewer
from core.policies import Application, Draft
from pages.policies._parts import documents
from pages.policies._parts.steps import beneficiaries, customer, product, riders

DRAWN: MappingProxyType[str, Callable[[Draft, Viewer], Application]] = MappingProxyType(
    {
        "customer": customer.ask,
        "product": product.ask,
        "riders": riders.ask,
        "beneficiaries": beneficiaries.ask,
        "documents": documents.of_draft,
    }
)
