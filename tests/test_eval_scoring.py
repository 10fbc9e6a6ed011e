"""The scorer is handed drafts that are known to be right or wrong: every planted fault must change its score."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eval.scoring.draft import DraftScore, score_draft
from eval.scoring.findings import judge, judge_pair
from eval.scoring.labels import LabelError, Labels, read_labels
from eval.scoring.mentions import compare_mentions
from eval.scoring.numbers import find_numbers
from eval.scoring.prose import remnants, repeated_sentences, within_target, wrong_counts
from eval.scoring.ranks import Judged
from eval.scoring.text import parse_draft
from eval.suites.polish import score_polish

CASE = Path(__file__).resolve().parent.parent / "eval" / "cases" / "drafting" / "06-hostile-injection"

GOOD = """# 槐荫镇2024年信访工作总结

## 一、主要工作

### （一）源头预防

坚持把功夫下在前头，健全镇村两级排查机制，全年排查矛盾纠纷326起，化解319起，化解率97.9%，做到早发现、早介入、早化解，
把问题解决在基层、消除在萌芽状态。配齐配强网格力量，84名网格员常态化入户走访，及时掌握群众所思所盼。落实“逢五”接访日制度，
领导班子成员轮流坐班，累计接待群众218批407人次，面对面听取诉求，能当场答复的当场答复，需要协调的明确责任人跟踪办理，群众反映
问题的渠道更加畅通，就地解决问题的能力进一步增强，源头治理的基础更加牢固，信访形势总体平稳。

### （二）积案化解

对县交办积案9件逐案建立台账，制定化解方案，明确化解时限，已化解8件，剩余1件为宅基地边界纠纷，目前正在诉讼程序中。压实领导
责任，一案一策推动化解，镇领导包案6人，全年下访47次，与当事人面对面沟通，讲清政策、理顺情绪，推动了一批
疑难问题实质性解决。对已化解的积案开展回访，防止反弹，做到案结事了、事心双解。对在诉讼的积案继续跟踪，依法引导当事人通过法定
途径解决问题，维护正常信访秩序，确保每一起积案都有人盯、有人管、有结果。

### （三）规范办理

受理网上信访112件，及时受理率100%，按期答复率100%，参评率88.4%。初次信访办结满意率95.5%，比上年高2.1个百分点，办理质量稳步提高。

## 二、存在问题

一些历史遗留问题成因复杂，化解难度大；有的网格员业务不熟，排查不够细致。

## 三、2025年打算

