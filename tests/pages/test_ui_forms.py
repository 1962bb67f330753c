import ast
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages._ui import forms

pytestmark = pytest.mark.page
ROOT = Path(__file__).resolve().parents[2]


def form_page():
    import streamlit as st

    from core.kit.errors import Invalid
    from pages._ui import errors, forms, page
    from pages._ui.filters import Option

    page.head("New lead")
    form = forms.Form("lead", initial={"city": "Boston"})
    with form.body():
        form.text("name", "Name")
        form.text("email", "E-mail", kind="email")
        form.text("city", "City")
        form.money("premium", "Premium")
        form.choice("product", "Product", [Option("1", "Auto"), Option("2", "Home")])
        sent = form.submit("Save")
    st.session_state.setdefault("ids", []).append(str(form.request_id))
    if sent:
        with form.sending() as outcome:
            st.session_state.amount = form.amount("premium")
            if not form.values["email"]:
                raise Invalid({"email": "Give an *e-mail*.", "owner": "Somebody must own it."})
        if outcome.ok:
            errors.flash("Saved")
            st.rerun()


def hurried_page():
    import streamlit as st

    from pages._ui import forms
    from tests.pages.next_input import arrives

    saved, cut = st.session_state.setdefault("saved", []), st.session_state.setdefault("cut", [])
    with forms.whole_run():
        if cut == ["before"]:
            cut.clear()
            arrives()
        if st.session_state.get("is_away"):
            return
        form = forms.Form("lead")
        with form.body():
            form.text("name", "Name")
            sent = form.submit("Save")
        if sent:
            with form.sending():
                saved.append((form.values["name"], str(form.request_id)))
                if cut:
                    arrives(clicks_again=cut.pop() == "again")


@pytest.fixture
def hurried():
    """Saves "Nora" with the next input arriving before or after it, or with a second click."""

    def run(when, *, leaves=False):
        at = AppTest.from_function(hurried_page, default_timeout=20).run()
        fill(at, "Name", "Nora")
        at.session_state["cut"] = [when]
        at.session_state["is_away"] = leaves
        return save(at)

    return run


@pytest.fixture
def at():
    return AppTest.from_function(form_page, default_timeout=20).run()


def save(at):
    return at.button[0].click().run()


def fill(at, label, value):
    next(one for one in at.text_input if one.label == label).set_value(value)


def told(at):
    """The sentences beside the fields."""
    start, end = ":small[:red[:material/error: ", "]]"
    return [
        one.value.removeprefix(start).removesuffix(end)
        for one in at.markdown
        if one.value.startswith(start)
    ]


def values(at):
    return {one.label: one.value for one in at.text_input}


def test_an_error_stands_beside_its_field_with_its_signs_taken_literally(at):
    save(at)
    assert told(at) == [r"Give an \*e\-mail\*\."]


def test_a_form_that_worked_is_empty_although_the_next_input_cuts_the_run_short(hurried):
    at = hurried("after")
    assert values(at) == {"Name": ""}
    fill(at, "Name", "Ole")
    (nora, first_id), (ole, second_id) = save(at).session_state["saved"]
    assert (nora, ole) == ("Nora", "Ole")
    assert first_id != second_id


def test_a_second_click_does_not_send_the_emptied_form(hurried):
    at = hurried("again")
    assert [name for name, _ in at.session_state["saved"]] == ["Nora"]
    assert len(at.run().session_state["saved"]) == 1


def test_a_form_that_was_sent_is_saved_once_although_the_next_input_comes_first(hurried):
    at = hurried("before")
    assert [name for name, _ in at.session_state["saved"]] == ["Nora"]
    assert len(at.run().session_state["saved"]) == 1


def test_a_form_that_was_left_before_it_could_be_saved_is_not_saved_later(hurried):
    at = hurried("before", leaves=True)
    at.session_state["is_away"] = False
    assert values(at.run()) == {"Name": ""}
    assert at.session_state["saved"] == []


def test_an_error_of_no_field_stands_above_the_button(at):
    save(at)
    assert [one.value for one in at.error] == [r"Somebody must own it\."]


def test_errors_stay_until_the_form_is_sent_again(at):
    save(at)
    at.run()
    assert len(told(at)) == 1
    fill(at, "E-mail", "a@example.com")
    save(at)
    assert len(at.markdown) == 0


def test_nothing_typed_is_lost_when_the_form_is_refused(at):
    fill(at, "Name", "Ann")
    save(at)
    assert values(at)["Name"] == "Ann"


def test_an_amount_that_is_none_is_told_beside_its_field(at):
    fill(at, "Premium", "12x")
    save(at)
    assert "is not an amount" in at.markdown[0].value


