"""What a draft may hold, and what becomes of it when something changes before it is submitted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core import dossiers, policies
from core.db import unit_of_work
from core.kit.errors import Conflict, NotFound, Refusal
from core.policies import Application, PolicyFilter
from core.sales.tables import Lead
from tests import factories
from tests.factories import Company
from tests.policies.applying import NOW, TODAY, sent


def test_after_a_merge_the_entry_is_submitted_for_the_record_that_was_kept(
    firm: Company, application: Application
) -> None:
    kept = factories.customer(
        agent=firm.ann_in_east, territory_id=firm.east.id, date_of_birth=date(1990, 5, 1)
    )
    draft = policies.start_draft(application, by=firm.ann)
    assert application.customer_id is not None
    dossiers.merge(kept.id, application.customer_id, reason="One person", by=firm.erin)
    ref = sent(policies.draft(draft.id, by=firm.ann), firm.ann)
    assert policies.policy(ref.number, by=firm.ann).customer_code == kept.customer_code


def test_what_a_tab_from_before_a_merge_saves_is_for_the_record_that_was_kept(
    firm: Company, application: Application
) -> None:
    kept, foreign = (
        factories.customer(agent=agent, territory_id=area.id)
        for agent, area in ((firm.ann_in_east, firm.east), (firm.walt_in_west, firm.west))
    )
    draft = policies.start_draft(application, by=firm.ann)
    assert application.customer_id is not None
    dossiers.merge(kept.id, application.customer_id, reason="One person", by=firm.erin)
    typed = replace(draft.application, sum_assured=Decimal(300_000))
    saved = policies.save_draft(draft.id, typed, step="product", version=draft.version, by=firm.ann)
    assert saved.application == replace(typed, customer_id=kept.id)
    dossiers.merge(foreign.id, kept.id, reason="One person", by=firm.adam)
    with pytest.raises(NotFound, match="no customer"):
        policies.save_draft(draft.id, typed, step="product", version=saved.version, by=firm.ann)


def test_an_entry_that_was_put_away_is_not_submitted(firm: Company, application: Application) -> None:
    draft = policies.start_draft(application, by=firm.ann)
    policies.discard_draft(draft.id, by=firm.ann)
    with pytest.raises(NotFound, match=f"no draft {draft.id}"):
        sent(draft, firm.ann)
    assert policies.policies(PolicyFilter(), by=firm.ann).total == 0


def test_a_foreign_lead_comes_into_no_entry(firm: Company, application: Application) -> None:
    foreign = factories.lead(
        firm.walt_in_west, status="won", territory_id=firm.west.id, customer_id=application.customer_id
    )
    factories.policy(firm.walt_in_west, territory_id=firm.west.id, lead_id=foreign.id)
    of_lead = replace(application, lead_id=foreign.id)
    with pytest.raises(NotFound, match=f"no lead {foreign.id}"):
        policies.start_draft(of_lead, by=firm.ann)
    draft = policies.start_draft(application, by=firm.ann)
    with pytest.raises(NotFound, match=f"no lead {foreign.id}"):
        policies.save_draft(draft.id, of_lead, step="product", version=draft.version, by=firm.ann)
    assert policies.drafts(by=firm.ann) == (draft,)


@pytest.mark.parametrize(
    ("status", "is_hers", "said"),
    [("proposal", True, "is not won yet"), ("won", False, "was won with another customer")],
    ids=["not won", "of another customer"],
)
def test_only_a_won_lead_of_the_customer_comes_into_an_entry(
    firm: Company, application: Application, status: str, said: str, *, is_hers: bool
) -> None:
    whose = application.customer_id if is_hers else factories.customer(agent=firm.ann_in_east).id
    lead = factories.lead(firm.ann_in_east, status=status, customer_id=whose)
    of_lead = replace(application, lead_id=lead.id)
    with pytest.raises(Refusal, match=f"{lead.lead_code} {said}"):
        policies.start_draft(of_lead, by=firm.ann)
    draft = policies.start_draft(application, by=firm.ann)
    with pytest.raises(Refusal, match=f"{lead.lead_code} {said}"):
        policies.save_draft(draft.id, of_lead, step="product", version=draft.version, by=firm.ann)


def test_a_lead_that_becomes_another_customers_is_not_submitted(
    firm: Company, application: Application
) -> None:
    lead = factories.lead(firm.ann_in_east, status="won", customer_id=application.customer_id)
    draft = policies.start_draft(replace(application, lead_id=lead.id), by=firm.ann)
    with unit_of_work() as session:
        other = factories.customer(agent=firm.ann_in_east)
        session.get_one(Lead, lead.id).customer_id = other.id
    with pytest.raises(Refusal, match="was won with another customer"):
        sent(draft, firm.ann)


def test_the_number_of_a_policy_in_another_book_is_not_told(
    firm: Company, application: Application
) -> None:
    lead = factories.lead(firm.ann_in_east, status="won", customer_id=application.customer_id)
    foreign = factories.policy(firm.walt_in_west, territory_id=firm.west.id, lead_id=lead.id)
    with pytest.raises(Refusal, match="A policy was already entered from this lead") as refused:
        policies.start_draft(replace(application, lead_id=lead.id), by=firm.ann)
    assert foreign.policy_number not in str(refused.value)


def test_what_another_tab_saved_since_it_was_read_is_not_submitted(
    firm: Company, application: Application
) -> None:
    draft = policies.start_draft(application, by=firm.ann)
    read = policies.quote(application, by=firm.ann, today=TODAY).premium
    assert read is not None
    less = replace(application, sum_assured=Decimal(250_000))
    saved = policies.save_draft(draft.id, less, step="product", version=draft.version, by=firm.ann)
    told = r"Another tab has saved .*: the premium is \$424.00 a year, and was \$788.00 a year"
    with pytest.raises(Conflict, match=told):
        policies.submit_draft(draft.id, version=draft.version, annual=read.annual, by=firm.ann, now=NOW)
    ref = policies.submit_draft(
        draft.id, version=saved.version, annual=Decimal("424.00"), by=firm.ann, now=NOW
    )
    assert policies.policy(ref.number, by=firm.ann).row.sum_assured == 250_000


@pytest.mark.parametrize(
    ("read", "was"), [(Decimal("788.01"), r"\$788.01 a year"), (None, "not known")], ids=["other", "none"]
)
def test_a_premium_that_nobody_has_read_is_not_submitted(
    firm: Company, application: Application, read: Decimal | None, was: str
) -> None:
    draft = policies.start_draft(application, by=firm.ann)
    told = rf"costs something else by now: the premium is \$788.00 a year, and was {was}"
    with pytest.raises(Conflict, match=told):
        policies.submit_draft(draft.id, version=draft.version, annual=read, by=firm.ann, now=NOW)
    assert policies.policies(PolicyFilter(), by=firm.ann).total == 0
    sent(draft, firm.ann)
