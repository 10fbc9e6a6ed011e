"""Spreadsheets -> one line per row, cells separated by “ | ”. Door to openpyxl. Shows values, never formulas."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import TypeVar

from assistant.errors import InputError
from assistant.ingest.layout import Reading
from assistant.ingest.zipped import MAX_PART, open_container

MAX_ROWS = 50_000
Row = TypeVar("Row")
_SEPARATOR = " | "


def read_xlsx(data: bytes) -> Reading:
    """Read an .xlsx workbook sheet by sheet; several sheets get their name as a line of its own.

    Raises:
        InputError: it is damaged or has more rows than any report's table.
    """
    import openpyxl

    for info in open_container(data).infolist():
        if info.file_size > MAX_PART:
            raise InputError("表格文件大得不合常理，已拒绝：请只保留需要的工作表后再导入。")
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, SyntaxError, AttributeError):
        raise InputError("表格文件已损坏，打不开：请用 Excel 或 WPS 打开后另存再试。") from None
    reading = Reading()
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for sheet in sheets:
            rows = [[_shown(value) for value in row] for row in _limited(sheet.iter_rows(values_only=True))]
            if len(sheets) > 1 and any(any(row) for row in rows):
                reading.add(sheet.title, level=1)
            _add_rows(reading, rows)
    finally:
        book.close()
    return reading


def read_csv(text: str) -> Reading:
    """Read comma- or tab-separated values; a long cell (a whole text in one cell) is kept as paragraphs."""
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:4000], delimiters=",\t;")
    except csv.Error:
        dialect = csv.excel
    csv.field_size_limit(10_000_000)
    reading = Reading()
    try:
        _add_rows(reading, list(_limited(csv.reader(io.StringIO(text), dialect))))
    except csv.Error:
        reading.add(text)
    return reading


def _limited(rows: Iterable[Row]) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number >= MAX_ROWS:
            raise InputError(f"表格超过 {MAX_ROWS} 行，不像材料里的表：请只保留需要的部分。")
        yield row


def _add_rows(reading: Reading, rows: Iterable[Iterable[str]]) -> None:
    for row in rows:
        cells = [cell.strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        short = [" ".join(cell.split()) for cell in cells if len(cell) <= 300]
        if any(short):
            reading.add(_SEPARATOR.join(short), kind="table")
        for cell in cells:
            if len(cell) > 300:
                reading.add(cell)


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value)
