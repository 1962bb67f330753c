"""What somebody read before they submitted an application, against what it is by now (quality.md R3)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.kit.errors import Conflict


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The version of a draft and its premium a year, None where there was none, as they were read."""

    version: int
    annual: Decimal | None

    def check_version(self, version: int, annual: Decimal | None) -> None:
        """Raises Conflict when another tab has saved the draft since."""
        if version != self.version:
            raise self._conflict("Another tab has saved this application since you read it", annual)

    def check_annual(self, annual: Decimal | None) -> None:
        """Raises Conflict when it costs something else by now."""
        if annual != self.annual:
            raise self._conflict("This application costs something else by now", annual)

    def _conflict(self, what: str, annual: Decimal | None) -> Conflict:
        if annual != self.annual:
            what += f": the premium is {_told(annual)}, and was {_told(self.annual)}"
        return Conflict(
            f"{what}. Nothing was submitted.", remedy="Read it as it is now, then submit it again."
        )


def _told(annual: Decimal | None) -> str:
    return "not known" if annual is None else f"${annual:,.2f} a year"
