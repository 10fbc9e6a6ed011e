"""Export: Markdown, the blocks of a document, and what ends up in the Word file."""

from __future__ import annotations

import itertools
import re
import shutil
import stat
import subprocess
import zipfile
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

import pytest

from assistant import export
from assistant.errors import InputError
from assistant.export import layout
from assistant.export.blocks import Piece, parse_blocks
from assistant.records import Brief, Citation, Draft, DraftSection, Finding, NoteRef, Section, Span

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

SAMPLE = """# 青禾县机关事务中心2024年工作总结

县人民政府：

2024年，中心办理事项320件，“一件事”办结率98.6%。

## 一、主要工作

### （一）节能管理

#### 1.改造照明

更换灯具1200盏，节电【待补：节电量】度。

| 指标 | 本期 | 单位 |
|---|---|---|
| 用电量 | 86.5 | **万度** |

## 二、下步打算

继续推进。

青禾县机关事务中心

2024年12月5日
"""


def read(path: Path, part: str) -> ElementTree.Element:
    with zipfile.ZipFile(path) as archive:
        return ElementTree.fromstring(archive.read(part))


def paragraphs(path: Path) -> list[tuple[str, str]]:
    """Style name and text of every paragraph of the body, tables included."""
    names = {
        style.get(f"{W}styleId"): style.find(f"{W}name").get(f"{W}val")  # type: ignore[union-attr]
        for style in read(path, "word/styles.xml").iter(f"{W}style")
    }
    rows = []
    for paragraph in read(path, "word/document.xml").iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        text = "".join(node.text or "" for node in paragraph.iter(f"{W}t"))
        rows.append((names[style.get(f"{W}val")] if style is not None else "", text))
    return rows


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "总结.docx"
    export.markdown_to_docx(SAMPLE, path)
    return path


def draft() -> Draft:
    section = Section("一、主要工作", 1, ("一、主要工作",), 5)
    body = "全年办理事项320件。\n满意率98%。"
    at = body.index("98%")
    return Draft(
        brief=Brief("2024年工作总结", sections=(section,), extra={"主送机关": "县人民政府", "秘级": "无"}),
        model="scripted",
        sections=(
            DraftSection(
                "一、主要工作",
                section.path,
                1,
                body,
                findings=(Finding("changed", "error", "应为98.6%", Span(at, at + 3, "98%"), suggestion="98.6%"),),
                citations=(Citation("2023年总结.docx", ("一、工作情况",), "全年办理事项，" * 20),),
            ),
        ),
        findings=(Finding("dropped", "warning", "要点没有写入", note=NoteRef(7, "接待3批")),),
    )


# ---- blocks -----------------------------------------------------------------------------------------------------


def test_blocks_of_a_marked_text() -> None:
    kinds = [(block.kind, block.level) for block in parse_blocks(SAMPLE)]
    assert kinds == [
        ("title", 0),
        ("addressee", 0),
        ("body", 0),
        ("heading", 1),
        ("heading", 2),
        ("heading", 3),
        ("body", 0),
        ("table", 0),
        ("heading", 1),
        ("body", 0),
        ("signature", 0),
        ("date", 0),
    ]


