"""The lists that filters and forms choose from, asked for once a minute and scope."""

from __future__ import annotations

from dataclasses import dataclass

from core import catalog, sales
from core.access import Viewer
from pages._ui.choices import kept
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
    return kept(_asked, viewer)


def _asked(viewer: Viewer) -> Choices:
    return Choices(
        owners=sales.owners(by=viewer),
        territories=sales.territories(by=viewer),
        sources=sales.lead_sources(by=viewer),
        products=catalog.products(by=viewer),
        lost_reasons=sales.lost_reasons(by=viewer),
    )
