"""The pages of customers: search, 360°, a new one with duplicates, and the duplicate finder."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core import customers, dossiers, people, sales, search
from core.access import Role
from core.demo.documents import pdf
from core.kit.ids import new_request_id
from tests import factories as make
from tests.pages.conftest import press, press_both, withdraw

pytestmark = pytest.mark.page

LOOKUP, CUSTOMER = "pages/customers/lookup.py", "pages/customers/customer.py"
NEW, DUPLICATES = "pages/customers/new.py", "pages/customers/duplicates.py"
TABS = (
    "Timeline",
    "Policies",
    "Leads & opportunities",
    "Claims",
    "Follow-ups",
    "Documents",
    "Contacts & relations",
    "Consent & KYC",
    "Notes",
)


def customer(company, **columns):
    given = {"agent": company.ann_in_east, "territory_id": company.east.id}
    return make.customer(**{**given, **columns})


def busy(company):
    """A customer with something in every tab."""
    one = customer(company, first_name="Catherine", last_name="Zellweger", phone_primary="+1 614-555-0182")
    policy = make.policy(company.ann_in_east, customer_id=one.id, territory_id=company.east.id)
    make.claim(policy)
    make.lead(company.ann_in_east, customer_id=one.id, territory_id=company.east.id)
    make.followup(company.ann_in_east, customer_id=one.id, scheduled_at=datetime(2026, 1, 5, tzinfo=UTC))
    by = company.ann
    customers.add_note(one.id, "Likes *letters*", request_id=new_request_id(), by=by)
    customers.record_consent(one.id, channel="email", purpose="service", is_granted=True, by=by)
    customers.add_contact(one.id, kind="mobile", value="614 555 0100", request_id=new_request_id(), by=by)
    return one


def text_of(app_test):
    return " ".join(
        str(one.value)
        for kind in ("title", "markdown", "caption", "subheader")
        for one in app_test.get(kind)
    ).replace("\\", "")


def links(app_test):
    return " ".join(one.proto.query_string for one in app_test.get("page_link"))


def test_what_is_hidden_from_the_viewer_is_a_dash_with_its_reason_and_not_0(app_test, signed_in):
    company = make.company()
    one = customer(company)
    make.policy(company.ann_in_east, customer_id=one.id, territory_id=company.east.id)
    customers.assign_customers([one.id], to=company.dan_in_district.id, by=company.erin)
    query = {"customer": one.customer_code}
    app_test = signed_in(app_test, company.dan_in_district, page=CUSTOMER, query=query)
    assert not app_test.exception
    text = text_of(app_test)
    for label in ("Lifetime premium", "Premium a year", "In force"):
        assert f":small[:gray[{label}]]  \n– (1 outside your book)" in text
    assert ":small[:gray[Open claims]]  \n0" in text


def test_a_part_without_what_lies_outside_the_book_says_how_many_there_are(app_test, signed_in):
    company = make.company()
    one = customer(company)
    for _ in range(2):
        make.policy(company.ann_in_east, customer_id=one.id, territory_id=company.east.id)
    customers.assign_customers([one.id], to=company.dan_in_district.id, by=company.erin)
    query = {"customer": one.customer_code, "tab": "Policies"}
    app_test = signed_in(app_test, company.dan_in_district, page=CUSTOMER, query=query)
    assert not app_test.exception
    assert "None in your book; 2 outside it." in text_of(app_test)
    assert "No policy yet" not in text_of(app_test)
    make.policy(company.dan_in_district, customer_id=one.id)
    app_test.run()
    assert "2 more outside your book" in text_of(app_test)


def test_a_typo_finds_the_customer(app_test, signed_in):
    company = make.company()
    one = customer(company, first_name="Catherine", last_name="Zellweger")
    app_test = signed_in(app_test, company.ann_in_east, page=LOOKUP, query={"q": "cathrine zelweger"})
    assert not app_test.exception
    assert "matched similar name" in text_of(app_test)
    assert one.customer_code in links(app_test)


@pytest.mark.parametrize(
    "typed", ["muller", "MÜLLER", "6145550182", "(614) 555-0182", "5/17/1985", "Müler"]
)
def test_the_page_finds_by_whatever_is_known(app_test, signed_in, typed):
    company = make.company()
    one = customer(company, first_name="Jürgen", last_name="Müller", phone_primary="+1 614-555-0182")
    app_test = signed_in(app_test, company.ann_in_east, page=LOOKUP, query={"q": typed})
    assert not app_test.exception
    assert one.customer_code in links(app_test)


def test_a_hit_outside_the_book_is_told_by_whose_it_is_and_opens_nothing(app_test, signed_in):
    company = make.company()
    theirs = customer(company, agent=company.walt_in_west, territory_id=company.west.id, last_name="Xerxes")
    app_test = signed_in(app_test, company.ann_in_east, page=LOOKUP, query={"q": theirs.customer_code})
    assert "Walt Western" in text_of(app_test)
    assert theirs.customer_code not in links(app_test)
    assert "Xerxes" not in text_of(app_test)


def test_criteria_are_saved_and_opened_again(app_test, signed_in):
    company = make.company()
    wanted = customer(company, city="Dayton")
    customer(company, city="Akron")
    people.save_view("customers", "In Dayton", {"city": "dayt"}, by=company.ann)
    app_test = signed_in(app_test, company.ann_in_east, page=LOOKUP)
    next(one for one in app_test.button if one.label == "In Dayton").click().run()
    assert not app_test.exception
    assert list(app_test.dataframe[0].value["code"]) == [wanted.customer_code]


@pytest.mark.parametrize(("there_are", "told"), [(3, "**1 to 3** of 3"), (4, "**1 to 4** of more than 3")])
def test_more_than_are_counted_is_told_only_when_there_are_more(
    app_test, signed_in, monkeypatch, there_are, told
):
    company = make.company()
    for _ in range(there_are):
        customer(company)
    for place in (search, search.views):
        monkeypatch.setattr(place, "COUNTED", 3)
    app_test = signed_in(app_test, company.ann_in_east, page=LOOKUP)
    assert told in [one.value for one in app_test.caption]


def test_who_is_not_found_is_entered_with_the_name_that_was_typed(app_test, signed_in):
    company = make.company()
    app_test = signed_in(app_test, company.ann_in_east, page=LOOKUP, query={"q": "quentin xanthippos"})
    assert "Nothing is found" in text_of(app_test)
    assert "name=quentin" in links(app_test)
    app_test.query_params["name"] = "Xanthippos, quentin"
    app_test.switch_page(NEW).run()
    assert not app_test.exception
    fields = {one.label: one.value for one in app_test.text_input}
    assert (fields["First name"], fields["Last name"]) == ("Quentin", "Xanthippos")


def test_the_box_in_the_sidebar_opens_the_hits(app_test, signed_in):
    company = make.company()
    one = customer(company)
    app_test = signed_in(app_test, company.ann_in_east)
    app_test.sidebar.text_input[0].input(one.customer_code).run()
    assert not app_test.exception
    assert "1 hit" in text_of(app_test)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CUSTOMER])
def test_every_role_opens_the_list_and_every_tab(app_test, signed_in, role):
    company = make.company()
    one = busy(company)
    person = {Role.AGENT: company.ann_in_east, Role.MANAGER: company.erin_manages_east}.get(role)
    person = person or make.user(role)
    app_test = signed_in(app_test, person, page=LOOKUP)
    assert not app_test.exception
    app_test.query_params["customer"] = one.customer_code
    app_test.switch_page(CUSTOMER).run()
    for tab in TABS:
        app_test.query_params["tab"] = tab
        app_test.run()
        assert not app_test.exception, tab
    sees = role is not Role.SENIOR_AGENT
    assert (one.customer_code in text_of(app_test)) == sees
    masked = role in {Role.EXECUTIVE, Role.ANALYST}
    assert ("Zellweger" in text_of(app_test)) == (sees and not masked)


def test_a_new_customer_is_shown_the_duplicates_before_anything_is_saved(app_test, signed_in):
    company = make.company()
    one = customer(company, phone_primary="+1 614-555-0182")
    app_test = signed_in(app_test, company.ann_in_east, page=NEW)

    def field(kind, label):
        return next(found for found in app_test.get(kind) if found.label == label)

    for label, value in (
        ("First name", "Cora"),
        ("Last name", "Newman"),
        ("Phone", "(614) 555-0182"),
        ("Address", "1 Main Street"),
        ("City", "Columbus"),
        ("State", "OH"),
        ("Postal code", "43085"),
    ):
        field("text_input", label).input(value)
    field("date_input", "Date of birth").set_value(date(1990, 2, 3))
    field("selectbox", "Gender").select("female")
    field("button", "Create customer").click()
    app_test.run()
    assert not app_test.exception
    assert "same phone" in text_of(app_test)
    (there,) = app_test.get("link_button")
    assert there.proto.url == f"/customer?customer={one.customer_code}"
    assert customers.find("Newman", by=company.ann) == ()
    field("text_input", "Why a new record is needed all the same").input("Shares the phone")
    field("button", "Create all the same").click()
    app_test.run()
    assert not app_test.exception
    (made,) = customers.find("Newman", by=company.ann)
    assert made.code in text_of(app_test)


def test_a_birth_date_that_cannot_be_is_told_and_stays_typed(app_test, signed_in):
    company = make.company()
    app_test = signed_in(app_test, company.ann_in_east, page=NEW)
    born = next(one for one in app_test.date_input if one.label == "Date of birth")
    born.set_value(date(2031, 5, 17))
    next(one for one in app_test.button if one.label == "Create customer").click()
    app_test.run()
    assert any("The date must lie between" in one.value for one in app_test.markdown)
    assert app_test.date_input[0].value == date(2031, 5, 17)


def test_who_finds_by_codes_alone_is_promised_no_names(app_test, signed_in):
    make.company()
    app_test = signed_in(app_test, make.user(Role.ANALYST), page=LOOKUP)
    assert any("Find a record by its code" in one.value for one in app_test.caption)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.EXECUTIVE])
@pytest.mark.parametrize(
    ("page", "known"),
    [
        ("pages/sales/board.py", "Code"),
        ("pages/sales/opportunities.py", "Code"),
        ("pages/customers/accounts.py", "Name or code"),
        ("pages/policies/policies.py", "Policy number or customer's code"),
        ("pages/claims/queue.py", "Number of a claim or policy"),
    ],
)
def test_a_search_names_only_what_its_viewer_searches_by(app_test, signed_in, database, page, known, role):
    app_test = signed_in(app_test, make.user(role), page=page)
    assert [one.placeholder for one in app_test.text_input if one.label == "Search"] == [known]


def test_who_finds_by_codes_alone_is_told_so_where_no_customer_is_chosen(app_test, signed_in, database):
    app_test = signed_in(app_test, make.user(Role.ANALYST), page=CUSTOMER)
    assert "Find one by code." in text_of(app_test)


def test_a_follow_up_is_planned_and_completed_from_the_360(app_test, signed_in):
    company = make.company()
    one = customer(company)
    app_test = signed_in(
        app_test,
        company.ann_in_east,
        page=CUSTOMER,
        query={"customer": one.customer_code, "tab": "Follow-ups"},
    )

    def click(label):
        [found for found in app_test.button if found.label == label][-1].click()
        app_test.run()
        assert not app_test.exception

    def planned():
        return [row.status for row in sales.contacts_with(one.id, by=company.ann).followups]

    click("Plan follow-up")
    next(found for found in app_test.text_input if found.label == "What about").input("The renewal")
    # What opened the form is not there a second time.
    assert [found.label for found in app_test.button].count("Plan follow-up") == 1
    click("Plan follow-up")
    assert planned() == ["planned"]
    assert "The renewal" in text_of(app_test)
    click("Complete")
    next(found for found in app_test.text_input if found.label == "What came of it").input("Renews")
    next(found for found in app_test.button if found.label == "Complete").click()
    app_test.run()
    assert not app_test.exception
    assert planned() == ["completed"]


@pytest.mark.parametrize("tab", ["Timeline", "Follow-ups"])
def test_the_form_for_a_follow_up_opens_from_the_menu_of_every_tab(app_test, signed_in, tab):
    company = make.company()
    query = {"customer": customer(company).customer_code, "tab": tab}
    app_test = signed_in(app_test, company.ann_in_east, page=CUSTOMER, query=query)
    more_of(app_test).click("Plan a follow-up").run()
    assert not app_test.exception
    assert "What about" in [found.label for found in app_test.text_input]


def test_a_follow_up_is_cancelled_by_a_button_that_says_so(app_test, signed_in):
    company = make.company()
    one = customer(company)
    make.followup(company.ann_in_east, customer_id=one.id)
    query = {"customer": one.customer_code, "tab": "Follow-ups"}
    app_test = signed_in(app_test, company.ann_in_east, page=CUSTOMER, query=query)
    next(found for found in app_test.button if found.label == "Cancel").click().run()
    next(found for found in app_test.button if found.label == "Cancel follow-up").click().run()
    assert not app_test.exception
    assert [row.status for row in sales.contacts_with(one.id, by=company.ann).followups] == ["cancelled"]


def test_a_pair_is_merged_in_the_finder(app_test, signed_in):
    company = make.company()
    same = {"first_name": "Zacharias", "last_name": "Zimmer", "date_of_birth": date(1971, 3, 4)}
    one = customer(company, **same, email="zz@example.com", phone_primary="+1 614-555-0182")
    two = customer(company, **same, email="zz@example.com", phone_primary="+1 614-555-0182")
    customers.compare_customers()
    app_test = signed_in(app_test, company.erin_manages_east, page=DUPLICATES)
    assert not app_test.exception
    assert "1 pair" in text_of(app_test)

    def records():
        codes = (one.customer_code, two.customer_code)
        return len({customers.customer(code, by=company.erin).code for code in codes})

    press(app_test, "Keep this one")
    assert "goes into" in text_of(app_test)
    press_both(app_test, "Keep this one", "Merge")
    assert records() == 2  # no reason, no merge
    reason = next(found for found in app_test.text_area if found.label.startswith("What shows"))
    reason.input("Asked on the telephone")
    press_both(app_test, "Keep this one", "Merge")
    assert not app_test.exception
    assert "No two records look like one person" in text_of(app_test)
    assert records() == 1
    (merge,) = dossiers.merges(customers.customer(one.customer_code, by=company.erin).id, by=company.erin)
    assert merge.reason == "Asked on the telephone"
    press(app_test, "Undo")
    assert not app_test.exception
    assert records() == 2
    assert "1 pair" in text_of(app_test)
    assert "Undo" not in [found.label for found in app_test.button]


def more_of(app_test):
    """The menu of the page's head, which an archived record may be without."""
    return next((menu for menu in app_test.get("menu_button") if menu.label == "More"), None)


