"""The templates that ship with the program: mappings, and bundles of files that belong together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from core.imports.errors import BadMapping
from core.imports.mapping import ImportMapping, read_mapping

TEMPLATES = Path(__file__).parent / "templates"


TITLES: Mapping[str, str] = MappingProxyType(
    {
        "auto_claims": "Motor claims: customers, policies and claims",
        "auto_claims_claims": "Motor claims: claims",
        "auto_claims_customers": "Motor claims: customers",
        "auto_claims_policies": "Motor claims: policies",
        "ibm_clv": "Customer lifetime value: products, customers, policies, claims and offers",
        "ibm_clv_claims": "Customer lifetime value: claims",
        "ibm_clv_customers": "Customer lifetime value: customers",
        "ibm_clv_offers": "Customer lifetime value: offers",
        "ibm_clv_policies": "Customer lifetime value: policies",
        "ibm_clv_products": "Customer lifetime value: products",
        "maven_accounts": "Sales pipeline: accounts",
        "maven_crm": "Sales pipeline: teams, products, accounts and opportunities",
        "maven_pipeline": "Sales pipeline: opportunities",
        "maven_products": "Sales pipeline: products",
        "maven_sales_teams": "Sales pipeline: teams",
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a bundle and the template that it is imported by."""

    file: str
    template: str


def title(name: str) -> str:
    """What a template or bundle is called on the page; a saved one is called as it was named.

    The names themselves are for the command line.
    """
    return TITLES.get(name, name)


@cache
def mappings() -> dict[str, ImportMapping]:
    """Every shipped mapping by its name."""
    return {name: read_mapping(content) for name, content in _contents() if "bundle" not in content}


@cache
def bundles() -> dict[str, tuple[Part, ...]]:
    """Every shipped bundle by its name, its files in the order of import."""
    return {
        name: tuple(Part(**part) for part in content["bundle"])
        for name, content in _contents()
        if "bundle" in content
    }


def parts_in(place: Path, bundle: str) -> list[tuple[Path, Part]]:
    """The bundle's files in a folder; a bundle of one file takes it under any name.

    Raises BadMapping naming the first that is not there.
    """
    found = bundles()[bundle]
    if place.is_file() and len({part.file for part in found}) == 1:
        return [(place, part) for part in found]
    parts = [(place / part.file, part) for part in found]
    for path, _part in parts:
        if not path.is_file():
            raise BadMapping(
                f"{bundle} needs {path.name}, which is not in {place}.",
                remedy="Put its files into one folder and name that.",
            )
    return parts


def _contents() -> list[tuple[str, dict[str, list[dict[str, str]]]]]:
    paths = sorted(TEMPLATES.glob("*.json"))
    return [(path.stem, json.loads(path.read_text(encoding="utf-8"))) for path in paths]
