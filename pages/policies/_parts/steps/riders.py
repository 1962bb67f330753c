"""The step that offers the riders of the product."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core import catalog, policies
from core.access import Viewer
from core.catalog import RiderBasis, RiderChoice
from core.kit.errors import Invalid
from core.policies import Application, Draft
from pages._ui import errors, forms, viewing
from pages._ui import format as fmt
from pages.policies._parts import drafting, premium


def ask(draft: Draft, viewer: Viewer) -> Application:
    """The riders that the product offers, each with what it costs."""
    given = draft.application
    if given.product_id is None:
        st.info("Choose the product first.", icon=":material/info:")
        return given
    with errors.told() as outcome:
        table = catalog.rate_table(given.product_id, given.effective_date or viewing.today(), by=viewer)
    if not outcome.ok:
        return given
    if not table.riders:
        st.markdown("This product has no riders: there is nothing to choose here.")
        return given
    has = {one.rider_type: one.sum_assured for one in given.riders}
    whole = given.sum_assured or Decimal(0)
    start: dict[str, object] = {one.rider_type.value: one.rider_type in has for one in table.riders}
    start |= {f"{one.rider_type.value}.sum": has.get(one.rider_type, whole) for one in table.riders}
    form = forms.Form(drafting.form_name(draft.id, "riders"), initial=start)
    wanted: list[RiderChoice] = []
    for one in table.riders:
        name = one.rider_type.value
        is_wanted = form.check(name, fmt.spoken(one.name))
        st.caption(fmt.plain(premium.rider_rate(one)))
        if not is_wanted:
            continue
        amount = whole
        if one.basis is RiderBasis.PER_MILLE:
            with st.container(width=260):
                form.money(f"{name}.sum", f"Sum of {fmt.spoken(one.name.lower())}")
            is_readable = not form.unreadable(f"{name}.sum")
            amount = (form.amount(f"{name}.sum") if is_readable else None) or Decimal(0)
        wanted.append(RiderChoice(one.rider_type, amount))
    application = drafting.with_changes(draft, riders=tuple(wanted))
    _tell_problems(form, application, viewer)
    return application


def _tell_problems(form: forms.Form, application: Application, viewer: Viewer) -> None:
    """What is wrong with a rider, beside its sum or its box."""
    found = {}
    for field, told in policies.quote(application, by=viewer, today=viewing.today()).wrong.items():
        group, _, name = field.partition(".")
        if group == "riders":
            found[f"{name}.sum" if f"{name}.sum" in form.values else name] = told
    found |= form.unreadable(*(name for name in form.values if name.endswith(".sum")))
    with form.keeping():
        if found:
            raise Invalid(found)
