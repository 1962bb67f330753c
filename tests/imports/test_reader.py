"""Reading CSV and XLSX: what is read, and what is refused in one sentence."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from core.imports import reader
from core.imports.errors import Unreadable
from core.imports.reader import FileOptions
from core.kit.settings import ROOT

HERE = Path(__file__).parent
PUBLIC = ROOT.parent / "shared" / "data" / "robustness"
needs_public_data = pytest.mark.skipif(
    not PUBLIC.exists(), reason="the public data are not beside the checkout (../shared/data/robustness)"
)
# The cases of csv-spectrum by their public name: (file, expected records).
SPECTRUM = {
    "comma_in_quotes": (
        b'first,last,address,city,zip\nJohn,Doe,120 any st.,"Anytown, WW",08123',
        [["John", "Doe", "120 any st.", "Anytown, WW", "08123"]],
    ),
    "empty": (b'a,b,c\n1,"",""\n2,3,4', [["1", "", ""], ["2", "3", "4"]]),
    "empty_crlf": (b'a,b,c\r\n1,"",""\r\n2,3,4', [["1", "", ""], ["2", "3", "4"]]),
    "escaped_quotes": (b'a,b\n1,"ha ""ha"" ha"\n3,4\n', [["1", 'ha "ha" ha'], ["3", "4"]]),
    "json": (
        b'key,val\n1,"{""type"": ""Point"", ""coordinates"": [102.0, 0.5]}"\n',
        [["1", '{"type": "Point", "coordinates": [102.0, 0.5]}']],
    ),
    "newlines": (
        b'a,b,c\n1,2,3\n"Once upon \na time",5,6\n7,8,9\n',
        [["1", "2", "3"], ["Once upon \na time", "5", "6"], ["7", "8", "9"]],
    ),
    "newlines_crlf": (
        b'a,b,c\r\n1,2,3\r\n"Once upon \r\na time",5,6\r\n7,8,9\r\n',
        [["1", "2", "3"], ["Once upon \r\na time", "5", "6"], ["7", "8", "9"]],
    ),
    "quotes_and_newlines": (
        b'a,b\n1,"ha \n""ha"" \nha"\n3,4\n',
        [["1", 'ha \n"ha" \nha'], ["3", "4"]],
    ),
    "utf8": ("a,b,c\n1,2,3\n4,5,ʤ".encode(), [["1", "2", "3"], ["4", "5", "ʤ"]]),
}


@pytest.fixture
def write(tmp_path):
    def written(content: bytes | str, name: str = "rows.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


@pytest.fixture
def workbook(tmp_path):
    def written(*rows: list[object], name: str = "rows.xlsx", above: int = 0) -> Path:
        path = tmp_path / name
        book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("Deals")
        for line, row in enumerate(rows, start=above):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, place, cell, day)
                else:
                    sheet.write(line, place, cell)
        book.close()
        return path

    return written


def read(path: Path, **options: str) -> list[list[object]]:
    inspected = reader.inspect(path, FileOptions(**options))
    return [list(row.cells) for row in reader.rows(inspected)]


def refusal(path: Path, **options: str) -> str:
    with pytest.raises(Unreadable) as refused:
        reader.inspect(path, FileOptions(**options))
    assert refused.value.remedy, "a refusal says what to do"
    return refused.value.message


@pytest.mark.parametrize("case", SPECTRUM)
def test_the_spectrum_of_csv_is_read_as_expected(case, write):
    content, expected = SPECTRUM[case]
    assert read(write(content)) == expected


def test_rows_know_the_line_that_they_start_on(write):
    path = write('a,b\n1,"two\nlines"\n\n3,4\n')
    assert [row.line for row in reader.rows(reader.inspect(path))] == [2, 5]


def test_a_byte_order_mark_is_no_part_of_the_first_name(write):
    assert reader.inspect(write(b"\xef\xbb\xbfa,b\n1,2\n")).header == ("a", "b")


@pytest.mark.parametrize(
    ("mark", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")]
)
def test_the_delimiter_is_found_from_the_header(mark, name, write):
    assert read(write(f"a{mark}b\n1{mark}2\n")) == [["1", "2"]]


def test_a_delimiter_that_is_not_clear_is_asked_for(write):
    assert refusal(write("a,b;c\n1,2;3\n")) == (
        "The columns of rows.csv may be separated by comma or semicolon."
    )


def test_a_stated_delimiter_wins(write):
    assert read(write("a,b;c\n1,2;3\n"), delimiter=";") == [["1,2", "3"]]


def test_an_empty_file_is_refused(write):
    assert refusal(write("")) == "rows.csv is empty."


def test_a_file_of_blank_lines_has_no_header(write):
    assert refusal(write("\n\n\n")) == "rows.csv holds no header."


def test_a_header_without_rows_is_refused(write):
    assert refusal(write("a,b\n")) == "rows.csv holds a header and no rows."


def test_a_missing_file_is_refused(tmp_path):
    assert refusal(tmp_path / "gone.csv") == "There is no file gone.csv."


def test_another_encoding_than_the_stated_one_is_refused_with_its_line(write):
    path = write("a,b\n1,2\n3,Zürich\n".encode("latin-1"))
    assert refusal(path) == "rows.csv is not UTF-8: line 3 holds bytes that are none of its characters."


def test_a_stated_encoding_is_used(write):
    path = write("a,b\n3,Zürich\n".encode("latin-1"))
    assert read(path, encoding="iso-8859-1") == [["3", "Zürich"]]


def test_utf_16_is_named_as_what_it_is(write):
    path = write("a,b\n1,2\n".encode("utf-16"))
    assert refusal(path) == "rows.csv is encoded as UTF-16, not utf-8."
    assert read(path, encoding="utf-16") == [["1", "2"]]


def test_an_encoding_that_does_not_exist_is_refused(write):
    assert refusal(write("a\n1\n"), encoding="klingon") == "There is no encoding klingon."


def test_a_text_cut_within_a_character_is_refused(write):
    assert "is not UTF-8" in refusal(write("a\n1\nʤ".encode()[:-1]))


def test_a_zero_byte_is_refused_with_its_line(write):
    assert refusal(write(b"a,b\n1,2\n3,\x004\n")) == "rows.csv is no text file: line 3 holds a zero byte."


def test_a_workbook_named_csv_is_refused(workbook):
    path = workbook(["a"], [1], name="rows.xlsx")
    renamed = path.rename(path.with_suffix(".csv"))
    assert refusal(renamed) == "rows.csv is an Excel workbook that is not named .xlsx."


def test_a_csv_named_xlsx_is_refused(write):
    assert refusal(write("a,b\n1,2\n", "rows.xlsx")) == "rows.xlsx is named .xlsx but is no Excel workbook."


def test_an_old_workbook_is_refused(write):
    path = write(b"\xd0\xcf\x11\xe0\xa1\xb1", "rows.xls")
    assert refusal(path) == "rows.xls is a workbook of an old or protected kind."


def test_a_damaged_workbook_is_refused(write):
    assert (
        refusal(write(b"PK\x03\x04 no archive", "rows.xlsx")) == "rows.xlsx is a damaged workbook or none."
    )


def test_two_columns_of_one_name_are_refused(write):
    assert refusal(write("a,b,a\n1,2,3\n")) == "rows.csv has more than one column named “a”."


def test_a_column_without_a_name_is_refused(write):
    assert refusal(write("a,,c\n1,2,3\n")) == "Column 2 of rows.csv has no name."


def test_a_quote_that_is_never_closed_is_refused_with_its_line(write):
    assert refusal(write('a,b\n1,2\n3,"4\n5,6\n')) == (
        "rows.csv can't be read from line 3 on: a quote that opens there is never closed."
    )


def test_text_after_a_closing_quote_is_refused_with_its_line(write):
    assert refusal(write('a,b\n1,"2"x\n')) == (
        "rows.csv can't be read from line 2 on: text follows a closing quote."
    )


def test_a_ragged_row_is_its_own_problem_and_the_others_are_read(write):
    path = write("a,b\n1,2\n3\n4,5,6\n7,8\n")
    rows = list(reader.rows(reader.inspect(path)))
    assert [(row.line, row.problem) for row in rows] == [
        (2, None),
        (3, "It has 1 cells, fewer than the header's 2."),
        (4, "It has 3 cells, more than the header's 2."),
        (5, None),
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a,b\n1\n2\n", "has 2 columns but line 2 has 1 cell, and 2 of its 2 rows don't fit it."),
        ("a\n1,2\n", "has 1 column but line 2 has 2 cells, and 1 of its 1 rows don't fit it."),
        ("a,b\n1,2\n3,4,5\n6,7,8\n", "has 2 columns but line 3 has 3 cells, and 2 of its 3 rows"),
    ],
)
def test_a_file_whose_rows_mostly_do_not_fit_its_header_is_refused(write, content, told):
    with pytest.raises(Unreadable, match="names every column, and what separates them") as refused:
        reader.inspect(write(content))
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("%PDF-1.4 one line", "a PDF document"),
        ("%PDF-1.4\n1 0 obj\n", "a PDF document"),
        ("\ufeff<!DOCTYPE html><title>Sign in</title>\n", "a web page"),
        ("  <html>\n<body>\n", "a web page"),
        ('<?xml version="1.0"?>\n', "an XML document"),
        ("{\\rtf1\\ansi\n", "a text document"),
    ],
)
def test_a_document_is_refused_as_what_it_is(write, content, kind):
    assert refusal(write(content)) == f"rows.csv is {kind}, no table."


def test_a_header_in_angle_brackets_is_read(write):
    assert read(write("<DATE>,<CLOSE>\n2026-03-02,5\n")) == [["2026-03-02", "5"]]


def test_a_workbook_is_read_with_its_line_numbers(workbook):
    path = workbook(["id", "day"], [1, date(2017, 3, 1)], [2.5, "x"], above=2)
    inspected = reader.inspect(path)
    rows = list(reader.rows(inspected))
    assert inspected.header == ("id", "day")
    assert [row.line for row in rows] == [4, 5]
    assert reader.as_text(rows[0].cells[0]) == "1"
    assert rows[0].cells[1] == date(2017, 3, 1)


@pytest.mark.parametrize(
    ("cell", "told"), [(1e21, "1" + 21 * "0"), (0.00001, "0.00001"), (1234.5, "1234.5"), (-2.0, "-2")]
)
def test_a_number_of_a_workbook_is_written_out_in_full(workbook, cell, told):
    (row,) = reader.rows(reader.inspect(workbook(["id"], [cell])))
    assert reader.as_text(row.cells[0]) == told


def test_a_sheet_that_is_not_there_is_refused(workbook):
    assert refusal(workbook(["a"], [1]), sheet="Leads") == "rows.xlsx has no sheet Leads."


def test_every_naughty_string_is_read_as_the_text_it_is(write):
    strings = json.loads((HERE / "naughty.json").read_text(encoding="utf-8"))
    content = "id,text\n" + "".join(
        f'{n},"{one.replace(chr(34), chr(34) * 2)}"\n' for n, one in enumerate(strings)
    )
    assert [row[1] for row in read(write(content))] == strings


@needs_public_data
@pytest.mark.parametrize(
    "name", sorted(path.stem for path in (PUBLIC / "csv-spectrum" / "csvs").glob("*.csv"))
)
def test_the_public_spectrum_is_read_as_its_expected_json_says(name):
    folder = PUBLIC / "csv-spectrum"
    told = json.loads((folder / "json" / f"{name}.json").read_text(encoding="utf-8"))
    expected = told if isinstance(told, list) else [told]
    if name == "location_coordinates":
        # The published CSV holds another telephone number than its JSON; all else is equal.
        assert expected[0]["Contact Phone Number"] == "1234567890"
        expected[0]["Contact Phone Number"] = "2095257564"
    inspected = reader.inspect(folder / "csvs" / f"{name}.csv")
    found = [dict(zip(inspected.header, row.cells, strict=True)) for row in reader.rows(inspected)]
    assert found == expected


@needs_public_data
def test_the_public_naughty_strings_are_read_as_the_text_they_are(tmp_path):
    strings = [one for one in json.loads((PUBLIC / "blns.json").read_text(encoding="utf-8")) if one]
    path = tmp_path / "blns.csv"
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([["text"], *([one] for one in strings)])
    assert [row[0] for row in read(path)] == strings