def merged(company):
    """A record, and one that was merged into it."""
    kept, gone = customer(company), customer(company)
    dossiers.merge(kept.id, gone.id, reason="Same passport", by=company.erin)
    return kept, gone


@pytest.mark.parametrize("is_archived", [False, True])
def test_a_merge_is_undone_on_the_page_of_the_record_that_stayed(app_test, signed_in, is_archived):
    company = make.company()
    kept, gone = merged(company)
    if is_archived:
        version = customers.customer(kept.customer_code, by=company.erin).version
        dossiers.archive(kept.id, version=version, reason="Moved away", by=company.erin)
    undoing = f"Undo the merge with {gone.customer_code}"
    # The address still names the record that is gone.
    query = {"customer": gone.customer_code}
    app_test = signed_in(app_test, company.erin_manages_east, page=CUSTOMER, query=query)
    more_of(app_test).click(undoing).run()
    assert "Same passport" in text_of(app_test)
    assert dossiers.merges(kept.id, by=company.erin)[0].undone_at is None
    more_of(app_test).click(undoing)
    press(app_test, "Undo the merge")
    assert not app_test.exception
    assert [said.value for said in app_test.toast] == ["The merge is undone"]
    assert dossiers.merges(kept.id, by=company.erin)[0].undone_at is not None
    assert kept.customer_code in text_of(app_test)
    assert undoing not in getattr(more_of(app_test), "options", ())


