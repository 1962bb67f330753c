"""The lists that the filters of policies choose from, asked for once a minute and scope."""

from __future__ import annotations

from dataclasses import dataclass

from core import catalog, people
from core.access import Viewer
from pages._ui.choices import kept
from pages._ui.filters import Option


@dataclass(frozen=True, slots=True)
class Choices:
    """What a viewer may narrow policies by."""

    products: tuple[catalog.ProductChoice, ...]
    agents: tuple[people.AgentRecord, ...]
    territories: tuple[people.TerritoryRecord, ...]

    @property
    def product_options(self) -> list[Option]:
        """Products by name."""
        return [Option(str(one.id), one.name) for one in self.products]

    @property
    def agent_options(self) -> list[Option]:
        """Agents with their territory, which tells two of a name apart."""
        return [Option(str(one.user_id), f"{one.name} · {one.territory}") for one in self.agents]

    @property
    def territory_options(self) -> list[Option]:
        """Territories in the order of the tree."""
        return [Option(str(one.id), one.name) for one in self.territories]


def of(viewer: Viewer) -> Choices:
    """The viewer's choices, at most a minute old."""
    return kept(_asked, viewer)


def _asked(viewer: Viewer) -> Choices:
    return Choices(
        products=catalog.products(by=viewer),
        agents=people.agents(by=viewer, with_former=True),
        territories=people.territories(by=viewer),
    )
