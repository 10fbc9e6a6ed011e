"""Reading files: encodings, Word, PDF, OFD, HTML, sheets, and what is refused. Sample texts are written for this test."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.ingest import read_document, read_layout, read_text
from assistant.ingest.encodings import decode
from assistant.ingest.numbering import chinese, written

SAMPLE = (
    "柳河县水务局2024年工作总结\n一、主要工作\n（一）河道治理。全年清淤河道12.5公里，同比增长8.7％，"
    "群众满意度不断提高。\n"
)
TRADITIONAL = "關於加強檔案管理工作的報告\n本年度我們完成了檔案的整理，並對各單位的管理人員進行了培訓，效果很好。\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_chinese_encodings_are_told_apart(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "总结.txt"
    path.write_bytes(SAMPLE.encode(encoding))
    assert read_text(path) == SAMPLE


def test_big5_is_told_from_gb18030() -> None:
    assert decode(TRADITIONAL.encode("big5"))[0] == TRADITIONAL


def test_utf8_with_a_spoilt_byte_stays_utf8_and_warns() -> None:
    data = bytearray((SAMPLE * 5).encode())
    data[40] = 0xFF
    text, name, warning = decode(bytes(data))
    assert name == "utf-8"
    assert "河道治理" in text
    assert warning
    assert "损坏" in warning


def test_line_endings_become_plain(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("甲\r\n乙\r丙".encode("gb18030"))
    assert read_text(path) == "甲\n乙\n丙"


def test_document_text_has_half_width_digits_and_no_indentation(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("　　２０２４年，完成投资３．５亿元。\n\n\u3000第 12 条", encoding="utf-8")
    assert read_document(path).text == "2024年，完成投资3．5亿元。\n第12条"


def test_html_remains_in_a_text_file_are_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "网页.txt"
    path.write_text(
        "<!-- 导航 -->\n<script>var a = '不要';</script>\n一、总体情况<br>\n全年办件&nbsp;320件，"
        "<strong>全部</strong>办结。\n",
        encoding="gb18030",
    )
    assert read_document(path).text == "一、总体情况\n全年办件320件，全部办结。"


def test_html_page_gives_headings_paragraphs_and_table_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<html><head><title>不读</title><style>p{}</style></head><body><h1>年度报告</h1><p>正文<b>第一</b>段。</p>"
        "<table><tr><td>指标</td><td>本期</td></tr><tr><td>收文</td><td>1024</td></tr></table></body></html>",
        encoding="utf-8",
    )
    assert [(p.text, p.level, p.kind) for p in read_layout(path).paragraphs] == [
        ("年度报告", 1, "body"),
        ("正文第一段。", None, "body"),
        ("指标 | 本期", None, "table"),
        ("收文 | 1024", None, "table"),
    ]


def test_markdown_keeps_its_text_and_its_levels(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    source = "---\ntitle: x\n---\n# 总结\n\n## 一、工作\n- **第一**点\n\n| 项 | 数 |\n|---|---|\n| 甲 | 3 |\n"
    path.write_text(source, encoding="utf-8")
    assert read_text(path) == source
    assert read_document(path).text == "总结\n一、工作\n第一点\n项 | 数\n甲 | 3"
    assert read_document(path).title == "总结"


# ---- Word -------------------------------------------------------------------------------------------------------

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NUMBERING = (
    f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
STYLES = (
    f'<w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:styleId="a1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="a2"><w:name w:val="二级标题"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="toc1"><w:name w:val="toc 1"/></w:style></w:styles>'
)


def docx(body: str, **parts: str | bytes) -> bytes:
    """A minimal .docx; other parts by name with __ for the slash."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("[Content_Types].xml", "<Types/>")
        document = (
            f'<w:document xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f"<w:body>{body}</w:body></w:document>"
        )
        standard = {"word__document.xml": document, "word__numbering.xml": NUMBERING, "word__styles.xml": STYLES}
        for name, content in {**standard, **parts}.items():
            container.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def p(text: str, style: str = "", num: int | None = None) -> str:
    number = f'<w:numPr><w:ilvl w:val="{num}"/><w:numId w:val="1"/></w:numPr>' if num is not None else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{number}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def paragraphs(tmp_path: Path, data: bytes, name: str = "a.docx") -> list[tuple[str, int | None, str]]:
    path = tmp_path / name
    path.write_bytes(data)
    return [(item.text, item.level, item.kind) for item in read_layout(path).paragraphs]


