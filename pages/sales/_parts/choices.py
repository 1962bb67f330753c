"""The lists that filters and forms choose from, asked for once a minute and scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import streamlit as st

from core import catalog, sales
from core.access import Viewer
from pages._ui.filters import Option


@dataclass(frozen=True, slots=True)
class Choices:
    """What a viewer may choose from."""

    owners: tuple[sales.OwnerChoice, ...]
    territories: tuple[sales.Named, ...]
    sources: tuple[sales.Named, ...]
    products: tuple[catalog.ProductChoice, ...]
    lost_reasons: tuple[sales.LostReasonChoice, ...]

    @property
    def owner_options(self) -> list[Option]:
        """Owners with their territory, which tells two of a name apart."""
        return [
            Option(str(one.id), f"{one.name} · {one.territory}" if one.territory else one.name)
            for one in self.owners
        ]

    @property
    def territory_options(self) -> list[Option]:
        """Territories by name."""
        return [Option(str(one.id), one.name) for one in self.territories]

    @property
    def source_options(self) -> list[Option]:
        """Lead sources by name."""
        return [Option(str(one.id), one.name) for one in self.sources]

    @property
    def product_options(self) -> list[Option]:
        """Products by name."""
        return [Option(str(one.id), one.name) for one in self.products]

    @property
    def lost_options(self) -> list[Option]:
        """Lost reasons; those that need a note say so."""
        return [
            Option(str(one.id), f"{one.name} (needs a note)" if one.needs_note else one.name)
            for one in self.lost_reasons
        ]


def of(viewer: Viewer) -> Choices:
    """The viewer's choices, at most a minute old."""
    return _choices(viewer.scope_key, viewer.user_id, viewer)


@st.cache_data(ttl=timedelta(minutes=1), max_entries=500, show_spinner=False)
def _choices(
    scope: tuple[object, ...],  # noqa: ARG001 - part of the key, as the next one
    user_id: int,  # noqa: ARG001
    _viewer: Viewer,
) -> Choices:
    return Choices(
        owners=sales.owners(by=_viewer),
        territories=sales.territories(by=_viewer),
        sources=sales.lead_sources(by=_viewer),
        products=catalog.products(by=_viewer),
        lost_reasons=sales.lost_reasons(by=_viewer),
    )
