import io
import json
import logging

import pytest

from core.kit import logs


@pytest.fixture
def lines():
    stream = io.StringIO()
    logs.configure(level="INFO", as_json=True, stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not getattr(one, "is_ours", False)]
    root.setLevel(logging.WARNING)


def test_lines_carry_utc_and_the_reference_of_their_request(lines):
    with logs.bind_reference("7KQ2-MX9D"):
        logs.logger("sales").info("lead_lost", lead="LD-000123")
    [line] = lines()
    assert line["event"] == "lead_lost"
    assert line["lead"] == "LD-000123"
    assert line["reference"] == "7KQ2-MX9D"
    assert line["timestamp"].endswith("Z")


def test_no_reference_is_left_after_its_request(lines):
    with logs.bind_reference():
        pass
    logs.logger("sales").info("later")
    assert "reference" not in lines()[0]


def test_personal_data_is_hidden_at_any_depth(lines):
    logs.logger("sales").info("lead_created", email="a@b.c", lead={"phone": "555", "code": "LD-1"})
    [line] = lines()
    assert line["email"] == logs.HIDDEN
    assert line["lead"] == {"phone": logs.HIDDEN, "code": "LD-1"}


def test_the_standard_library_logs_into_the_same_lines(lines):
    logging.getLogger("some.library").warning("slow")
    assert lines()[0]["event"] == "slow"


def test_looking_at_the_schema_is_not_logged(lines):
    logging.getLogger("alembic.runtime.migration").info("Context impl PostgresqlImpl.")
    logging.getLogger("alembic.runtime.migration").warning("something is odd")
    assert [line["event"] for line in lines()] == ["something is odd"]


def test_references_have_no_signs_that_sound_or_look_alike():
    assert not set("01IOL") & set(logs.new_reference())


def test_a_traceback_does_not_repeat_the_values_of_a_row(lines):
    error = ValueError("duplicate key\nDETAIL:  Key (email)=(ada@example.com) already exists.")
    logs.logger("sales").error("not_saved", exc_info=error)
    told = lines()[0]["exception"]
    assert "duplicate key" in told
    assert "ada@example.com" not in told