def test_word_numbers_are_written_out_and_bullets_are_not(tmp_path: Path) -> None:
    body = (
        p("主要工作", num=0)
        + p("办文", num=1)
        + p("办会", num=1)
        + p("细目", num=2)
        + p("打算", num=0)
        + p("调研", num=1)
    )
    assert [text for text, _, _ in paragraphs(tmp_path, docx(body))] == [
        "一、主要工作", "（一）办文", "（二）办会", "细目", "二、打算", "（一）调研",
    ]  # fmt: skip


def test_word_heading_styles_give_levels_and_the_contents_are_left_out(tmp_path: Path) -> None:
    body = p("标题", "t") + p("一、工作 1", "toc1") + p("一、工作", "a1") + p("（一）办文", "a2") + p("正文。")
    assert [(text, level) for text, level, _ in paragraphs(tmp_path, docx(body))] == [
        ("标题", 0), ("一、工作", 1), ("（一）办文", 2), ("正文。", None),
    ]  # fmt: skip


def test_word_tables_text_boxes_notes_and_revisions(tmp_path: Path) -> None:
    table = (
        f"<w:tbl><w:tr><w:tc>{p('指标')}</w:tc><w:tc>{p('本期')}</w:tc></w:tr>"
        f"<w:tr><w:tc>{p('收文')}</w:tc><w:tc>{p('1024')}{p('件')}</w:tc></w:tr></w:tbl>"
    )
    box = (
        "<w:p><w:r><w:t>框外</w:t><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>"
        f"{p('框内')}</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>{p('框内')}"
        "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    revised = (
        "<w:p><w:r><w:t>完成</w:t></w:r><w:del><w:r><w:delText>旧数3</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>5项</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r></w:p>"
    )
    notes = f'<w:footnotes xmlns:w="{W}"><w:footnote w:type="separator"/><w:footnote w:id="2">{p("口径为全年。")}</w:footnote></w:footnotes>'
    assert paragraphs(tmp_path, docx(table + box + revised, **{"word__footnotes.xml": notes})) == [
        ("指标 | 本期", None, "table"),
        ("收文 | 1024件", None, "table"),
        ("框外", None, "body"),
        ("框内", None, "box"),
        ("完成5项", None, "body"),
        ("脚注1：口径为全年。", None, "note"),
    ]


@pytest.mark.parametrize(
    ("value", "style", "shown"),
    [
        (12, "chineseCounting", "十二"),
        (20, "japaneseCounting", "二十"),
        (105, "chineseCountingThousand", "一百〇五"),
        (3, "decimalEnclosedCircleChinese", "③"),
        (4, "upperRoman", "IV"),
        (2, "lowerLetter", "b"),
        (3, "chineseLegalSimplified", "叁"),
        (7, "decimalZero", "07"),
    ],
)
def test_number_formats(value: int, style: str, shown: str) -> None:
    assert written(value, style) == shown


def test_chinese_numbers_up_to_a_hundred_are_distinct() -> None:
    assert len({chinese(value) for value in range(1, 1000)}) == 999


def test_ten_thousand_headings_are_read_in_seconds(tmp_path: Path) -> None:
    path = tmp_path / "多标题.docx"
    path.write_bytes(docx("".join(p(f"第{n}项工作", "a1") + p("内容。" * 20) for n in range(10_000))))
    assert len(read_document(path).headings) == 10_000


