"""What an application would cost, which limits it fails, and what else keeps it from being submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from core import catalog
from core.access import Permission, Viewer, read
from core.catalog import Applicant, RiderChoice
from core.catalog.tables import Product
from core.customers import states
from core.customers.tables import Customer
from core.db import unit_of_work
from core.kit.dates import age_last_birthday
from core.kit.errors import Invalid, NotFound, Refusal
from core.policies import rules, store
from core.policies.records import Application, Quote, to_state
from core.policies.tables import Policy

_FIELDS = {
    "SA_MIN": "sum_assured",
    "SA_MAX": "sum_assured",
    "INCOME_MULTIPLE": "sum_assured",
    "TERM_MIN": "term_years",
    "TERM_MAX": "term_years",
    "MATURITY_AGE": "term_years",
}


@read(Permission.POLICIES_ENTER)
def quote(application: Application, *, by: Viewer, today: date) -> Quote:
    """Eligibility and premium of what is known so far; every failing limit with its value.

    Age counts at the start of cover, or today while that is open.
    """
    missing = rules.missing_terms(to_state(application))
    if application.customer_id is None or application.product_id is None:
        return Quote((), None, missing, None)
    with unit_of_work() as session:
        person = store.customer(session, application.customer_id, by=by)
        product = session.get(Product, application.product_id)
        if person is None:
            raise NotFound("customer", application.customer_id)
        if product is None:
            raise NotFound("product", application.product_id)
    if application.term_years is None and product.category in rules.TERMED:
        missing["term_years"] = "Enter the term in years."
    return _quoted(application, person, product, missing, on=application.effective_date or today, by=by)


def of_policy(session: Session, row: Policy, begins: date, *, by: Viewer) -> Quote:
    """What an application that was entered would cost if its cover began on a date.

    Its customer need not be in sight. Without a term, which imported ones may lack, no limit of a term
    counts.
    """
    person = session.get_one(Customer, row.customer_id)
    product = session.get_one(Product, row.product_id)
    application = Application(
        customer_id=person.id,
        product_id=product.id,
        sum_assured=row.sum_assured,
        term_years=row.term_years,
        payment_frequency=row.payment_frequency,
        riders=tuple(
            RiderChoice(rider.rider_type, rider.sum_assured)
            for rider in store.riders(session, row.id)
            if rider.is_active
        ),
    )
    quoted = _quoted(application, person, product, {}, on=begins, by=by)
    if row.term_years is not None:
        return quoted
    known = tuple(failure for failure in quoted.failures if _field_of(failure.limit) != "term_years")
    return replace(quoted, failures=known)


def _quoted(
    application: Application,
    person: Customer,
    product: Product,
    missing: Mapping[str, str],
    *,
    on: date,
    by: Viewer,
) -> Quote:
    age = age_last_birthday(person.date_of_birth, on)
    has_term = "term_years" not in missing
    if application.sum_assured is None:
        return Quote((), None, missing, age)
    income = person.income_range.value if person.income_range else ""
    failed = catalog.failures(
        catalog.limits(product.id, by=by),
        Applicant(person.date_of_birth, states.code_of(person.state), catalog.INCOME_UPPER.get(income)),
        sum_assured=application.sum_assured,
        term_years=rules.term_of(product.category, application.term_years, age=age),
        on=on,
    )
    failed = [failure for failure in failed if has_term or _field_of(failure.limit) != "term_years"]
    try:
        table = catalog.rate_table(product.id, on, by=by)
        catalog.check_riders(table, application.riders, sum_assured=application.sum_assured)
        if application.payment_frequency is None:
            return Quote(tuple(failed), None, missing, age)
        priced = catalog.premium(
            table,
            age=age,
            sum_assured=application.sum_assured,
            riders=application.riders,
            instalments_a_year=application.payment_frequency.per_year,
        )
    except Invalid as invalid:
        return Quote(tuple(failed), None, missing, age, invalid.fields)
    except Refusal as refusal:
        return Quote(tuple(failed), None, missing, age, {"product_id": str(refusal)})
    return Quote(tuple(failed), priced, missing, age)


def gaps(application: Application, quoted: Quote, *, today: date) -> dict[str, str]:
    """What keeps an application from being submitted, by field: limits, blanks, wrong riders and shares."""
    told = [(_field_of(failure.limit), failure.message) for failure in quoted.failures]
    told += [*quoted.missing.items(), *quoted.wrong.items()]
    wrong = rules.wrong_begin(application.effective_date or today, today)
    if wrong:
        told.append(("effective_date", wrong))
    try:
        rules.check_shares(application.beneficiaries, today=today)
    except Invalid as invalid:
        told += invalid.fields.items()
    found: dict[str, str] = {}
    for field, message in told:
        found[field] = f"{found[field]} {message}" if field in found else message
    return found


def _field_of(limit: str) -> str:
    return _FIELDS.get(limit, "product_id")
