"""A notice of loss with its documents: all of it is kept, or nothing."""

from __future__ import annotations

import errno
import itertools
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core import claims
from core.catalog.tables import Category, RiderType
from core.claims import ClaimFilter, LossType, NoticeOfLoss
from core.demo.documents import pdf
from core.documents import Upload
from core.documents.storage import StorageFull
from core.kit.errors import Invalid, NotFound, RepeatedWithOtherContent
from core.kit.ids import new_request_id
from core.kit.settings import settings
from core.policies.tables import PolicyRider
from tests import factories as make
from tests.factories.rows import put

NOW, TODAY = datetime(2026, 11, 21, 15, tzinfo=UTC), date(2026, 11, 21)
FORM = Upload("claim_form", "form.pdf", pdf("Form"))
POLICE = Upload("police_report", "police.pdf", pdf("Police"))


def notice(policy, **columns):
    given = {
        "policy_id": policy.id,
        "loss_date": date(2026, 11, 10),
        "loss_type": LossType.THEFT,
        "description": "Gone in the morning",
        "estimated_amount": Decimal(900),
    }
    return NoticeOfLoss(**{**given, **columns})


@pytest.fixture
def policy(firm):
    on = make.product(Category.AUTO)
    return make.policy(firm.ann_in_east, product_id=on.id, territory_id=firm.east.id)


def report(what, uploads, by, *, request_id=None):
    return claims.report(what, uploads, request_id=request_id or new_request_id(), by=by, now=NOW)


def kept_files():
    return {path for path in (settings().storage_dir / "documents").rglob("*") if path.is_file()}


def count(by):
    return claims.queue(ClaimFilter(), by=by, today=TODAY).total


def test_a_loss_is_reported_with_its_documents(sue, policy):
    ref = report(notice(policy), [FORM, POLICE], sue)
    found = claims.claim(ref.id, by=sue, today=TODAY)
    assert {one.kind: one.is_verified for one in found.documents} == {
        "claim_form": False,
        "police_report": False,
    }
    assert claims.open_document(found.documents[-1].id, by=sue).content == FORM.content


def test_a_bad_file_is_told_at_its_place_and_nothing_is_saved(sue, policy):
    before = kept_files()
    bad = [FORM, Upload("police_report", "p.pdf", b"MZ program"), Upload("", "x.pdf", pdf("X"))]
    with pytest.raises(Invalid) as refused:
        report(notice(policy, description=" "), bad, sue)
    assert set(refused.value.fields) == {"description", "documents.1.file", "documents.2.kind"}
    assert (count(sue), kept_files()) == (0, before)


def test_a_refused_notice_leaves_no_file(firm, sue, policy):
    before = kept_files()
    with pytest.raises(NotFound):
        report(notice(policy), [FORM, POLICE], firm.walt)
    assert kept_files() == before


def test_a_disk_that_fills_up_at_the_second_file_keeps_neither_the_first_nor_the_claim(
    sue, policy, monkeypatch
):
    before, calls, flush = kept_files(), itertools.count(1), os.fsync

    def full(handle):
        if next(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        flush(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull):
        report(notice(policy), [FORM, POLICE], sue)
    assert (count(sue), kept_files()) == (0, before)


def test_one_form_keeps_each_document_once_under_sixteen_threads(sue, policy):
    form, before = new_request_id(), len(kept_files())
    with ThreadPoolExecutor(16) as pool:
        refs = set(
            pool.map(lambda _: report(notice(policy), [FORM, POLICE], sue, request_id=form), range(16))
        )
    (ref,) = refs
    assert len(claims.claim(ref.id, by=sue, today=TODAY).documents) == 2
    assert len(kept_files()) == before + 2


def test_the_same_form_with_another_document_is_an_error(sue, policy):
    form = new_request_id()
    report(notice(policy), [FORM], sue, request_id=form)
    with pytest.raises(RepeatedWithOtherContent):
        report(notice(policy), [POLICE], sue, request_id=form)


def test_more_documents_than_fit_are_refused(sue, policy):
    with pytest.raises(Invalid, match="At most 20"):
        report(notice(policy), [FORM] * 21, sue)


@pytest.mark.parametrize("category", [Category.AUTO, Category.PROPERTY, Category.HEALTH])
def test_a_death_is_reported_on_life_policies_alone(firm, sue, category):
    on = make.policy(firm.ann_in_east, product_id=make.product(category).id)
    with pytest.raises(Invalid) as refused:
        report(notice(on, loss_type=LossType.DEATH, description=" "), [], sue)
    assert set(refused.value.fields) == {"loss_type", "description"}
    assert refused.value.fields["loss_type"].startswith("Death is not insured by this policy; it covers: ")
    assert count(sue) == 0
    life = make.policy(firm.ann_in_east, product_id=make.product(Category.WHOLE_LIFE).id)
    assert report(notice(life, loss_type=LossType.DEATH), [], sue).number


def test_a_home_is_not_insured_against_collisions_and_its_notice_offers_none(firm, sue):
    home = make.policy(firm.ann_in_east, product_id=make.product(Category.PROPERTY, name="Condo").id)
    assert claims.losses(home.id, by=sue) == (
        LossType.FIRE, LossType.WATER, LossType.WEATHER, LossType.THEFT, LossType.PROPERTY_DAMAGE,
        LossType.LIABILITY, LossType.OTHER,
    )  # fmt: skip
    with pytest.raises(Invalid, match="Collision is not insured by this policy; it covers: fire, water,"):
        report(notice(home, loss_type=LossType.COLLISION), [], sue)


def test_a_critical_illness_is_insured_by_its_rider_as_long_as_that_runs(firm, sue):
    life = make.policy(firm.ann_in_east, effective_date=date(2024, 1, 1), expiry_date=date(2044, 1, 1))
    ill = notice(life, loss_type=LossType.CRITICAL_ILLNESS)
    with pytest.raises(Invalid, match="Critical illness is not insured by this policy; it covers: death"):
        report(ill, [], sue)
    put(
        PolicyRider(
            policy_id=life.id, rider_type=RiderType.CRITICAL_ILLNESS, rider_name="Critical illness",
            sum_assured=Decimal(50_000), premium_amount=Decimal(100), start_date=date(2024, 1, 1),
            end_date=ill.loss_date, is_active=False,
        )
    )  # fmt: skip
    assert claims.losses(life.id, by=sue) == (LossType.DEATH, LossType.CRITICAL_ILLNESS)
    assert "OTHER_LINE" in {one.code for one in claims.check_notice(ill, by=sue, today=TODAY).flags}
    before = replace(ill, loss_date=ill.loss_date - timedelta(days=1))
    assert "OTHER_LINE" not in {one.code for one in claims.check_notice(before, by=sue, today=TODAY).flags}
    assert report(before, [], sue).number


def test_texts_that_do_not_fit_are_told_at_their_fields(sue, policy):
    long = {"claimant_name": "x" * 101, "claimant_relation": "x" * 51, "loss_place": "x" * 256}
    with pytest.raises(Invalid) as refused:
        report(notice(policy, description="x" * 4001, **long), [], sue)
    assert refused.value.fields == {
        "claimant_name": "At most 100 characters fit here; this has 101.",
        "claimant_relation": "At most 50 characters fit here; this has 51.",
        "loss_place": "At most 255 characters fit here; this has 256.",
        "description": "At most 4,000 characters fit here; this has 4,001.",
    }


def test_an_estimate_beyond_what_a_claim_holds_is_refused(sue, policy):
    with pytest.raises(Invalid, match="At most"):
        report(notice(policy, estimated_amount=Decimal(10) ** 10), [], sue)