def test_a_text_that_is_too_long_is_told_and_kept_and_not_sent(at):
    fill(at, "Name", "N" * 201)
    fill(at, "E-mail", "ann@example.com")
    save(at)
    assert told(at) == [r"At most 200 characters fit here; this has 201\."]
    assert values(at)["Name"] == "N" * 201
    assert "amount" not in at.session_state


def test_the_request_id_stays_until_the_form_was_accepted_and_then_changes(at):
    save(at)
    save(at)
    assert len(set(at.session_state.ids)) == 1
    fill(at, "E-mail", "a@example.com")
    save(at)
    assert len(set(at.session_state.ids)) == 2


def test_success_empties_the_fields_and_is_told_once(at):
    fill(at, "Name", "Ann")
    fill(at, "E-mail", "a@example.com")
    save(at)
    assert values(at) == {"Name": "", "E-mail": "", "City": "Boston", "Premium": ""}
    assert [one.value for one in at.toast] == ["Saved"]
    assert [one.value for one in at.run().toast] == []


def test_no_date_or_number_box_has_limits_of_its_own():
    # Beyond them the browser keeps what was typed, and the page is sent what stood there before.
    with_limits = []
    for path in sorted((ROOT / "pages").rglob("*.py")):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            if getattr(call.func, "attr", "") == "number_input":
                names = {word.arg for word in call.keywords} & {"min_value", "max_value"}
                with_limits += [f"{path.name}:{call.lineno}"] if names or len(call.args) > 1 else []
            if getattr(call.func, "attr", "") == "date_input":
                with_limits += [] if {"LONG_AGO", "FAR_AHEAD"} <= names_in(call) else [str(path.name)]
    assert with_limits == []


def names_in(call):
    return {node.id for node in ast.walk(call) if isinstance(node, ast.Name)}


def letter_page():
    import streamlit as st

    from core.kit.errors import Invalid
    from pages._ui import forms

    form = forms.Form("letter")
    reason = st.text_input("Reason", key="reason")
    if reason:
        form.suggest("text", f"No, because {reason}.")
        form.answered("reason")
    form.area("text", "Letter")
    with form.body():
        sent = form.submit("Send")
    if sent:
        with form.sending():
            raise Invalid({"reason": "Choose a reason."})


def test_a_suggested_text_follows_what_it_comes_from_until_somebody_writes_otherwise():
    at = AppTest.from_function(letter_page, default_timeout=20).run()
    for reason, expected in (("", ""), ("rain", "No, because rain."), ("hail", "No, because hail.")):
        at.text_input[0].set_value(reason).run()
        assert at.text_area[0].value == expected
    at.text_area[0].set_value("Sorry.").run()
    assert at.text_area[0].value == "Sorry."
    at.text_input[0].set_value("rain").run()
    assert at.text_area[0].value == "Sorry."
    assert not at.exception


def test_a_sentence_below_the_form_goes_once_what_it_asked_for_is_there():
    at = AppTest.from_function(letter_page, default_timeout=20).run()
    at.button[0].click().run()
    assert [one.value for one in at.error] == ["Choose a reason\\."]
    at.text_input[0].set_value("rain").run()
    assert not at.error


def table_page():
    import pandas as pd

    from core.kit.errors import Invalid
    from pages._ui import forms

    form = forms.Form("rates")
    with form.body():
        form.drawn("bands", pd.DataFrame({"Rate": ["-2.5"]}))
        sent = form.submit("Send")
    if sent:
        with form.sending():
            raise Invalid({"bands": "The rate is below 0."})


def test_what_is_wrong_with_a_table_is_told_beside_it_and_nothing_else():
    at = AppTest.from_function(table_page, default_timeout=20).run()
    for _ in range(2):
        at.button[0].click().run()
        assert [one.value for one in at.markdown] == [
            r":small[:red[:material/error: The rate is below 0\.]]"
        ]
        assert not at.exception
        assert not at.error


def versions_page():
    import streamlit as st

    from core.kit.errors import Conflict
    from pages._ui import forms, versions

    st.button("Open", on_click=forms.renew, args=("person",))
    form = forms.Form("person")
    with form.body():
        sent = form.submit("Save")
    st.session_state["version"] = versions.of(form, 7)
    if sent:
        with form.sending() as outcome:
            raise Conflict("Somebody was faster.")
        versions.follow(form, outcome, lambda: 9)


def test_the_version_that_somebody_was_told_of_goes_with_the_form():
    """A form that is opened anew shows what is there now, which is not what was told of then."""
    at = AppTest.from_function(versions_page, default_timeout=20).run()
    at.button[1].click().run()
    assert at.run().session_state["version"] == 9
    assert at.button[0].click().run().session_state["version"] == 7


