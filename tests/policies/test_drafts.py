"""What a draft may hold, and what becomes of it when something changes before it is submitted."""

from __future__ import annotations

from datetime import date

from core import dossiers, policies
from core.policies import Application
from tests import factories
from tests.factories import Company
from tests.policies.applying import NOW


def test_after_a_merge_the_entry_is_submitted_for_the_record_that_was_kept(
    firm: Company, application: Application
) -> None:
    kept = factories.customer(
        agent=firm.ann_in_east, territory_id=firm.east.id, date_of_birth=date(1990, 5, 1)
    )
    draft = policies.start_draft(application, by=firm.ann)
    assert application.customer_id is not None
    dossiers.merge(kept.id, application.customer_id, reason="One person", by=firm.erin)
    ref = policies.submit_draft(draft.id, by=firm.ann, now=NOW)
    assert policies.policy(ref.number, by=firm.ann).customer_code == kept.customer_code
