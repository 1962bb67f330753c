"""Documents of entries and policies: asked for, uploaded once, handed over, outside nobody's sight."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core import customers, policies
from core.access import Role
from core.demo.documents import pdf
from core.documents import FileRefused
from core.kit.dates import utc_now
from core.kit.errors import Invalid, NotAllowed, NotFound
from core.kit.ids import new_request_id
from core.kit.settings import settings
from core.policies import Application
from core.policies.rules import asked_documents
from tests import factories as make
from tests.policies.applying import TODAY, priced, sent


@pytest.fixture
def uma(firm):
    return make.viewer(make.user(Role.UNDERWRITER, name="Uma Under"))


@pytest.fixture
def carla(firm):
    return make.customer(agent=firm.ann_in_east, date_of_birth=date(1990, 5, 1))


@pytest.fixture
def application(carla):
    return Application(customer_id=carla.id, product_id=make.product().id, sum_assured=Decimal(300_000))


def uploaded(draft, by, *, kind="id_proof", **options):
    given = {"name": "paper.pdf", "content": pdf("Paper"), "request_id": new_request_id()}
    return policies.add_draft_document(draft.id, kind=kind, by=by, **{**given, **options})


def of_draft(draft, by):
    return policies.draft_documents(draft.id, by=by, today=TODAY)


def kinds(asked):
    return [one.kind for one in asked]


def kept_files():
    return [path for path in (settings().storage_dir / "documents").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("is_life", "age", "amount", "is_examined"),
    [
        (True, 36, 250_000, False),
        (True, 36, 250_001, True),
        (True, 50, 250_000, False),
        (True, 51, 100_000, False),
        (True, 51, 100_001, True),
        (False, 51, 900_000, False),
    ],
)
def test_a_life_is_examined_above_a_sum_and_earlier_above_fifty(is_life, age, amount, is_examined):
    asked = asked_documents(is_life=is_life, age=age, sum_assured=Decimal(amount))
    assert list(asked) == ["id_proof", "address_proof", *(["medical_report"] if is_examined else [])]


def test_an_entry_asks_for_what_the_customer_has_not_shown_yet(firm, carla, application):
    customers.upload_document(
        carla.id, kind="id_proof", name="id.pdf", content=pdf("Id"), request_id=new_request_id(),
        by=firm.ann,
    )  # fmt: skip
    draft = policies.start_draft(application, by=firm.ann)
    found = of_draft(draft, firm.ann)
    assert kinds(found.asked) == ["id_proof", "address_proof", "medical_report"]
    assert [one.found is not None for one in found.asked] == [True, False, False]
    assert (found.own, [one.name for one in found.others]) == ((), ["id.pdf"])
    uploaded(draft, firm.ann, kind="address_proof")
    found = of_draft(draft, firm.ann)
    assert [one.found is not None for one in found.asked] == [True, True, False]
    assert [one.kind for one in found.own] == ["address_proof"]


def test_an_expired_proof_is_asked_for_again(firm, carla, application):
    draft = policies.start_draft(application, by=firm.ann)
    uploaded(draft, firm.ann, expires_on=TODAY - timedelta(days=1))
    assert of_draft(draft, firm.ann).asked[0].found is None


def test_a_verified_proof_counts_before_a_newer_one(firm, uma, application):
    draft = policies.start_draft(application, by=firm.ann)
    first = uploaded(draft, firm.ann)
    customers.verify_document(first, by=uma)
    uploaded(draft, firm.ann)
    assert of_draft(draft, firm.ann).asked[0].found.id == first


def test_an_examination_for_another_application_does_not_count(firm, carla, application):
    other = policies.start_draft(application, by=firm.ann)
    uploaded(other, firm.ann, kind="medical_report")
    draft = policies.start_draft(application, by=firm.ann)
    assert of_draft(draft, firm.ann).asked[2].found is None
    assert of_draft(other, firm.ann).asked[2].found is not None


def test_what_was_uploaded_in_an_entry_belongs_to_its_policy(firm, uma, application):
    product_id = priced(firm, uma)
    full = replace(
        application,
        product_id=product_id,
        term_years=20,
        payment_frequency=policies.PaymentFrequency.MONTHLY,
        payment_method=policies.PaymentMethod.CHECK,
    )
    draft = policies.start_draft(full, by=firm.ann)
    key = uploaded(draft, firm.ann)
    ref = sent(draft, firm.ann)
    found = policies.documents(ref.id, by=uma, today=TODAY)
    assert [one.id for one in found.own] == [key]
    assert kinds(found.asked) == ["id_proof", "address_proof", "medical_report"]
    with pytest.raises(NotFound):
        uploaded(draft, firm.ann)


def test_with_another_customer_the_documents_stay_with_the_first(firm, carla, application):
    draft = policies.start_draft(application, by=firm.ann)
    uploaded(draft, firm.ann)
    other = make.customer(agent=firm.ann_in_east)
    kept = policies.save_draft(
        draft.id, replace(application, customer_id=other.id), step="documents", version=draft.version,
        by=firm.ann,
    )  # fmt: skip
    assert of_draft(kept, firm.ann).own == ()
    back = policies.save_draft(kept.id, application, step="documents", version=kept.version, by=firm.ann)
    found = of_draft(back, firm.ann)
    assert (len(found.own), len(found.others)) == (0, 1)


def test_one_upload_is_kept_once_however_often_it_is_sent(firm, application):
    draft = policies.start_draft(application, by=firm.ann)
    request_id, before = new_request_id(), len(kept_files())
    assert len({uploaded(draft, firm.ann, request_id=request_id) for _ in range(2)}) == 1
    assert len(of_draft(draft, firm.ann).own) == 1
    assert len(kept_files()) == before + 1


def test_a_file_that_is_refused_leaves_nothing(firm, application):
    draft, before = policies.start_draft(application, by=firm.ann), len(kept_files())
    with pytest.raises(FileRefused):
        uploaded(draft, firm.ann, content=b"MZ program")
    with pytest.raises(Invalid):
        uploaded(draft, firm.ann, kind="poem")
    assert of_draft(draft, firm.ann).own == ()
    assert len(kept_files()) == before


def test_an_entry_without_a_customer_takes_no_documents(firm):
    draft = policies.start_draft(by=firm.ann)
    with pytest.raises(Invalid, match="Choose the customer first"):
        uploaded(draft, firm.ann)


def test_a_document_of_a_policy_is_verified_by_somebody_else(firm, uma):
    policy = make.policy(firm.ann_in_east)
    key = policies.add_document(
        policy.id, kind="policy_contract", name="c.pdf", content=pdf("Contract"),
        request_id=new_request_id(), by=uma,
    )  # fmt: skip
    (seen,) = policies.documents(policy.id, by=firm.ann, today=TODAY).own
    assert (seen.id, seen.may_open, seen.may_verify) == (key, True, False)
    with pytest.raises(NotAllowed, match="somebody else"):
        customers.verify_document(key, by=uma)
    customers.verify_document(key, by=firm.erin)
    (seen,) = policies.documents(policy.id, by=firm.ann, today=TODAY).own
    assert seen.verified_by == "Erin East"


def test_a_medical_report_of_an_application_shows_agents_that_it_exists(firm, uma, application):
    draft = policies.start_draft(application, by=firm.ann)
    uploaded(draft, firm.ann, kind="medical_report", name="HIV.pdf", now=utc_now())
    (seen,) = of_draft(draft, firm.ann).own
    assert (seen.name, seen.may_open) == ("Medical report", False)
    with pytest.raises(NotAllowed):
        customers.open_document(seen.id, by=firm.ann)
    assert customers.open_document(seen.id, by=uma).name == "HIV.pdf"


def test_what_is_taken_back_in_an_entry_is_asked_for_again(firm, carla, application):
    draft = policies.start_draft(application, by=firm.ann)
    key = uploaded(draft, firm.ann)
    policies.withdraw_document(key, by=firm.ann)
    found = of_draft(draft, firm.ann)
    assert (found.own, found.others, found.asked[0].found) == ((), (), None)
    assert [one.id for one in found.withdrawn] == [key]


def test_a_withdrawn_document_does_not_keep_issuing_waiting_and_proves_nothing(firm, uma):
    policy = make.policy(firm.ann_in_east, status="underwriting")
    key = added(policy, firm.ann, kind="id_proof")
    customers.verify_document(key, by=uma)
    assert policies.documents(policy.id, by=uma, today=TODAY).asked[0].is_proven
    policies.withdraw_document(key, reason="Forged", by=uma)
    found = policies.documents(policy.id, by=uma, today=TODAY)
    assert (found.own, found.asked[0].found) == ((), None)


def added(policy, by, *, kind="policy_contract"):
    return policies.add_document(
        policy.id, kind=kind, name="c.pdf", content=pdf("Contract"), request_id=new_request_id(), by=by
    )


@pytest.fixture
def beside(firm):
    """A policy in East of a customer whom only the West may see."""
    walts = make.customer(agent=firm.walt_in_west, territory_id=firm.west.id)
    return make.policy(firm.walt_in_west, territory_id=firm.east.id, customer_id=walts.id)


def test_who_sees_a_policy_alone_adds_to_it_and_takes_that_back(firm, beside):
    key = added(beside, firm.erin)
    (seen,) = policies.documents(beside.id, by=firm.erin, today=TODAY).own
    assert (seen.may_open, seen.may_verify, seen.may_withdraw) == (False, False, True)
    policies.withdraw_document(key, by=firm.erin)
    assert policies.documents(beside.id, by=firm.erin, today=TODAY).own == ()
    with pytest.raises(NotFound):
        customers.documents(beside.customer_id, by=firm.erin)


def test_who_sees_a_policy_alone_does_not_decide_about_anothers_document(firm, beside):
    key = added(beside, firm.walt)
    (seen,) = policies.documents(beside.id, by=firm.erin, today=TODAY).own
    assert not seen.may_withdraw
    with pytest.raises(NotAllowed, match="Somebody else uploaded"):
        policies.withdraw_document(key, reason="Wrong", by=firm.erin)
    with pytest.raises(NotFound):
        policies.withdraw_document(key, reason="Wrong", by=firm.dan)
