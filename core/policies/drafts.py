"""Policy entry: drafts that survive a closed browser, and submission once only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, customers
from core.access import Permission, Viewer, action, read
from core.catalog.tables import Product
from core.customers.tables import Customer
from core.db import next_number, once, unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.errors import Conflict, Invalid, NotFound
from core.kit.ids import RequestId, new_request_id
from core.kit.settings import settings
from core.policies import actions, leads, papers, quotes, rules, store
from core.policies.records import (
    STEPS,
    Application,
    Draft,
    PolicyRef,
    Quote,
    application_of,
    to_state,
)
from core.policies.reviewed import Reviewed
from core.policies.status import POLICY
from core.policies.tables import Beneficiary, Policy, PolicyDraft, PolicyRider


@read(Permission.POLICIES_ENTER)
def drafts(*, by: Viewer) -> tuple[Draft, ...]:
    """The viewer's own open drafts, newest first."""
    with unit_of_work() as session:
        return tuple(_draft(session, row) for row in store.open_drafts(session, by.user_id))


@read(Permission.POLICIES_ENTER)
def draft(draft_id: int, *, by: Viewer) -> Draft:
    """One of the viewer's own open drafts. Raises NotFound."""
    with unit_of_work() as session:
        return _draft(session, store.own_draft(session, draft_id, by.user_id, lock=False))


@action(Permission.POLICIES_ENTER)
def start_draft(application: Application | None = None, *, by: Viewer) -> Draft:
    """Begin an entry; for a lead that has an open draft of the viewer's, that one again.

    Raises NotFound for a customer or a lead outside the scope, Refusal for a lead that is not won, was
    won with another customer, or has its policy (D6).
    """
    given = application or Application()
    with unit_of_work() as session:
        if given.lead_id is not None:
            found = store.draft_of_lead(session, given.lead_id, by.user_id)
            if found is not None:
                return _draft(session, found)
            leads.take_up(session, given.lead_id, given, by=by)
        if given.customer_id is not None:
            customers.choice(given.customer_id, by=by)
        row = PolicyDraft(
            owner_id=by.user_id,
            customer_id=given.customer_id,
            lead_id=given.lead_id,
            request_id=new_request_id(),
            step=STEPS[0] if given.customer_id is None else STEPS[1],
            state=to_state(given),
        )
        session.add(row)
        session.flush()
        return _draft(session, row)


@action(Permission.POLICIES_ENTER)
def save_draft(draft_id: int, application: Application, *, step: str, version: int, by: Viewer) -> Draft:
    """Keep what was entered, complete or not.

    Raises Conflict for another tab's save, and of another customer or lead what `start_draft` does.
    """
    if step not in STEPS:
        raise Invalid({"step": "There is no such step."})
    with unit_of_work() as session:
        row = store.own_draft(session, draft_id, by.user_id, lock=True)
        if row.version != version:
            raise Conflict(
                "This entry was changed in another tab. Nothing was overwritten.",
                remedy="Reload to go on from there.",
            )
        application = _of_kept(session, application)
        if application.customer_id is not None:
            customers.choice(application.customer_id, by=by)
        has_another = row.customer_id != application.customer_id
        if application.lead_id is not None and (has_another or row.lead_id != application.lead_id):
            leads.take_up(session, application.lead_id, application, by=by)
        row.state, row.step = to_state(application), step
        row.customer_id, row.lead_id = application.customer_id, application.lead_id
        if has_another:
            papers.leave_with(session, row)
        session.flush()
        return _draft(session, row)


def _of_kept(session: Session, application: Application) -> Application:
    """The application for the record that was kept, where its customer's was merged since it was read."""
    person = session.get(Customer, application.customer_id) if application.customer_id else None
    if person is None or person.merged_into_id is None:
        return application
    return replace(application, customer_id=person.merged_into_id)


@action(Permission.POLICIES_ENTER)
def discard_draft(draft_id: int, *, by: Viewer, now: datetime | None = None) -> None:
    """Put an entry away for good. Raises NotFound."""
    with unit_of_work() as session:
        store.own_draft(session, draft_id, by.user_id, lock=True).discarded_at = now or utc_now()


@action(Permission.POLICIES_ENTER)
def submit_draft(
    draft_id: int,
    *,
    version: int,
    annual: Decimal | None,
    hands_over: bool = False,
    by: Viewer,
    now: datetime | None = None,
) -> PolicyRef:
    """Make the application of a draft a policy with status applied; once, however often it is sent.

    `version` and `annual`, its premium a year, are as somebody has read them. With `hands_over` it goes on
    to the underwriters in the same transaction. Raises Conflict when another tab saved it or it costs
    something else by now; Invalid with every gap, failing limit and wrong share at its field; NotFound.
    """
    at = now or utc_now()
    today = business_date(at, settings().time_zone)
    with unit_of_work() as session:
        row = store.draft(session, draft_id, by.user_id, lock=True)
        if row is None or row.discarded_at is not None:
            raise NotFound("draft", draft_id)
        reviewed = Reviewed(version, annual)
        policy_id = once(
            session,
            RequestId(row.request_id),
            action="policies.submit",
            content={"draft": draft_id},
            actor_id=by.user_id,
            make=lambda: _enter(session, row, reviewed, by=by, at=at, today=today),
        )
        row.policy_id = policy_id
        ref = store.ref(session, policy_id)
        if hands_over and session.get_one(Policy, policy_id).status.value == POLICY.start:
            return actions.send_to_underwriting(policy_id, version=ref.version, by=by, now=at)
        return ref