def asking_page():
    import streamlit as st

    from core.kit.errors import Invalid
    from pages._ui import forms
    from pages._ui.filters import Option

    sent_with = st.session_state.setdefault("sent_with", [])
    form = forms.Form("person")
    with form.body():
        form.text("first_name", "First name", required=True)
        form.money("target", "Target", required=True)
        form.text("email", "E-mail", required=True)
        form.choice("gender", "Gender", [Option("f", "Female")], required="Choose one of them.")
        form.area("reason", "Why?", required="Say why.")
        form.text("note", "Note", max_chars=3)
        sent = form.submit("Save", core_asks=st.session_state.get("core_asks", False))
    if sent:
        with form.sending():
            sent_with.append(dict(form.values))
            raise Invalid({"email": "“x” is not an e-mail address.", "reason": "Say it in a sentence."})


@pytest.fixture
def asking():
    return AppTest.from_function(asking_page, default_timeout=20).run()


def foot(at):
    return [one.value for one in at.markdown if "attention" in one.value]


def test_every_blank_required_field_is_asked_for_and_nothing_is_sent(asking):
    fill(asking, "E-mail", "  ")
    save(asking)
    assert told(asking) == [
        r"Enter the first name\.", r"Enter the target\.", r"Enter the e\-mail\.",
        r"Choose one of them\.", r"Say why\.",
    ]  # fmt: skip
    assert asking.session_state["sent_with"] == []


def test_the_blank_fields_are_told_with_all_else_that_the_form_knows_to_be_wrong(asking):
    fill(asking, "First name", "Ann")
    fill(asking, "Target", "much")
    fill(asking, "Note", "Too long")
    save(asking)
    assert len(told(asking)) == 5
    assert "is not an amount" in told(asking)[0]
    assert "At most 3 characters" in told(asking)[-1]
    assert values(asking)["First name"] == "Ann"


def test_what_the_core_says_stands_with_the_blank_fields_which_the_form_asks_for_in_its_words(asking):
    asking.session_state["core_asks"] = True
    fill(asking, "E-mail", "x")
    save(asking)
    assert told(asking) == [
        r"Enter the first name\.", r"Enter the target\.", r"“x” is not an e\-mail address\.",
        r"Choose one of them\.", r"Say why\.",
    ]  # fmt: skip
    assert len(asking.session_state["sent_with"]) == 1


def test_which_fields_are_wrong_is_told_above_the_button_until_the_form_is_sent_again(asking):
    fill(asking, "Target", "5")
    fill(asking, "E-mail", "a@example.com")
    save(asking)
    sentence = r":red[:material/error: 3 fields need your attention\: First name, Gender, Why\.]"
    assert foot(asking) == [sentence]
    assert foot(asking.run()) == [sentence]
    fill(asking, "First name", "Ann")
    asking.selectbox[0].select("f")
    save(asking)
    assert foot(asking) == [r":red[:material/error: 1 field needs your attention\: Why\.]"]
    asking.text_area[0].set_value("So")
    fill(asking, "Note", "Too long")
    save(asking)
    assert foot(asking) == []  # its own sentence stands right above the button
    assert len(told(asking)) == 1


def test_a_required_field_is_not_held_back_by_the_browser_and_marked_all_the_same(asking):
    fields = [*asking.text_input, *asking.text_area, *asking.selectbox]
    assert not any(one.proto.required for one in fields)
    marked = {one.label for one in fields if forms.REQUIRED in one.key}
    assert marked == {"First name", "Target", "E-mail", "Gender", "Why?"}
    assert f'[class*="{forms.REQUIRED}-"]' in (ROOT / "pages/_ui/assets/pages.css").read_text()


def test_no_field_is_left_to_the_check_of_the_browser():
    """It tells nothing but a red box, far from the button on a phone; `forms.Form` asks in a sentence."""
    left = [
        f"{path.name}:{call.lineno}"
        for path in sorted((ROOT / "pages").rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and getattr(getattr(call.func, "value", None), "id", "") == "st"
        and getattr(call.func, "attr", "") != "segmented_control"  # which always has a choice
        and "required" in {word.arg for word in call.keywords}
    ]
    assert left == []


def test_a_question_is_asked_for_in_words_of_its_own():
    """“Enter the why?” would be none."""
    left = [
        f"{path.name}:{call.lineno}"
        for path in sorted((ROOT / "pages").rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and any(
            word.arg == "required" and getattr(word.value, "value", "") is True for word in call.keywords
        )
        and any(str(getattr(one, "value", "")).endswith("?") for one in call.args)
    ]
    assert left == []
