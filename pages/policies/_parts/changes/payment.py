"""How often and by which means a policy is paid from a day on."""

from __future__ import annotations

from core import policies
from core.access import Permission
from core.policies import PaymentFrequency, PaymentMethod, PolicyDetail
from pages._ui import forms, guard, terms
from pages.policies._parts.changes.sending import Subject, first_day, send


def change(detail: PolicyDetail, name: str, _: Subject) -> None:
    """The form, as it is paid now."""
    viewer = guard.viewer(Permission.POLICIES_ENTER)
    start_values = {
        "frequency": detail.row.frequency,
        "method": detail.payment_method,
        "effective_date": first_day(detail),
    }
    form = forms.Form(name, initial=start_values)
    with form.body():
        form.choice("frequency", "How often", terms.options(PaymentFrequency), required="Choose how often.")
        form.choice("method", "By", terms.options(PaymentMethod), required="Choose how it is paid.")
        form.date("effective_date", "From", required="Enter from when on.")
        sent = form.submit("Change", icon=":material/save:")
    if sent:
        values = form.values
        send(
            form, detail, viewer, told="payment changed",
            act=lambda version: policies.change_payment(
                detail.row.id, frequency=PaymentFrequency(values["frequency"]),
                method=PaymentMethod(values["method"]), effective_date=values["effective_date"],
                version=version, by=viewer,
            ),
        )  # fmt: skip