def _enter(
    session: Session, row: PolicyDraft, reviewed: Reviewed, *, by: Viewer, at: datetime, today: date
) -> int:
    application = application_of(row)
    quoted = quotes.quote(application, by=by, today=today)
    annual = quoted.premium.annual if quoted.premium else None
    reviewed.check_version(row.version, annual)
    problems = quotes.gaps(application, quoted, today=today)
    if problems:
        raise Invalid(problems)
    reviewed.check_annual(annual)
    begins = application.effective_date or today
    if application.lead_id is not None:
        leads.check(session, application.lead_id, application, by=by)
    policy = _policy(session, application, quoted, by=by, at=at, today=today, begins=begins)
    session.add(policy)
    session.flush()
    _add_parts(session, policy, application, quoted, by=by)
    papers.hand_over(session, row.id, policy)
    audit.born(session, POLICY, policy.id, status=POLICY.start, actor=by, at=at)
    audit.record(
        session,
        actor=by,
        action="policy.apply",
        entity=POLICY.entity,
        entity_id=policy.id,
        details={
            "product_id": policy.product_id,
            "sum_assured": str(policy.sum_assured),
            "premium_amount": str(policy.premium_amount),
            "lead_id": policy.lead_id,
        },
    )
    return policy.id


def _policy(
    session: Session,
    application: Application,
    quoted: Quote,
    *,
    by: Viewer,
    at: datetime,
    today: date,
    begins: date,
) -> Policy:
    person = session.get_one(Customer, application.customer_id)
    product = session.get_one(Product, application.product_id)
    priced, age = quoted.premium, quoted.age
    if priced is None or age is None:
        raise Invalid({"product_id": "The premium can't be calculated."})
    term = rules.term_of(product.category, application.term_years, age=age)
    name, relation = rules.summary_of(application.beneficiaries)
    riders = [line for line in priced.lines if line.rider_type is not None]
    return Policy(
        policy_number=rules.policy_number(next_number(session, "policy")),
        customer_id=person.id,
        product_id=product.id,
        agent_id=person.agent_id or by.user_id,
        territory_id=person.territory_id,
        lead_id=application.lead_id,
        application_date=today,
        effective_date=begins,
        expiry_date=rules.expiry_date(begins, term),
        term_years=term,
        sum_assured=application.sum_assured,
        premium_amount=priced.instalment,
        annual_premium=priced.annual,
        premium_lines=[_line(asdict(line)) for line in priced.lines],
        rate_id=priced.rate_id,
        payment_frequency=application.payment_frequency,
        payment_method=application.payment_method,
        status_changed_at=at,
        beneficiary_name=name,
        beneficiary_relation=relation,
        riders_count=len(riders),
        total_rider_premium=sum(line.annual for line in riders),
        notes=application.notes or None,
        created_by=by.user_id,
    )


def _line(line: Mapping[str, Any]) -> dict[str, str]:
    return {"label": line["label"], "formula": line["formula"], "annual": str(line["annual"])}


def _add_parts(
    session: Session, policy: Policy, application: Application, quoted: Quote, *, by: Viewer
) -> None:
    annual = {line.rider_type: line for line in quoted.premium.lines} if quoted.premium else {}
    session.add_all(
        PolicyRider(
            policy_id=policy.id,
            rider_name=annual[rider.rider_type].label,
            rider_type=rider.rider_type,
            sum_assured=annual[rider.rider_type].sum_assured,
            premium_amount=annual[rider.rider_type].annual,
            start_date=policy.effective_date,
            end_date=policy.expiry_date,
        )
        for rider in application.riders
    )
    session.add_all(
        Beneficiary(
            policy_id=policy.id,
            beneficiary_class=share.beneficiary_class,
            name=share.name,
            relation=share.relation,
            date_of_birth=share.date_of_birth,
            share_pct=share.share_pct,
            valid_from=policy.effective_date,
            created_by=by.user_id,
        )
        for share in application.beneficiaries
    )


def _draft(session: Session, row: PolicyDraft) -> Draft:
    application = application_of(row)
    person = session.get(Customer, row.customer_id) if row.customer_id else None
    product = session.scalar(select(Product.name).where(Product.id == application.product_id))
    return Draft(
        id=row.id,
        version=row.version,
        request_id=row.request_id,
        step=row.step,
        application=application,
        customer=f"{person.first_name} {person.last_name}" if person else "",
        product=product or "",
        updated_at=row.updated_at,
    )