# ---- what is refused --------------------------------------------------------------------------------------------


def refused(tmp_path: Path, name: str, data: bytes) -> str:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError) as error:
        read_document(path)
    assert error.value.__cause__ is None
    return str(error.value)


def test_missing_and_empty_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="找不到文件"):
        read_text(tmp_path / "没有.txt")
    with pytest.raises(InputError, match="文件夹"):
        read_text(tmp_path)
    assert "0 字节" in refused(tmp_path, "空.docx", b"")
    assert "没有文字" in refused(tmp_path, "空白.txt", " \n\u3000\n".encode())


def test_password_protected_word_is_named_as_such(tmp_path: Path) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600
    assert "密码" in refused(tmp_path, "加密.docx", data)


def test_zip_bomb_in_a_word_file_is_refused(tmp_path: Path) -> None:
    data = docx("", **{"word__document.xml": b"<a>" + b" " * 60_000_000 + b"</a>"})
    assert len(data) < 500_000
    assert "炸弹" in refused(tmp_path, "炸弹.docx", data)


def test_xml_entities_are_not_expanded(tmp_path: Path) -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><w:document xmlns:w="' + W + '">&b;</w:document>'
    )
    assert "XML" in refused(tmp_path, "实体.docx", docx("", **{"word__document.xml": bomb}))


def test_damaged_and_foreign_files(tmp_path: Path) -> None:
    assert "损坏" in refused(tmp_path, "坏.docx", docx(p("正文"))[:300])
    assert "损坏" in refused(tmp_path, "坏.pdf", b"%PDF-1.4\nnothing")
    assert "不支持" in refused(tmp_path, "图.txt", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100)
    assert "编码" in refused(tmp_path, "乱.txt", bytes(range(128, 256)) * 20)


def test_huge_text_file_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as stream:
        stream.truncate(210 * 1024 * 1024)
    with pytest.raises(InputError, match="MB"):
        read_document(path)


def test_wrong_suffix_is_read_by_content_and_said(tmp_path: Path) -> None:
    path = tmp_path / "总结.pdf"
    path.write_bytes(docx(p("全年完成任务。")))
    document = read_document(path)
    assert document.text == "全年完成任务。"
    assert ".docx" in document.warnings[0]


# ---- sheets -----------------------------------------------------------------------------------------------------


def test_sheets_become_rows(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["指标", "本期", "同比"])
    sheet.append(["收文", 1024.0, -0.075])
    sheet.append([None, None, None])
    book.save(tmp_path / "a.xlsx")
    assert read_text(tmp_path / "a.xlsx") == "指标 | 本期 | 同比\n收文 | 1024 | -0.075"
    (tmp_path / "a.csv").write_text("指标,本期\n收文,1024\n", encoding="gb18030")
    assert [item.text for item in read_layout(tmp_path / "a.csv").paragraphs] == ["指标 | 本期", "收文 | 1024"]


# ---- the real files ---------------------------------------------------------------------------------------------


def test_every_original_is_read_or_refused_with_a_reason(originals: list[Path]) -> None:
    """Word, PDF, odd encodings and OFD; LibreOffice's turn (.xls) has a test of its own."""
    for path in originals:
        if path.suffix == ".xls":
            continue
        reason = ""
        try:
            document = read_document(path)
        except InputError as error:
            reason = str(error)
        if reason:
            assert "请" in reason, path
        else:
            assert "\ufffd" not in document.text, path
            assert "<br" not in document.text, path


def test_original_word_reports_have_metadata_and_headings(originals: list[Path]) -> None:
    reports = [path for path in originals if path.match("docx/2025年*.docx")]
    assert reports
    for path in reports:
        document = read_document(path, name="未命名.docx")
        assert (document.year, document.doc_type) == (2025, "政府工作报告"), path
        assert document.unit, path
        assert sum(heading.level == 1 for heading in document.headings) >= 2, path
