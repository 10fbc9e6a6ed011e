"""Passages: exact, along the structure, of a useful length."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.ingest import read_document
from assistant.records import Document, Heading
from assistant.split import MAX_LENGTH, split
from assistant.structure import find_headings

SENTENCE = "全县各级各部门按照年初确定的目标任务认真抓好落实，重点项目有序推进，群众满意度不断提高。"


def document(text: str) -> Document:
    return Document("id", "a.txt", text, "标题", headings=find_headings(text))


def check(given_document: Document) -> None:
    """What holds for the passages of any document."""
    passages = split(given_document)
    starts = [heading.start for heading in given_document.headings]
    assert len({passage.passage_id for passage in passages}) == len(passages)
    for before, after in pairwise(passages):
        assert before.end <= after.start
    for passage in passages:
        assert given_document.text[passage.start : passage.end] == passage.text
        assert passage.text.strip()
        assert len(passage.text) <= MAX_LENGTH
        assert not any(passage.start < start < passage.end for start in starts), "crosses a heading"


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="一二三（）、.1。；，\n 年工作总结是第各位代表：的", max_size=2500))
def test_any_text_is_split_exactly(text: str) -> None:
    check(document(text))


@given(
    st.lists(
        st.sampled_from([SENTENCE, "一、工作\n", "\n", "二是抓好落实。", "（一）办文。", "，无标点" * 90]), max_size=60
    )
)
def test_any_report_is_split_exactly(parts: list[str]) -> None:
    check(document("".join(parts)))


def test_every_corpus_document_is_split_exactly(corpus: list[Path]) -> None:
    for path in corpus:
        check(read_document(path))


def test_nothing_of_the_body_is_lost() -> None:
    text = f"一、工作\n{SENTENCE * 20}\n短句。\n二、打算\n{SENTENCE}"
    kept = "".join(passage.text for passage in split(document(text)))
    assert kept.replace("\n", "") == f"{SENTENCE * 20}短句。{SENTENCE}"


def test_a_long_paragraph_is_cut_evenly_at_sentence_ends() -> None:
    passages = split(document(f"一、工作\n{SENTENCE * 20}"))
    lengths = [len(passage.text) for passage in passages]
    assert len(passages) > 1
    assert max(lengths) - min(lengths) <= 2 * len(SENTENCE)
    assert all(passage.text.endswith("。") for passage in passages)


def test_short_paragraphs_under_one_heading_are_joined() -> None:
    (passage,) = split(document("一、工作\n完成第一项任务。\n完成第二项任务。"))
    assert passage.text == "完成第一项任务。\n完成第二项任务。"


def test_headings_alone_are_left_out_and_glued_ones_stay() -> None:
    passages = split(document(f"一、工作\n（一）办文质量提高。{SENTENCE * 3}"))
    assert [passage.heading_path for passage in passages] == [("一、工作", "（一）办文质量提高")]
    assert passages[0].text.startswith("（一）办文质量提高。")


def test_items_are_kept_whole_where_they_fit() -> None:
    items = [f"{number}是抓好落实。{SENTENCE * 4}" for number in "一二三四"]
    passages = split(document("一、工作\n主要做法：" + "".join(items)))
    assert passages
    assert all(passage.text.removeprefix("主要做法：").startswith(tuple("一二三四")) for passage in passages)


def test_title_block_and_salutation_are_no_passage() -> None:
    text = f"政府工作报告\n2024年1月5日\n县长 王明\n各位代表：\n{SENTENCE * 3}\n一、工作\n{SENTENCE * 3}"
    assert [passage.text for passage in split(document(text))] == [SENTENCE * 3, SENTENCE * 3]


def test_after_the_salutation_inside_a_subsection_the_speaker_is_back_in_the_section() -> None:
    text = (
        f"一、2023年工作回顾\n（一）办文\n{SENTENCE * 3}\n各位代表！我们也清醒地认识到，还存在不少问题和不足，"
        f"主要是基础薄弱。{SENTENCE * 2}"
    )
    last = split(document(text))[-1]
    assert (last.heading_path, last.role) == (("一、2023年工作回顾",), "存在问题")


def test_a_sentence_longer_than_a_passage_is_cut_at_commas() -> None:
    passages = split(document("一、工作\n" + "抓好落实工作，" * 150 + "完成。"))
    assert len(passages) >= 3
    assert all(len(passage.text) <= MAX_LENGTH for passage in passages)


@pytest.mark.parametrize("text", ["", "\n\n", "标题"])
def test_empty_documents_have_no_passages(text: str) -> None:
    assert (
        split(Document("id", "a", text, "标题", headings=(Heading("标题", 1, 0, 2),) if text == "标题" else ())) == []
    )