def test_who_may_not_merge_is_not_offered_to_undo_it(app_test, signed_in):
    company = make.company()
    kept, _ = merged(company)
    query = {"customer": kept.customer_code}
    app_test = signed_in(app_test, company.ann_in_east, page=CUSTOMER, query=query)
    assert not [label for label in more_of(app_test).options if "merge" in label.lower()]


def test_an_agent_has_no_duplicate_finder(app_test, signed_in):
    app_test = signed_in(app_test, make.agent())
    with pytest.raises(ValueError, match="duplicates"):
        app_test.switch_page(DUPLICATES).run()


def uploaded(one, by, *, name="licence.pdf", kind="id_proof"):
    request = new_request_id()
    return customers.upload_document(
        one.id, kind=kind, name=name, content=pdf("Licence"), request_id=request, by=by
    )


def test_a_wrong_upload_is_taken_back_by_who_uploaded_it_and_shown_as_withdrawn(app_test, signed_in):
    company = make.company()
    one = customer(company)
    uploaded(one, company.ann)
    query = {"customer": one.customer_code, "tab": "Documents"}
    app_test = signed_in(app_test, company.ann_in_east, page=CUSTOMER, query=query)
    withdraw(app_test, "Why? (optional)", "Wrong customer")
    assert not app_test.exception
    assert customers.documents(one.id, by=company.ann) == ()
    app_test.run()
    assert "Withdraw…" not in [one.label for one in app_test.button]
    assert [one.label for one in app_test.expander] == ["1 withdrawn document"]
    shown = text_of(app_test)
    assert "Withdrawn by Ann Agent" in shown
    assert "Wrong customer" in shown
    assert not [link for link in app_test.get("link_button") if "/files/" in link.proto.url]


