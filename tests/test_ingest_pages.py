"""Printed lines to paragraphs, PDF, OFD, scans, and files that need LibreOffice."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.ingest import ocr, office, read_document, read_text
from assistant.ingest.pages import Line, Page, in_reading_order, pages_to_reading, refuse_garbage

SIZE, LEFT, RIGHT, WIDTH, HEIGHT = 10.0, 90.0, 490.0, 580.0, 800.0
PARAGRAPH = "全县各级各部门围绕年初确定的目标任务，持续改进工作作风，扎实推进重点项目建设，各项工作取得了新的进展。"


def typeset(paragraphs: list[str], top: float = 120.0) -> list[Line]:
    """Paragraphs as a page shows them: two characters of indentation, forty characters a line."""
    lines = []
    for paragraph in paragraphs:
        text, indent = paragraph, 2 * SIZE
        while text:
            room = int((RIGHT - LEFT - indent) / SIZE)
            piece, text = text[:room], text[room:]
            left = LEFT + indent
            lines.append(Line(piece, left, top, left + len(piece) * SIZE, top + SIZE, SIZE))
            top, indent = top + 15, 0.0
    return lines


def page(lines: list[Line]) -> Page:
    return Page(tuple(lines), WIDTH, HEIGHT)


def line(text: str, left: float, top: float) -> Line:
    return Line(text, left, top, left + len(text) * SIZE, top + SIZE, SIZE)


def texts(pages: list[Page]) -> list[str]:
    return [paragraph.text for paragraph in pages_to_reading(pages).paragraphs]


def test_lines_are_joined_to_paragraphs() -> None:
    paragraphs = ["一、主要工作", PARAGRAPH * 2, "（一）办文办会", PARAGRAPH]
    assert texts([page(typeset(paragraphs))]) == paragraphs


def test_a_paragraph_goes_on_over_the_page_and_furniture_is_taken_out() -> None:
    lines = typeset([PARAGRAPH * 6])
    pages = []
    for number in range(4):
        head, foot = line("柳河县水务局文件", 240, 40), line(f"— {number + 1} —", 280, 760)
        part = lines[number * 2 : number * 2 + 2] if number < 3 else lines[6:]
        pages.append(page([head, *part, foot]))
    assert texts(pages) == [PARAGRAPH * 6]


def test_a_number_in_the_body_is_no_page_number() -> None:
    assert "12" in "".join(texts([page([*typeset(["指标如下"]), line("12", LEFT + 20, 400)])]))


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [line(f"左栏第{n}行的文字共有十六个字符", 40, 100 + 15 * n) for n in range(1, 10)]
    right = [line(f"右栏第{n}行的文字共有十六个字符", 310, 100 + 15 * n) for n in range(1, 10)]
    mixed = [item for pair in zip(left, right, strict=True) for item in pair]
    ordered = [item.text for item in in_reading_order(mixed, WIDTH)]
    assert ordered == [item.text for item in left + right]


def test_pieces_of_one_printed_line_are_joined_left_to_right() -> None:
    assert [item.text for item in in_reading_order([line("2024年", 60, 100), line("一、", 40, 100.5)], WIDTH)] == [
        "一、2024年"
    ]


def test_lines_of_a_table_of_contents_are_dropped() -> None:
    assert texts([page(typeset(["一、主要工作........................3", PARAGRAPH]))]) == [PARAGRAPH]


@pytest.mark.parametrize(
    "garbage",
    [
        "\ue001\ue002\ue003\ue004" * 20,
        "鑷碻鑸嶇嫭绔嬪瓒呰鑷碻" * 20,
        "Öйú¹²²úµ³µÚÊ®¾Å´ÎÈ«¹ú´ú±í´ó»á" * 4,
        bytes(b for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFE, 9) for b in (row, cell)).decode("gb2312"),
    ],
)
def test_garbage_is_refused(garbage: str) -> None:
    with pytest.raises(InputError, match="乱码"):
        refuse_garbage(garbage)


@pytest.mark.parametrize(
    "prose",
    [
        PARAGRAPH * 5,
        "關於加強檔案管理工作的報告，本年度我們完成了檔案的整理，並對各單位的管理人員進行了培訓，效果很好。" * 5,
        "2024 1024 1107 -7.5% 35 40 2023 88" * 10,
        "Annual report of the county water bureau, with figures for the whole year.",
    ],
)
def test_prose_and_figures_are_not_garbage(prose: str) -> None:
    refuse_garbage(prose)


def test_corpus_reports_are_not_garbage(corpus: list[Path]) -> None:
    for path in corpus:
        refuse_garbage(path.read_text(encoding="utf-8"))


def test_original_pdf_reads_like_its_text(shared: Path) -> None:
    """The PDF of a report of which the corpus has the text: the same characters in the same order, joined paragraphs."""
    pdf = read_document(shared / "corpus" / "originals" / "pdf" / "2024年北京市政府工作报告.pdf")
    plain = read_document(shared / "corpus" / "txt" / "prov24_beijing.txt")
    assert "".join(pdf.text.split()) == "".join(plain.text.split())
    assert pdf.text.count("\n") < plain.text.count("\n") + 15
    assert [heading.text for heading in pdf.headings][:2] == [heading.text for heading in plain.headings][:2]


# ---- scans ------------------------------------------------------------------------------------------------------


def scan(path: Path, words: str = "") -> None:
    from PIL import Image

    Image.new("RGB", (600, 800), "white").save(path, "PDF")


def test_a_scan_without_recognition_is_refused_with_advice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    scan(tmp_path / "扫描.pdf")
    with pytest.raises(InputError, match=r"扫描件.*nigao\[ocr\]"):
        read_text(tmp_path / "扫描.pdf")


def test_a_scan_with_recognition_is_read_and_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: True)
    monkeypatch.setattr(ocr, "recognise", lambda image, width, height: page(typeset([PARAGRAPH])))
    scan(tmp_path / "扫描.pdf")
    document = read_document(tmp_path / "扫描.pdf")
    assert document.text == PARAGRAPH
    assert "识别" in document.warnings[0]


# ---- OFD --------------------------------------------------------------------------------------------------------

O = "http://www.ofdspec.org/2016"  # noqa: E741


def ofd(content: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as container:
        container.writestr(
            "OFD.xml", f'<o:OFD xmlns:o="{O}"><o:DocBody><o:DocRoot>D/Document.xml</o:DocRoot></o:DocBody></o:OFD>'
        )
        container.writestr(
            "D/Document.xml",
            f'<o:Document xmlns:o="{O}"><o:CommonData><o:PageArea><o:PhysicalBox>0 0 210 297</o:PhysicalBox></o:PageArea>'
            '</o:CommonData><o:Pages><o:Page ID="1" BaseLoc="P/Content.xml"/></o:Pages></o:Document>',
        )
        container.writestr("D/P/Content.xml", f'<o:Page xmlns:o="{O}"><o:Content>{content}</o:Content></o:Page>')
    return stream.getvalue()


def run(text: str, left: float, top: float) -> str:
    deltas = f"g {len(text) - 1} 5" if len(text) > 1 else ""
    return (
        f'<o:TextObject Boundary="{left} {top} 150 7" Size="5"><o:TextCode X="0" Y="5" DeltaX="{deltas}">{text}'
        "</o:TextCode></o:TextObject>"
    )


def test_ofd_text_is_read_in_the_order_of_the_page(tmp_path: Path) -> None:
    content = run("河道清淤十二公里，", 40, 60) + run("全年完成任务。", 30, 67) + run("工作总结", 85, 25)
    (tmp_path / "a.ofd").write_bytes(ofd(content))
    assert read_text(tmp_path / "a.ofd").split("\n")[0] == "工作总结"
    assert "河道清淤十二公里，" in read_text(tmp_path / "a.ofd")


def test_ofd_without_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.ofd").write_bytes(ofd("<o:PathObject/>"))
    with pytest.raises(InputError, match="OFD"):
        read_text(tmp_path / "a.ofd")


# ---- LibreOffice ------------------------------------------------------------------------------------------------

RTF = b"{\\rtf1\\ansi\\ansicpg936 \\u26611?\\u27827?2024\\u24180?\\par}"


def test_old_word_files_without_libreoffice_name_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)
    (tmp_path / "总结.wps").write_bytes(RTF)
    with pytest.raises(InputError, match=r"libreoffice-writer"):
        read_text(tmp_path / "总结.wps")


def test_a_hanging_libreoffice_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "soffice"
    slow.write_text("#!/bin/sh\nsleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(office, "find_office", lambda: str(slow))
    with pytest.raises(InputError, match="已停止"):
        office.convert(RTF, "a.rtf", timeout=0.5)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_old_formats_are_read_through_libreoffice(tmp_path: Path) -> None:
    (tmp_path / "总 结.doc").write_bytes(RTF)
    assert read_text(tmp_path / "总 结.doc") == "柳河2024年"
