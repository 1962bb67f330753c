"""What a move may need, and the field that asks for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import MappingProxyType

from pages._ui import forms
from pages._ui.contacts import conversation
from pages.sales._parts import choices
from pages.sales._parts.kinds import DealKind, Detail

CUSTOMER = "customer_id"
PARTY = "party"
CONTACT = "completed_followup"
PARTIES = MappingProxyType({CUSTOMER: ("customer_id",), PARTY: ("account_id", "customer_id", "lead_id")})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a field of a move is drawn from."""

    form: forms.Form
    kind: DealKind
    detail: Detail
    known: choices.Choices


def _contact(asked: Asked) -> None:
    planned = tuple(one for one in asked.detail.followups if one.status == "planned")
    conversation.fields(asked.form, planned)


def _lost_reason(asked: Asked) -> None:
    asked.form.choice(
        "lost_reason_id",
        "Why was it lost?",
        asked.known.lost_options,
        required="Choose why it was lost.",
    )


def _lost_note(asked: Asked) -> None:
    asked.form.area("lost_note", "Note", max_chars=1000)


def _product(asked: Asked) -> None:
    asked.form.choice(
        asked.kind.product_field, "Product of interest", asked.known.product_options, required=True
    )


def _value(asked: Asked) -> None:
    asked.form.money(asked.kind.value_field, asked.kind.value_label, required=True)


def _won_value(asked: Asked) -> None:
    asked.form.money("won_value", "Agreed value", required=True)


def _consent(asked: Asked) -> None:
    asked.form.check("contact_consent", "The person agreed to be contacted")


def _close_date(asked: Asked) -> None:
    asked.form.date("expected_close_date", "Expected close date", required=True)


# How each need is asked for. A need without a row can't be met here, and is told instead.
FIELDS: MappingProxyType[str, Callable[[Asked], None]] = MappingProxyType(
    {
        CONTACT: _contact,
        "product_interest": _product,
        "expected_premium": _value,
        "estimated_value": _value,
        "expected_close_date": _close_date,
        "contact_consent": _consent,
        "won_value": _won_value,
        "lost_reason_id": _lost_reason,
        "lost_note": _lost_note,
    }
)


def can_be_answered(needs: Iterable[str]) -> bool:
    """Whether a form can ask for everything that is missing."""
    return all(has_field(need) or need == "reason" for need in needs)


def has_field(need: str) -> bool:
    """Whether there is a field that asks for it."""
    return need in FIELDS or need in PARTIES