def test_why_anothers_document_is_withdrawn_is_asked_for(app_test, signed_in):
    company = make.company()
    one = customer(company)
    key = uploaded(one, company.ann)
    customers.verify_document(key, by=company.erin)
    query = {"customer": one.customer_code, "tab": "Documents"}
    app_test = signed_in(app_test, company.erin_manages_east, page=CUSTOMER, query=query)
    withdraw(app_test, "Why?", " ")
    assert "Say why" in text_of(app_test)
    assert [found.id for found in customers.documents(one.id, by=company.ann)] == [key]


def test_nobody_is_offered_to_withdraw_what_they_may_not(app_test, signed_in):
    company = make.company()
    one = customer(company)
    uploaded(one, company.erin)
    query = {"customer": one.customer_code, "tab": "Documents"}
    app_test = signed_in(app_test, company.ann_in_east, page=CUSTOMER, query=query)
    assert not app_test.exception
    assert "licence.pdf" in text_of(app_test)
    assert "Withdraw…" not in [one.label for one in app_test.button]


def test_a_withdrawn_file_is_offered_to_readers_of_the_audit_log(app_test, signed_in):
    company = make.company()
    one = customer(company)
    key = uploaded(one, company.ann)
    customers.withdraw_document(key, by=company.ann)
    query = {"customer": one.customer_code, "tab": "Documents"}
    app_test = signed_in(app_test, company.admin, page=CUSTOMER, query=query)
    assert [link.proto.url for link in app_test.get("link_button") if "/files/" in link.proto.url] == [
        f"/files/{key}", f"/files/{key}?download",
    ]  # fmt: skip