def test_plain_text_headings_are_recognised_and_sentences_are_not() -> None:
    text = (
        "关于节能工作的情况汇报\n一、主要做法\n（一）加强领导\n（二）落实责任。各单位签订责任书。\n一、本条以句号结尾。"
    )
    assert [(b.kind, b.level) for b in parse_blocks(text)] == [
        ("title", 0),
        ("heading", 1),
        ("heading", 2),
        ("body", 0),
        ("body", 0),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_piece_knows_its_place(newline: str) -> None:
    text = ("---\n主送机关: 县人民政府\n---\n" + SAMPLE + "\n　　- **加粗** 与 *星号*\n").replace("\n", newline)
    pieces: list[Piece] = []
    for block in parse_blocks(text):
        pieces += [*block.pieces, *(piece for row in block.rows for cell in row for piece in cell)]
    assert len(pieces) > 15
    for piece in pieces:
        assert piece.start == -1 or text[piece.start : piece.start + len(piece.text)] == piece.text


def test_front_matter_names_addressee_signature_and_date() -> None:
    text = "---\n主送机关: 县委\n署名: 县委办公室\n日期: 2024年12月5日\n---\n# 总结\n\n正文。\n"
    found = {block.kind: block.text for block in parse_blocks(text)}
    assert found == {
        "title": "总结",
        "addressee": "县委：",
        "body": "正文。",
        "signature": "县委办公室",
        "date": "2024年12月5日",
    }


def test_table_cells_and_ragged_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    export.markdown_to_docx("# 题\n\n| 甲 | 乙 |\n|:--|--:|\n| 1 |\n| 2 | 3 | 4 |\n", path)
    document = read(path, "word/document.xml")
    rows = [[("".join(t.text or "" for t in cell.iter(f"{W}t"))) for cell in row.iter(f"{W}tc")]
            for row in document.iter(f"{W}tr")]  # fmt: skip
    assert rows == [["甲", "乙", ""], ["1", "", ""], ["2", "3", "4"]]


# ---- the Word file ----------------------------------------------------------------------------------------------


def test_styles_by_name(sample: Path) -> None:
    assert [row for row in paragraphs(sample) if row[1]] == [
        ("公文标题", "青禾县机关事务中心2024年工作总结"),
        ("主送机关", "县人民政府："),
        ("公文正文", "2024年，中心办理事项320件，“一件事”办结率98.6%。"),
        ("一级标题", "一、主要工作"),
        ("二级标题", "（一）节能管理"),
        ("三级标题", "1.改造照明"),
        ("公文正文", "更换灯具1200盏，节电【待补：节电量】度。"),
        ("表格表头", "指标"),
        ("表格表头", "本期"),
        ("表格表头", "单位"),
        ("表格文字", "用电量"),
        ("表格文字", "86.5"),
        ("表格文字", "万度"),
        ("一级标题", "二、下步打算"),
        ("公文正文", "继续推进。"),
        ("发文机关署名", "青禾县机关事务中心"),
        ("成文日期", "2024年12月5日"),
    ]


def test_page_is_that_of_the_standard(sample: Path) -> None:
    section = read(sample, "word/document.xml").find(f".//{W}sectPr")
    assert section is not None
    size, margins, grid = (section.find(f"{W}{name}") for name in ("pgSz", "pgMar", "docGrid"))
    assert size is not None
    assert margins is not None
    assert grid is not None

    def millimetres(name: str) -> float:
        assert margins is not None
        return int(margins.get(f"{W}{name}", "0")) / 1440 * 25.4

    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("11906", "16838")
    assert [round(millimetres(side)) for side in ("top", "bottom", "left", "right")] == [37, 35, 28, 26]
    assert grid.get(f"{W}type") == "linesAndChars"
    pitch, space = int(grid.get(f"{W}linePitch", "0")), int(grid.get(f"{W}charSpace", "0"))
    height = 16838 - int(margins.get(f"{W}top", "0")) - int(margins.get(f"{W}bottom", "0"))
    width = 11906 - int(margins.get(f"{W}left", "0")) - int(margins.get(f"{W}right", "0"))
    assert height // pitch == 22
    assert int(width / 20 / (16 + space / 4096)) == 28
    for style in read(sample, "word/styles.xml").iter(f"{W}style"):
        if style.get(f"{W}styleId") == "Normal":
            tight = int(style.find(f"{W}rPr/{W}spacing").get(f"{W}val", "0"))  # type: ignore[union-attr]
            # With and without the grid's own share: LibreOffice uses the one, Word both.
            assert {int(width / 20 / (16 + tight / 20)), int(width / 20 / (16 + tight / 20 + space / 4096))} == {28}


def test_every_script_has_the_east_asian_font(sample: Path) -> None:
    expected = {
        "公文标题": ("方正小标宋简体", "44"),
        "公文正文": ("仿宋_GB2312", "32"),
        "一级标题": ("黑体", "32"),
        "二级标题": ("楷体_GB2312", "32"),
        "三级标题": ("仿宋_GB2312", "32"),
        "四级标题": ("仿宋_GB2312", "32"),
        "公文页码": ("宋体", "28"),
    }
    seen = {}
    for style in read(sample, "word/styles.xml").iter(f"{W}style"):
        fonts, size = style.find(f"{W}rPr/{W}rFonts"), style.find(f"{W}rPr/{W}sz")
        if fonts is None or size is None:
            continue
        names = {fonts.get(f"{W}{kind}") for kind in ("ascii", "hAnsi", "eastAsia", "cs")}
        assert len(names) == 1
        seen[style.find(f"{W}name").get(f"{W}val")] = (names.pop(), size.get(f"{W}val"))  # type: ignore[union-attr]
    assert {name: seen[name] for name in expected} == expected
    runs = [run for run in read(sample, "word/document.xml").iter(f"{W}r") if run.find(f"{W}t") is not None]
    assert runs
    assert all(run.find(f"{W}rPr/{W}rFonts").get(f"{W}hint") == "eastAsia" for run in runs)  # type: ignore[union-attr]


def test_font_table_names_stand_ins_and_embeds_nothing(sample: Path) -> None:
    table = read(sample, "word/fontTable.xml")
    others = {font.get(f"{W}name"): font.find(f"{W}altName").get(f"{W}val") for font in table}  # type: ignore[union-attr]
    assert others["仿宋_GB2312"].startswith("仿宋")
    assert others["楷体_GB2312"].startswith("楷体")
    with zipfile.ZipFile(sample) as archive:
        assert not [name for name in archive.namelist() if "font" in name.lower() and not name.endswith(".xml")]
        assert "docProps/thumbnail.jpeg" not in archive.namelist()


def test_page_numbers_sit_outside(sample: Path) -> None:
    assert read(sample, "word/settings.xml").find(f"{W}evenAndOddHeaders") is not None
    section = read(sample, "word/document.xml").find(f".//{W}sectPr")
    assert section is not None
    relations = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
    targets = {relation.get("Id"): relation.get("Target") for relation in read(sample, "word/_rels/document.xml.rels")}
    sides = {}
    for reference in section.iter(f"{W}footerReference"):
        footer = read(sample, f"word/{targets[reference.get(f'{relations}id')]}")
        sides[reference.get(f"{W}type")] = footer.find(f".//{W}jc").get(f"{W}val")  # type: ignore[union-attr]
        assert "".join(t.text or "" for t in footer.iter(f"{W}t")) == "— 1 —"
        assert footer.find(f".//{W}instrText").text == "PAGE"  # type: ignore[union-attr]
    assert sides == {"default": "right", "even": "left"}


def test_gaps_are_yellow(sample: Path) -> None:
    marked = [
        "".join(t.text or "" for t in run.iter(f"{W}t"))
        for run in read(sample, "word/document.xml").iter(f"{W}r")
        if (mark := run.find(f"{W}rPr/{W}highlight")) is not None and mark.get(f"{W}val") == "yellow"
    ]
    assert marked == ["【待补：节电量】"]


def test_signature_and_date_by_characters() -> None:
    long, date = "中共青禾县委办公室综合调研科", "2024年12月5日"
    assert layout.width(date) == 6.5
    signature_right, date_right = layout.signature_indents(long, date)
    assert signature_right == 2
    assert date_right + layout.width(date) == signature_right + layout.width(long) - 2
    signature_right, date_right = layout.signature_indents("县委办", date)
    assert date_right == 2
    assert signature_right + 3 == date_right + layout.width(date) + 2


def test_long_titles_break_evenly_and_never_inside_a_number() -> None:
    for title in ("中共青禾县委办公室关于2024年度工作情况和2025年工作打算的报告", "青" * 45, "关于" + "202412" * 12):
        lines = layout.title_lines(title)
        assert "".join(lines) == title
        assert len(lines) > 1 or "202412" in title
        assert not any(re.search(r"\d$", a) and re.match(r"\d", b) for a, b in itertools.pairwise(lines))
    assert layout.title_lines("2024年工作总结") == ["2024年工作总结"]


def test_text_that_xml_cannot_hold(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    export.markdown_to_docx("# 题\n\n甲\x0b乙\x00丙\ud800丁<&>", path)
    assert paragraphs(path)[-1] == ("公文正文", "甲乙丙丁<&>")


def test_empty_text_makes_an_empty_document(tmp_path: Path) -> None:
    export.markdown_to_docx("", tmp_path / "a.docx")
    assert paragraphs(tmp_path / "a.docx") == []


# ---- comments ---------------------------------------------------------------------------------------------------


def commented(path: Path) -> dict[str, str]:
    """Text of each comment -> the text it is attached to."""
    texts = {
        comment.get(f"{W}id"): "".join(node.text or "" for node in comment.iter(f"{W}t"))
        for comment in read(path, "word/comments.xml")
    }
    covered: dict[str | None, str] = {}
    open_ids: set[str | None] = set()
    for node in read(path, "word/document.xml").iter():
        if node.tag == f"{W}commentRangeStart":
            covered[node.get(f"{W}id")] = ""
            open_ids.add(node.get(f"{W}id"))
        elif node.tag == f"{W}commentRangeEnd":
            open_ids.discard(node.get(f"{W}id"))
        elif node.tag == f"{W}t":
            for identifier in open_ids:
                covered[identifier] += node.text or ""
    return {texts[identifier]: text for identifier, text in covered.items()}


def at(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words), words)


def test_comments_cover_exactly_their_words(tmp_path: Path) -> None:
    findings = [
        Finding("a", "error", "甲", at(SAMPLE, "1200盏")),
        Finding("b", "warning", "乙", at(SAMPLE, "200盏，节电【待补")),
        Finding("c", "info", "丙", at(SAMPLE, "86.5")),
        Finding("d", "warning", "丁"),
        Finding("e", "warning", "戊", at(SAMPLE, "### "), NoteRef(3, "要点"), formula="1+1=2", suggestion=""),
    ]
    path = tmp_path / "a.docx"
    export.commented_docx(SAMPLE, findings, path)
    assert commented(path) == {
        "【错误】甲": "1200盏",
        "【提示】乙": "200盏，节电【待补",
        "【说明】丙": "86.5",
        "【提示】丁": "青禾县机关事务中心2024年工作总结",
        "【提示】戊要点第3行：要点算式：1+1=2建议删去。": "（一）节能管理",
    }
    assert "".join(text for _, text in paragraphs(path)) == "".join(text for _, text in paragraphs_of(SAMPLE, tmp_path))


def paragraphs_of(text: str, folder: Path) -> list[tuple[str, str]]:
    export.markdown_to_docx(text, folder / "plain.docx")
    return paragraphs(folder / "plain.docx")


def test_findings_of_a_draft_become_comments(tmp_path: Path) -> None:
    export.to_docx(draft(), tmp_path / "a.docx", comments=True)
    assert commented(tmp_path / "a.docx") == {
        "【错误】应为98.6%建议改为：98.6%": "98%",
        "【提示】要点没有写入要点第7行：接待3批": "2024年工作总结",
    }


# ---- Markdown and files -----------------------------------------------------------------------------------------


def test_markdown_of_a_draft() -> None:
    assert export.to_markdown(draft()) == (
        "---\n主送机关: 县人民政府\n---\n\n# 2024年工作总结\n\n## 一、主要工作\n\n全年办理事项320件。\n满意率98%。\n"
    )
    with_sources = export.to_markdown(draft(), citations=True)
    assert "**出处**" in with_sources
    assert "1. 2023年总结.docx › 一、工作情况：全年办理事项，" in with_sources


def test_save_draft_by_suffix(tmp_path: Path) -> None:
    export.save_draft(draft(), tmp_path / "a.md")
    export.save_draft(draft(), tmp_path / "a.docx")
    assert (tmp_path / "a.md").read_text("utf-8") == export.to_markdown(draft())
    assert ("公文标题", "2024年工作总结") in paragraphs(tmp_path / "a.docx")


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_text("旧", "utf-8")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(Exception, match="磁盘已满"):
        export.write_text("新", path)
    assert path.read_text("utf-8") == "旧"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.md"]


def test_new_files_are_readable_by_others_as_the_umask_says(tmp_path: Path) -> None:
    export.write_text("字", tmp_path / "a.md")
    (tmp_path / "b").touch()
    assert stat.S_IMODE((tmp_path / "a.md").stat().st_mode) == stat.S_IMODE((tmp_path / "b").stat().st_mode)


@pytest.mark.parametrize(("name", "words"), [("a.pdf", "后缀"), ("没有/a.docx", "不存在"), ("folder.md", "是文件夹")])
def test_bad_targets_are_refused_before_the_work(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(InputError, match=words):
        export.check_target(tmp_path / name)


# ---- as a program shows it --------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("soffice") and shutil.which("pdftotext")), reason="needs LibreOffice and poppler")
def test_libreoffice_sets_22_lines_of_28_characters(tmp_path: Path) -> None:
    export.markdown_to_docx("# 题\n\n" + "经" * 28 * 22 * 3, tmp_path / "a.docx")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), f"{tmp_path}/a.docx"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    page = subprocess.run(
        ["pdftotext", "-f", "2", "-l", "2", "-bbox", f"{tmp_path}/a.pdf", "-"], check=True, capture_output=True
    ).stdout.decode()
    lines: dict[str, str] = defaultdict(str)
    for match in re.finditer(r'yMin="([\d.]+)"[^>]*>(经+)<', page):
        lines[match[1]] += match[2]
    assert [len(line) for line in lines.values()] == [28] * 22
