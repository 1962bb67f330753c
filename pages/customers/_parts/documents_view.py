"""Documents of a customer: uploaded, looked at, verified, downloaded."""

from __future__ import annotations

from core import customers
from core.access import Permission, Viewer
from core.documents import Upload
from pages._ui import empty, forms, papers, uploads


def show(customer_id: int, viewer: Viewer) -> None:
    """The list, with what the viewer may do to each."""
    if not viewer.can(Permission.DOCUMENTS_VIEW):
        empty.state("Your role does not open documents.", icon=":material/lock:")
        return

    def keep(upload: Upload, form: forms.Form, by: Viewer) -> None:
        customers.upload_document(
            customer_id, kind=upload.kind, name=upload.name, content=upload.content,
            expires_on=form.values["expires_on"], notes=form.values["notes"],
            request_id=form.request_id, by=by,
        )  # fmt: skip

    adding = uploads.Adding(f"upload.{customer_id}", uploads.LABEL, keep, has_notes=True)
    uploads.button(adding, viewer, look="primary")
    found = customers.documents(customer_id, by=viewer)
    if not found:
        empty.state("No document yet.", hint="KYC needs a proof of identity and one of address.")
    papers.show(found, papers.CUSTOMERS, viewer, locked=papers.MEDICAL_LOCKED)
    papers.withdrawn(customers.withdrawn_documents(customer_id, by=viewer), papers.CUSTOMERS)
