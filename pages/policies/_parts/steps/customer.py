"""The step that asks who applies."""

from __future__ import annotations

import streamlit as st

from core.access import Viewer
from core.policies import Application, Draft
from pages._ui import errors
from pages.policies._parts import applicant, drafting


def ask(draft: Draft, viewer: Viewer) -> Application:
    """Who applies; choosing somebody goes on to the product.

    Nothing is drawn and the session state is left alone from the creation of a customer until the
    draft has it: there the run could stop, and who was created would have to be entered again.
    """
    known = drafting.seen(draft)
    chosen = applicant.choose(f"entry.{draft.id}", draft.application.customer_id, viewer)
    application = drafting.with_customer(draft, chosen, viewer)
    if chosen != draft.application.customer_id:
        kept = drafting.keep(draft, application, "product", viewer, known=known)
        if kept.application.lead_id != draft.application.lead_id:
            errors.flash("Somebody else came of the lead: this application is without it")
        drafting.show(kept.id, "product")
        st.rerun()
    return application