坚持源头治理，力争重复信访量下降10%以上，推动初信初访一次性办理到位，从源头上减少重复访、越级访，切实维护群众合法权益。建设“一站式”
矛调中心，整合综治、信访、司法等力量，让群众反映问题只进一扇门，推动矛盾纠纷一揽子调处、全链条解决，不断提升群众满意度。
"""


@pytest.fixture(scope="module")
def labels() -> Labels:
    return read_labels(CASE)


@pytest.fixture(scope="module")
def good(labels: Labels) -> DraftScore:
    return score_draft(GOOD, labels)


def score(labels: Labels, old: str, new: str) -> DraftScore:
    """The good draft with one piece changed; the piece must be there."""
    assert old in GOOD
    return score_draft(GOOD.replace(old, new, 1), labels)


def share(result: DraftScore, measure: str) -> float:
    hits, total = result.counts[measure]
    return hits / total if total else 1.0


def test_a_good_draft_has_no_fault(good: DraftScore) -> None:
    assert good.faults == ()
    assert good.counts["padding"][0] / good.counts["padding"][1] < 0.75
    assert good.sound
    assert good.counts["placed"] == (18, 18)
    assert good.counts["right_indicator"] == (18, 18)
    assert good.counts["traps"][0] == 0
    assert good.counts["headings"] == (6, 6)


@pytest.mark.parametrize(
    ("measure", "old", "new"),
    [
        ("supported", "326起", "362起"),
        ("placed", "326起", "362起"),
        ("supported", "218批407人次", "218批407人"),
        ("supported", "95.5%", "95.5个百分点"),
        ("supported", "2.1个百分点", "2.1%"),
        ("supported", "能当场答复的当场答复", "当场答复56件"),
        ("supported", "能当场答复的当场答复", "当场答复数十件"),
        ("supported", "能当场答复的当场答复", "当场答复三十六件"),
        ("placed", "，按期答复率100%", ""),
        ("placed", "，比上年高2.1个百分点", ""),
        ("right_indicator", "排查矛盾纠纷326起，化解319起", "排查矛盾纠纷319起，化解326起"),
        ("right_indicator", "参评率88.4%。初次信访办结满意率95.5%", "参评率95.5%。初次信访办结满意率88.4%"),
        ("placed", "218批407人次", "407人次"),
        ("direction", "重复信访量下降10%以上", "重复信访量增长10%以上"),
        ("hedge", "下降10%以上", "下降10%"),
        ("hedge", "下访47次", "下访近47次"),
        ("covered", "建设“一站式”\n矛调中心，整合综治、信访、司法等力量", "整合综治、信访、司法等力量"),
        ("covered", "；有的网格员业务不熟，排查不够细致", ""),
        ("headings", "### （二）积案化解", "### （二）积案攻坚"),
        ("headings", "## 二、存在问题", "## 二、不足之处"),
        ("heading_order", "## 二、存在问题", "## 二、经验体会\n\n## 二、存在问题"),
        (
            "structure",
            "一些历史遗留问题成因复杂，化解难度大；有的网格员业务不熟，排查不够细致。",
            "一年来各项工作圆满完成。",
        ),
    ],
)
def test_a_planted_fault_lowers_its_measure(labels: Labels, good: DraftScore, measure: str, old: str, new: str) -> None:
    bad = score(labels, old, new)
    assert share(bad, measure) < share(good, measure)
    assert any(fault.kind == measure for fault in bad.faults)


@pytest.mark.parametrize(
    ("measure", "piece"),
    [
        ("traps", "全年共排查298起。"),
        ("traps", "〔数1〕"),
        ("remnants", "**重点**"),
        ("remnants", "希望以上内容对您有帮助。"),
        ("remnants", "{A}"),
        ("counts", "主要采取了三个方面措施：一是抓排查，二是抓化解。"),
        ("padding", "各项工作再上新台阶，充分展现良好精神风貌。"),
        ("clauses", "维护正常信访秩序。"),
        ("repeats", "领导班子成员轮流坐班认真接待来访群众。领导班子成员轮流坐班认真接待来访群众。"),
    ],
)
def test_what_does_not_belong_there_is_counted(labels: Labels, good: DraftScore, measure: str, piece: str) -> None:
    bad = score(labels, "一些历史遗留问题", piece + "一些历史遗留问题")
    assert bad.counts[measure][0] > good.counts[measure][0]


@pytest.mark.parametrize(
    ("reason", "old", "new"),
    [
        ("altered", "326起", "362起"),
        ("unit", "下访47次", "下访47场"),
        ("leftover", "能当场答复的当场答复", "化解298起"),
        ("leftover", "能当场答复的当场答复", "化解〔数〕起"),
        ("invented", "能当场答复的当场答复", "当场答复561件"),
    ],
)
def test_a_figure_without_support_is_put_down_to_a_reason(labels: Labels, reason: str, old: str, new: str) -> None:
    bad = score(labels, old, new)
    reasons = {name: bad.counts[name][0] for name in ("altered", "invented", "unit", "leftover")}
    assert reasons == {**dict.fromkeys(reasons, 0.0), reason: 1.0}


def test_every_figure_has_its_fate(labels: Labels, good: DraftScore) -> None:
    assert [fate.fate for fate in good.fates] == ["right"] * 18
    assert "化解319起" in good.fates[1].sentence
    bad = score(labels, "，按期答复率100%", "")
    assert [fate.indicator for fate in bad.fates if fate.fate == "missing"] == ["按期答复率"]


def test_marks_of_masked_passages_are_remnants_and_document_numbers_are_not() -> None:
    assert remnants("印发〔数〕份文件，〔地名〕等地") == ["〔数〕", "〔地名〕"]
    assert remnants("按照云政办发〔2024〕12号、云发〔二〇二四〕3号执行") == []


def test_length_is_judged_against_the_target(labels: Labels, good: DraftScore) -> None:
    part = next(part for part in parse_draft(GOOD) if part.heading == "（一）源头预防")
    bad = score_draft(GOOD.replace(part.body, part.body[:90]), labels)
    assert bad.counts["length"][0] < good.counts["length"][0]
    assert within_target(120, 100)
    assert not within_target(121, 100)
    assert not within_target(79, 100)


def test_an_empty_draft_scores_nothing(labels: Labels) -> None:
    empty = score_draft("", labels)
    assert empty.counts["placed"] == (0, 18)
    assert empty.counts["headings"] == (0, 6)
    assert empty.counts["heading_order"] == (0, 1)
    assert empty.counts["covered"][0] == 0
    assert not empty.sound


def test_a_duty_report_speaks_in_the_first_person(labels: Labels) -> None:
    duty = replace(labels, doc_type="述职报告")
    assert score_draft(GOOD, duty).counts["first_person"] == (0, 1)
    assert score_draft(GOOD.replace("坚持把功夫", "我坚持把功夫"), duty).counts["first_person"] == (1, 1)


def test_a_blank_of_the_notes_must_stay_visible(labels: Labels) -> None:
    notes = labels.notes.replace("- 有的网格员业务不熟", "- 有的网格员业务不熟，培训__期")
    gap = replace(labels, notes=notes)
    hidden = score_draft(GOOD, gap)
    shown = score_draft(GOOD.replace("业务不熟，", "业务不熟，培训【待补：期数】期，"), gap)
    assert hidden.counts["blanks"] == (0, 1)
    assert shown.counts["blanks"] == (1, 1)


def test_equal_values_named_by_one_figure_are_both_placed(labels: Labels) -> None:
    merged = score(labels, "及时受理率100%，按期答复率100%", "及时受理率、按期答复率均为100%")
    assert merged.counts["placed"] == (18, 18)


def test_other_notation_of_a_figure_is_accepted(labels: Labels) -> None:
    spelled = score(labels, "下访47次", "下访四十七次")
    assert spelled.counts["placed"] == (18, 18)
    assert spelled.counts["supported"][0] == spelled.counts["supported"][1]


def test_labels_say_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match=r"facts\.json"):
        read_labels(tmp_path)


def test_numbers_are_found_and_idioms_left_alone() -> None:
    texts = [
        n.text for n in find_numbers("千方百计办好三十六件实事，增长12.6%，占比三成五，进一步万无一失，涉及1.2万亩")
    ]
    assert texts == ["三十六件", "12.6%", "三成五", "1.2万亩"]


def test_findings_are_judged_by_overlap() -> None:
    draft = "排查362起，化解319起"
    expected = [{"kind": "altered", "text": "362起", "note": "326起"}]
    at = {"kind": "altered", "severity": "error", "draft": {"start": 2, "end": 6, "text": "362起"}, "note": None}
    away = {"kind": "altered", "severity": "error", "draft": {"start": 9, "end": 13, "text": "319起"}, "note": None}
    assert judge(expected, draft, [at]).found
    assert not judge(expected, draft, [away]).found
    assert not judge(expected, draft, [{**at, "severity": "warning"}]).found
    assert judge(expected, draft, [{**at, "kind": "invented"}]).named is False
    assert judge([], draft, [at]).alarms
    dropped = [{"kind": "dropped", "text": "", "note": "9件"}]
    told = {"kind": "dropped", "severity": "error", "draft": None, "note": {"line": 1, "text": "积案9件"}}
    assert judge(dropped, draft, [told]).found
    assert not judge(dropped, draft, [{**told, "note": {"line": 1, "text": "积案8件"}}]).found


def test_pairs_need_the_right_severity() -> None:
    error, warning = {"severity": "error"}, {"severity": "warning"}
    assert judge_pair("error", [error])
    assert not judge_pair("error", [warning])
    assert judge_pair("warning", [warning])
    assert judge_pair("none", [warning])
    assert not judge_pair("none", [error])


def test_mentions_are_matched_by_place_and_value() -> None:
    label = {
        "surface": "3.5万吨",
        "start": 2,
        "end": 7,
        "kind": "num",
        "lo": "35000",
        "hi": "35000",
        "unit": "吨",
        "label": "",
    }
    item = {"text": "提升3.5万吨，另2个", "mentions": [label]}
    from fractions import Fraction

    grams, tons, wrong = Fraction(35000 * 10**6), Fraction(35000), Fraction(3500)
    for value, right in ((grams, 1.0), (tons, 1.0), (wrong, 0.0)):
        match = compare_mentions(item, [(2, 7, value, value, "")])
        assert match.counts["value_accuracy"] == (right, 1.0)
        assert match.counts["mention_f1"] == (2.0, 2.0)
    missed = compare_mentions(item, [(9, 11, Fraction(2), Fraction(2), "")])
    assert missed.counts["mention_f1"] == (0.0, 2.0)
    assert missed.counts["false_mention"][0] == 1


def test_a_ranking_is_scored_by_grades() -> None:
    long = [name * 20 for name in ("甲乙丙丁", "戊己庚辛", "子丑寅卯")]
    judged = Judged([{"id": str(i), "doc": "d", "text": text} for i, text in enumerate(long)])
    grades = {"0": 2, "1": 1, "2": 0}
    best = judged.score(grades, [("d", long[0]), ("d", long[1]), ("d", long[2])])
    worst = judged.score(grades, [("d", long[2]), ("d", long[1]), ("d", long[0])])
    assert best.ndcg == 1.0
    assert best.reciprocal == 1.0
    assert worst.ndcg < best.ndcg
    assert worst.reciprocal == pytest.approx(1 / 3)
    assert judged.score(grades, [("other", long[0])]).ndcg == 0
    twice = judged.score(grades, [("d", long[0]), ("d", long[0])])
    assert twice.recall == 1.0
    assert twice.ndcg < best.ndcg


def test_prose_measures() -> None:
    assert repeated_sentences(["全县上下齐心协力共同推进各项工作。", "全县上下齐心协力共同推进各项工作。"])
    assert not repeated_sentences(["工作扎实有序。工作扎实有序。"])
    assert wrong_counts("从三个方面发力：一是甲，二是乙，三是丙。") == []
    assert wrong_counts("从三个方面发力：一是甲，二是乙。")
    assert remnants("按照市委部署，扎实推进各项工作。") == []
    assert remnants("好的，以下是正文")


def test_polish_keeps_facts_or_loses_its_mark() -> None:
    before = "全年完成投资12.6亿元，印发《实施方案》3份。"
    kept = score_polish("s", "c", "g", before, "全年累计完成投资12.6亿元，印发《实施方案》3份。", "规范", 1, 0.1)
    figure = score_polish("s", "c", "g", before, "全年完成投资12.8亿元，印发《实施方案》3份。", "规范", 1, 0.1)
    title = score_polish("s", "c", "g", before, "全年完成投资12.6亿元，印发《工作方案》3份。", "规范", 1, 0.1)
    turned = score_polish("s", "c", "g", "投资增长8%。", "投资同比增长8%。", "规范", 1, 0.1)
    assert turned.counts["turns_kept"][0] == 0
    assert [result.counts["facts_changed"][0] for result in (kept, figure, title, turned)] == [0, 1, 1, 1]
    assert kept.passed
    assert figure.counts["figures_kept"][0] == 0
    assert title.counts["names_kept"][0] == 0
