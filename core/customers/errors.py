"""The ways in which customers say no."""

from __future__ import annotations

from collections.abc import Sequence

from core.customers.records import CustomerMatch
from core.kit.errors import Refusal


class CustomerExists(Refusal):
    """Somebody like this is a customer already; going on needs a reason."""

    code = "customer_exists"

    def __init__(self, matches: Sequence[CustomerMatch]) -> None:
        codes = ", ".join(match.code for match in matches)
        super().__init__(
            f"This may be a customer already: {codes}.",
            remedy="Open that customer, or say why a new one is needed.",
            field="duplicates_reason",
        )
        self.matches = tuple(matches)
