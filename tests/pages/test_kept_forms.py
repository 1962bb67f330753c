"""What is typed into a form that is a whole page outlives another page in between."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import claims
from core.access import Role
from core.claims import ClaimFilter
from core.demo.documents import pdf
from pages._ui import viewing
from tests import factories as make
from tests.pages.conftest import press
from tests.pages.next_input import as_soon_as_asked
from tests.pages.test_claims import policy

pytestmark = pytest.mark.page

NEW, CUSTOMERS = "pages/customers/new.py", "pages/customers/lookup.py"
NOTICE, QUEUE = "pages/claims/notice.py", "pages/claims/queue.py"
CORA = {
    "First name": "Cora", "Last name": "Newman", "Date of birth": date(1990, 2, 3), "Gender": "female",
    "Phone": "614-555-0177", "Address": "1 Main Street", "City": "Columbus", "State": "OH",
    "Postal code": "K1A 0B1", "Country": "Canada", "Notes": "Met at the fair",
}  # fmt: skip
LOSS = {
    "When did it happen?": viewing.today() - timedelta(days=4), "What kind of loss?": "theft",
    "What happened?": "Gone in the morning", "Estimated amount": "1,900", "Where?": "Columbus",
    "Claimant, if not the policyholder": "Carla Cook", "Related how?": "Daughter",
    "Receipts were paid in cash": True,
}  # fmt: skip
FORM = ("claim-form.pdf", pdf("Form"), "application/pdf")


def fields(app_test):
    kinds = ("text_input", "text_area", "date_input", "selectbox", "checkbox")
    return {one.label: one for kind in kinds for one in getattr(app_test.main, kind)}


def values(app_test, names):
    shown = fields(app_test)
    return {name: shown[name].value for name in names if name in shown}


def fill(app_test, given):
    for name, value in given.items():
        fields(app_test)[name].set_value(value)
    return app_test


def labels(app_test):
    return [one.label for one in app_test.button]


def opened(app_test, page, **query):
    """As by a link of the menu or of another page: its address has nothing of the one before."""
    for name in list(app_test.query_params):
        del app_test.query_params[name]
    for name, value in query.items():
        app_test.query_params[name] = value
    return app_test.switch_page(page).run()


@pytest.fixture
def new(app_test, signed_in):
    return signed_in(app_test, make.company().ann_in_east, page=NEW)


@pytest.fixture
def support():
    return make.user(Role.SUPPORT)


@pytest.fixture
def notice(app_test, signed_in, support):
    """The page of a notice for the only policy, which was chosen on it."""
    on = policy(make.company())
    app_test = signed_in(app_test, support, page=NOTICE)
    fields(app_test)["Which policy?"].set_value(on.policy_number).run()
    return next(one for one in app_test.main.button if "P" in one.label and "·" in one.label).click().run()


def test_a_customer_who_is_begun_is_still_there_after_a_look_at_another_page(new):
    fill(new, CORA).run()
    assert "Start over" not in labels(new)
    for _ in range(2):
        opened(opened(new, CUSTOMERS), NEW)
        assert values(new, CORA) == CORA
        assert "Start over" in labels(new)
    assert not new.exception


def test_what_was_typed_right_before_the_page_was_left_is_kept_too(new, database):
    fill(new, CORA)
    with as_soon_as_asked(database, "user_sessions"):
        opened(new, CUSTOMERS)
    assert values(opened(new, NEW), CORA) == CORA


def test_what_was_changed_after_coming_back_is_kept_in_its_turn(new):
    opened(opened(fill(new, CORA).run(), CUSTOMERS), NEW)
    changed = {"First name": "Nora", "Notes": ""}
    opened(opened(fill(new, changed).run(), CUSTOMERS), NEW)
    assert values(new, CORA) == CORA | changed


def test_starting_over_empties_a_customer_for_good(new):
    opened(opened(fill(new, CORA).run(), CUSTOMERS), NEW)
    press(new, "Start over")
    empty = {name: None if name in {"Date of birth", "Gender"} else "" for name in CORA} | {
        "Country": "USA"
    }
    assert values(new, CORA) == empty
    assert "Start over" not in labels(new)
    assert values(opened(opened(new, CUSTOMERS), NEW), CORA) == empty


def test_after_a_customer_was_created_the_form_is_empty(new):
    opened(opened(fill(new, CORA).run(), CUSTOMERS), NEW)
    assert "created" in " ".join(one.value for one in press(new, "Create customer").success)
    assert values(opened(new, NEW), ["First name", "Gender"]) == {"First name": "", "Gender": None}
    assert "Start over" not in labels(new)


def test_a_customer_of_another_name_is_another_form_and_the_last_one_goes_on(new):
    opened(fill(new, {"First name": "Cora"}).run(), CUSTOMERS)
    names = ("First name", "Last name")
    assert list(values(opened(new, NEW, name="Ann Weber"), names).values()) == ["Ann", "Weber"]
    assert list(values(opened(new, NEW), names).values()) == ["Cora", ""]
    fill(opened(new, NEW, name="Ann Weber"), {"First name": "Anna"}).run()
    assert list(values(opened(opened(new, CUSTOMERS), NEW), names).values()) == ["Anna", "Weber"]
    press(new, "Start over")
    assert values(new, names)["First name"] == "Cora"


def test_a_notice_is_still_there_with_its_policy_and_asks_for_its_files_again(notice):
    fill(notice, LOSS)
    notice.file_uploader[0].set_value([FORM]).run()
    opened(opened(notice, QUEUE), NOTICE)
    assert values(notice, LOSS) == LOSS
    assert [
        one.value for one in notice.markdown if "Choose again" in one.value and "claim\\-form" in one.value
    ]
    notice.file_uploader[0].set_value([FORM]).run()
    assert not any("Choose again" in one.value for one in notice.markdown)
    assert not notice.exception


def test_a_policy_that_was_chosen_is_still_there_and_starting_over_asks_for_one(notice):
    opened(opened(notice, QUEUE), NOTICE)
    assert "What happened?" in fields(notice)
    press(notice, "Start over")
    assert "Which policy?" in fields(notice)
    assert "What happened?" not in fields(opened(opened(notice, QUEUE), NOTICE))


def test_after_a_loss_was_reported_the_notice_begins_anew(notice, support):
    opened(opened(fill(notice, LOSS).run(), QUEUE), NOTICE)
    press(notice, "Report claim")
    (row,) = claims.queue(ClaimFilter(), by=make.viewer(support), today=viewing.today()).rows
    assert "What happened?" not in fields(opened(notice, NOTICE))
    opened(notice, NOTICE, policy=row.policy_number)
    assert values(notice, ["What happened?"]) == {"What happened?": ""}


def test_a_notice_for_another_policy_or_customer_shows_nothing_of_the_first(app_test, signed_in, support):
    company = make.company()
    on, other = policy(company), policy(company)
    app_test = signed_in(app_test, support, page=NOTICE, query={"policy": on.policy_number})
    fill(app_test, LOSS).run()
    opened(app_test, NOTICE, policy=other.policy_number)
    assert values(app_test, ["What happened?"]) == {"What happened?": ""}
    assert "What happened?" not in fields(opened(app_test, NOTICE, customer=str(other.customer_id)))
    assert values(opened(app_test, NOTICE, policy=on.policy_number), LOSS) == LOSS


def kept_page():
    import streamlit as st

    from pages._ui import forms

    if st.session_state.get("is_away"):
        return
    form = forms.Form("person", initial={"name": "Ann"}, outlives_page=True)
    form.text("name", "Name")
    form.text("password", "Password", kind="password")
    form.number("age", "Age")
    form.time("at", "At")
    st.session_state.starts = form.start("name")


def test_a_password_is_not_kept_and_what_a_field_started_with_stays_known():
    app_test = AppTest.from_function(kept_page, default_timeout=20).run()
    app_test.text_input[0].set_value("Nora")
    app_test.text_input[1].set_value("correct horse battery")
    app_test.number_input[0].set_value(41).run()
    app_test.session_state["is_away"] = True
    assert not app_test.run().text_input
    app_test.session_state["is_away"] = False
    assert [one.value for one in app_test.run().text_input] == ["Nora", ""]
    assert app_test.number_input[0].value == 41
    assert app_test.session_state["starts"] == "Ann"
