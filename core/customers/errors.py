"""The ways in which customers say no."""

from __future__ import annotations

from collections.abc import Sequence

from core.customers.records import LikelyCustomer
from core.kit.errors import Refusal


class CustomerExists(Refusal):
    """Somebody like this is a customer already; going on needs a reason.

    Customers outside the viewer's book are told by whose they are alone. `is_new` says whether somebody
    is entered; otherwise a record is changed to what another one has.
    """

    code = "customer_exists"

    def __init__(self, matches: Sequence[LikelyCustomer], *, is_new: bool = True) -> None:
        told = [match.code if match.is_visible else f"a customer of {match.owner}" for match in matches]
        whose = ", ".join(dict.fromkeys(told))
        super().__init__(
            f"This may be a customer already: {whose}."
            if is_new
            else f"Another record has this already: {whose}.",
            remedy="Open that customer or ask its agent, or say why a new one is needed."
            if is_new
            else "Open that record or ask its agent, or say why both are right.",
            field="duplicates_reason",
        )
        self.matches = tuple(matches)
