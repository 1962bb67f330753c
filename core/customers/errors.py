"""The ways in which customers say no."""

from __future__ import annotations

from collections.abc import Sequence

from core.customers.records import LikelyCustomer
from core.kit.errors import Refusal


class CustomerExists(Refusal):
    """Somebody like this is a customer already; going on needs a reason.

    Customers outside the viewer's book are told by whose they are alone.
    """

    code = "customer_exists"

    def __init__(self, matches: Sequence[LikelyCustomer]) -> None:
        told = [match.code if match.is_visible else f"a customer of {match.owner}" for match in matches]
        super().__init__(
            f"This may be a customer already: {', '.join(dict.fromkeys(told))}.",
            remedy="Open that customer or ask its agent, or say why a new one is needed.",
            field="duplicates_reason",
        )
        self.matches = tuple(matches)
