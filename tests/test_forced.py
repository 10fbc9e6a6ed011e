"""What a section left out of its notes, put at its end on request: `nigao draft --force-in`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant import cli
from assistant.brief import parse_brief
from assistant.forced import force_in, left_out, sentence_for
from assistant.generate import draft_section
from assistant.records import DraftSection, Point
from assistant.run import force_in_all
from assistant.scripted import ScriptedModel

NOTES = """---
title: 松屏县水利局2024年工作总结
unit: 松屏县水利局
period: 2024年
---
## 一、工作情况
- 除险加固病险水库15座，完成投资9200万元
- （可选）培训水管员42人
- 推行河道保洁市场化
"""
BRIEF = parse_brief(NOTES)
SECTION = BRIEF.sections[0]


def section(text: str) -> DraftSection:
    return DraftSection(SECTION.heading, SECTION.path, SECTION.level, text)


def test_left_out_names_bullets_and_figures_optional_ones_too() -> None:
    whole = "除险加固病险水库15座，完成投资9200万元。培训水管员42人。推行河道保洁市场化。"
    assert left_out(whole, SECTION, BRIEF) == []
    assert [p.line for p in left_out(whole.replace("，完成投资9200万元", ""), SECTION, BRIEF)] == [7]
    assert [p.line for p in left_out(whole.replace("培训水管员42人。", ""), SECTION, BRIEF)] == [8]
    assert [p.line for p in left_out(whole.replace("推行河道保洁市场化。", ""), SECTION, BRIEF)] == [9]


def test_a_forced_bullet_stands_at_the_end_and_is_named() -> None:
    result = force_in(section("除险加固病险水库15座，完成投资9200万元。推行河道保洁市场化。"), SECTION, BRIEF)
    assert result.text.endswith("培训水管员42人。")
    forced = [finding for finding in result.findings if finding.kind == "forced"]
    assert len(forced) == 1
    assert forced[0].draft is not None
    assert result.text[forced[0].draft.start : forced[0].draft.end] == "培训水管员42人。"
    assert left_out(result.text, SECTION, BRIEF) == []
    assert force_in(result, SECTION, BRIEF) is result


def test_only_what_is_missing_is_forced_in() -> None:
    drafted = section("除险加固病险水库15座。培训水管员42人。推行河道保洁市场化。")
    result = force_in(drafted, SECTION, BRIEF)
    assert result.text == drafted.text + "完成投资9200万元。"
    assert [finding for finding in result.findings if finding.severity == "error"] == []


@pytest.mark.parametrize("note", ["；", "，。", " "])
def test_a_note_without_words_adds_nothing(note: str) -> None:
    assert sentence_for(Point(note, 9), "培训水管员42人。", SECTION, BRIEF) == ""


def test_of_two_sections_under_one_heading_each_gets_its_own_notes() -> None:
    brief = parse_brief("## 一、巡查\n- 巡查堤防61次\n## 一、巡查\n- 抽查泵站17座\n", name="某站小结")
    sections = {i: DraftSection(s.heading, s.path, s.level, "抓好日常。") for i, s in enumerate(brief.sections)}
    one, two = force_in_all(brief, sections, []).values()
    assert ("61次" in one.text, "17座" in one.text) == (True, False)
    assert ("61次" in two.text, "17座" in two.text) == (False, True)
    assert list(force_in_all(brief, {1: sections[1]}, [])) == [1]


def test_a_draft_of_the_rules_leaves_nothing_to_force() -> None:
    model = ScriptedModel(lambda messages: "")
    model.supports_grammar = True  # type: ignore[misc]
    drafted = draft_section(SECTION, BRIEF, [], model)
    assert force_in(drafted, SECTION, BRIEF) is drafted


@pytest.mark.parametrize("flag", [True, False])
def test_the_flag_of_the_command_line(
    flag: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NIGAO_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("assistant.llm.connect", lambda settings: ScriptedModel([]))

    def short(*arguments: Any, **options: Any) -> DraftSection:
        return section("除险加固病险水库15座，完成投资9200万元。推行河道保洁市场化。")

    monkeypatch.setattr("assistant.generate.draft_section", short)
    notes = tmp_path / "notes.md"
    notes.write_text(NOTES, encoding="utf-8")
    assert cli._run(["draft", str(notes), "--json", *(["--force-in"] if flag else [])]) == 0
    text = json.loads(capsys.readouterr().out)["sections"][0]["text"]
    assert ("42人" in text) == flag
