"""The notes format: outline, bullets, tables, blanks, bad input, Word and Excel."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from assistant.brief import parse_brief, read_brief, read_notes
from assistant.brief.blanks import find_blanks
from assistant.brief.withheld import split_withheld
from assistant.errors import InputError

NOTES = """---
title: 清河县林业局2025年工作总结
unit: 清河县林业局
period: 2025年
doc_type: 工作总结
audience: 县委、县政府
---
## 一、2025年工作情况
字数: 200
- 全年造林**3200亩**
### （一）资源管护
- （可选）巡护里程1.2万公里
- 宣传：
  - 发放资料800份

| 指标 | 本期 | 上年同期 | 同比 | 单位 |
|---|---|---|---|---|
| 森林火情 | 2 | 5 | -60% | 起 |
| 办理许可 | 31 | — | +4.5% | 件 |

## 二、下步打算
- 拟办培训__期
"""


def test_outline_is_kept_word_for_word_with_paths_lines_and_targets() -> None:
    brief = parse_brief(NOTES)
    assert [(s.heading, s.level, s.target_length) for s in brief.sections] == [
        ("一、2025年工作情况", 1, 200),
        ("（一）资源管护", 2, None),
        ("二、下步打算", 1, None),
    ]
    assert brief.sections[1].path == ("一、2025年工作情况", "（一）资源管护")
    assert NOTES.split("\n")[brief.sections[0].points[0].line - 1] == brief.sections[0].points[0].source
    assert (brief.title, brief.unit, brief.period, brief.doc_type) == (
        "清河县林业局2025年工作总结", "清河县林业局", "2025年", "工作总结",
    )  # fmt: skip
    assert not brief.notices


def test_points_lose_marks_and_keep_what_they_say() -> None:
    points = parse_brief(NOTES).sections[1].points
    assert points[0].optional
    assert points[0].text == "巡护里程1.2万公里"
    assert points[1].text == "宣传：发放资料800份"


def test_table_rows_become_clauses() -> None:
    points = parse_brief(NOTES).sections[1].points
    assert points[2].text == "森林火情2起，上年同期5起，同比下降60%"
    assert points[3].text == "办理许可31件，同比增长4.5%"
    assert points[2].source.startswith("| 森林火情")


@pytest.mark.parametrize(
    ("header", "row", "clause"),
    [
        ("| 项目 | 2025年 | 2024年 |", "| 接待群众（人次） | 320 | 290 |", "接待群众2025年320人次，2024年290人次"),
        ("| 指标 | 本期（亿元） | 增速（%） |", "| 投资 | 12.5 | 8.1 |", "投资12.5亿元，增长8.1%"),
        ("| 指标 | 本期 | 同比 |", "| 优良率 | 91% | +2.1个百分点 |", "优良率91%，同比提高2.1个百分点"),
        ("| 指标 | 本期 | 同比 | 单位 |", "| 会议 | 8 | 0 | 次 |", "会议8次，同比持平"),
    ],
)
def test_table_columns_by_their_names(header: str, row: str, clause: str) -> None:
    rule = "|" + "---|" * header.count(" | ") + "---|"
    brief = parse_brief(f"## 一、情况\n{header}\n{rule}\n{row}\n", name="x")
    text = brief.points[0].text
    assert text == clause or text == clause.replace("，增长", "，增速增长")


@pytest.mark.parametrize("blank", ["__期", "____", "XX家", "××万元", "__%", "【待补】", "（ ）件"])
def test_blanks_are_found(blank: str) -> None:
    assert find_blanks(f"全年完成{blank}，其余照旧") == (blank,)


def test_ordinary_text_has_no_blanks() -> None:
    assert find_blanks("通过ISO9001认证，EXX型设备3台，做到了什么？效果好（见附件）") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "空的"),
        ("   \n", "空的"),
        ("- 没有标题的要点", "提纲标题"),
        ("---\ntitle: x\n## 一、a\n- b", "没有结束"),
        ("---\ntitle x\n---\n## 一、a\n- b", "第2行"),
        ("## 一、只有标题\n", "没有要点"),
    ],
)
def test_bad_notes_say_what_to_do(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_brief(text)


def test_unknown_keys_are_kept_and_a_typo_is_named() -> None:
    brief = parse_brief("---\ntitle: x\nperoid: 2025年\n密级: 内部\n---\n## 一、a\n- b")
    assert dict(brief.extra) == {"peroid": "2025年", "密级": "内部"}
    assert [finding.severity for finding in brief.notices] == ["warning", "info"]
    assert "period" in brief.notices[0].message


def test_plain_text_headings_and_heads() -> None:
    brief = parse_brief(
        "标题：某局小结\n单位：某局\n一、工作情况\n1. 检查12次\n2、整改3处\n（一）宣传\n• 发放资料20份\n"
    )
    assert brief.title == "某局小结"
    assert [s.heading for s in brief.sections] == ["一、工作情况", "（一）宣传"]
    assert [p.text for p in brief.points] == ["检查12次", "整改3处", "发放资料20份"]


def test_a_decimal_at_the_start_of_a_line_is_no_bullet_number() -> None:
    assert parse_brief("## 一、a\n1.2亿元投资到位\n").points[0].text == "1.2亿元投资到位"


def test_notes_without_headings_serve_for_checking(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("- 全年检查12次\n- 整改3处\n", encoding="utf-8")
    assert [point.line for point in read_notes(path).points] == [1, 2]
    with pytest.raises(InputError):
        read_brief(path)


def test_word_notes_with_styles_bullets_and_tables(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_heading("一、工作情况", level=1)
    document.add_paragraph("检查企业12家", style="List Bullet")
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(table._cells, ["指标", "本期", "单位", "许可", "31", "件"], strict=True):
        cell.text = text
    path = tmp_path / "notes.docx"
    document.save(path)
    brief = read_brief(path)
    assert brief.sections[0].heading == "一、工作情况"
    assert [point.text for point in brief.points] == ["检查企业12家", "许可31件"]


def test_excel_notes(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "主要指标"
    for row in (["指标", "本期", "同比", "单位"], ["发文", 86, -0.113, "件"]):
        book.active.append(row)
    book.active["C2"].number_format = "0.0%"
    path = tmp_path / "notes.xlsx"
    book.save(path)
    assert read_brief(path).points[0].text == "发文86件，同比下降11.3%"


def test_damaged_missing_and_unknown_files(tmp_path: Path) -> None:
    broken = tmp_path / "a.docx"
    broken.write_bytes(b"not a zip")
    with pytest.raises(InputError):
        read_brief(broken)
    with pytest.raises(InputError, match="找不到"):
        read_brief(tmp_path / "none.md")
    other = tmp_path / "x.pdf"
    other.write_bytes(b"x")
    with pytest.raises(InputError, match="不支持"):
        read_brief(other)


def test_many_sections_and_a_long_bullet() -> None:
    text = "".join(f"## 第{n}部分\n- {'长' * 2000 if n == 1 else f'完成{n}件'}\n" for n in range(1, 41))
    brief = parse_brief(text, name="x")
    assert len(brief.sections) == 40
    assert len(brief.points[0].text) == 2000


@pytest.mark.parametrize(
    ("bullet", "written"),
    [
        ("明年目标先不写（市里没定）", ""),
        ("处理干部4人（不写）", ""),
        ("处理干部4人，内部掌握", ""),
        ("欠发补贴12万元，别写进去", ""),
        ("欠发补贴12万元，暂不写；培训3期", "培训3期"),
        ("培训3期。超支2万元（先不公开）。", "培训3期。"),
        ("先不写：举报5件", ""),
        ("提倡短文，不要写长稿", "提倡短文，不要写长稿"),
        ("《内部参考》采用3条", "《内部参考》采用3条"),
        ("少数干部不写日志", "少数干部不写日志"),
        ("依法不予公开12件", "依法不予公开12件"),
        ("举报5件（暂不公开）", ""),
        ("举报5件（先不写进去）", ""),
        ("举报5件（市里没定，这条不写）", ""),
        ("举报5件（领导要求不写）", ""),
        ("举报5件（按规定不公开）", ""),
        ("举报5件（不要公开）", ""),
        ("公开文件9件（其余不公开）", "公开文件9件（其余不公开）"),
        ("举报5件（数字没核；先不写）；开会2次", "开会2次"),
        ("举报5件，先别写", ""),
        ("举报5件（内部掌握，不写）", ""),
        *(
            (kept, kept)
            for kept in (
                "收办来文60件（不公开14件）",
                "主动公开目录40条（含不公开2条）",
                "推行简约接待（不提供烟酒）",
                "按期完成改造8处（不提前不拖延）",
                "两条建议被分别写进方案，得到采纳",
                "按类别提，分级别写，形成清单3张",
                "表格不用写、证件不用带，办事更省时",
                "会议材料能不写就不写，全年少印册子30本",
            )
        ),
    ],
)
def test_what_the_writer_wants_left_out(bullet: str, written: str) -> None:
    kept, withheld = split_withheld(bullet)
    assert kept == written
    assert bool(withheld) == (kept != bullet)


def test_a_bullet_that_is_not_to_be_written_is_named_and_has_no_point() -> None:
    brief = parse_brief("## 一、打算\n- 追回目标500万元先不写\n- 检查9次；超支2万元，别写进去\n", name="x")
    assert [point.text for point in brief.points] == ["检查9次"]
    found = [finding for finding in brief.notices if finding.kind == "withheld"]
    assert [(f.severity, f.note.line if f.note else 0) for f in found] == [("warning", 2), ("warning", 3)]
    assert "追回目标500万元先不写" in found[0].message
    assert "超支2万元" in found[1].message
    (bare,) = parse_brief("## 一、打算\n- 明年目标先不写\n- 检查9次\n", name="x").notices
    assert (bare.kind, bare.severity) == ("withheld", "info")


@pytest.mark.parametrize("unit", ["先", "（", "（不写", "别写 ", "都就"])
def test_a_long_bullet_is_searched_for_remarks_in_no_time(unit: str) -> None:
    started = time.perf_counter()
    split_withheld(unit * (9000 // len(unit)) + "不会")
    assert time.perf_counter() - started < 0.5


def test_markup_of_a_web_page_is_not_content() -> None:
    line = "- <b>讲解</b>1286场；[预约系统](file:///etc/passwd)上线<br/>，<img src=x onerror=alert(1)>论文11篇"
    (point,) = parse_brief(f"## 一、工作\n{line}").points
    assert point.text == "讲解1286场；预约系统上线，论文11篇"
    assert point.source == line
    kept = "- 执行<GB/T 9704>标准，a<b的情形3种，见[附件](略)"
    assert parse_brief(f"## 一、工作\n{kept}").points[0].text == kept[2:]
