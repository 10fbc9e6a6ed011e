"""Search: what is asked for, filters, near-duplicates, recency, functions, plain speech."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from archive_tools import HashEmbedder, report, settings_in, write_reports

from assistant import arrays
from assistant.archive import ingest
from assistant.functions import FUNCTIONS, Place, asked_functions, function_strengths, places
from assistant.lexical import LexicalIndex, build, grams
from assistant.library import Library
from assistant.plain_speech import official_terms
from assistant.query import matched_spans, understand
from assistant.records import Brief, Point, Section
from assistant.retrieve import WEIGHTS, Filters, Retriever


@pytest.fixture
def retriever(tmp_path: Path):
    write_reports(tmp_path / "r")
    settings = settings_in(tmp_path / "home")
    ingest([tmp_path / "r"], settings, embedder=HashEmbedder())
    found = Retriever(Library.open(settings.home), None, HashEmbedder())
    yield found
    found.close()


# ---- search ---------------------------------------------------------------------------------------------------------


def test_a_topic_finds_its_passage(retriever: Retriever) -> None:
    hits = retriever.search("养老服务", top=3)
    assert "养老服务" in hits[0].passage.text
    assert (hits[0].rank, hits[0].year, hits[0].document) == (1, 2021, "白沙市2021年工作总结.txt")
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_filters_hold_for_every_hit(retriever: Retriever) -> None:
    assert {hit.year for hit in retriever.search("工作", filters=Filters(year_from=2020))} == {2021, 2023}
    assert {hit.year for hit in retriever.search("工作", filters=Filters(year_to=2018))} == {2018}
    assert {hit.unit for hit in retriever.search("工作", filters=Filters(unit="青岭"))} == {"青岭县人民政府"}
    assert {hit.passage.role for hit in retriever.search("工作", filters=Filters(role="存在问题"))} == {"存在问题"}
    assert retriever.search("工作", filters=Filters(doc_type="经验材料")) == []


def test_a_function_is_found_without_its_topic(retriever: Retriever) -> None:
    assert "清醒地看到" in retriever.search("怎么写存在的问题", top=1)[0].passage.text
    assert "团结奋斗" in retriever.search("总结全年的开头", top=1)[0].passage.text


def test_what_the_first_hits_say_is_looked_for_too(retriever: Retriever) -> None:
    snapshot = retriever._snapshot()
    query = understand("上了岁数的人没人照顾，床位也不够住")
    row = next(row for row in range(snapshot.size) if "养老床位不足" in _text_of(retriever, row))
    weights = retriever._fed_back(snapshot, query, np.array([row]), np.array([1.0], dtype=np.float32))
    assert set(grams("护理人员短缺").tolist()) & set(weights)
    assert set(weights) <= set(grams(_text_of(retriever, row)).tolist())
    assert max(weights.values()) == pytest.approx(WEIGHTS["paraphrase"].feedback)
    assert min(weights.values()) > 0


def _text_of(retriever: Retriever, row: int) -> str:
    number = int(retriever._snapshot().numbers[row])
    passage = retriever.library.passages_by_number([number])[number]
    return "\n".join((*passage.heading_path, passage.text))


def test_near_duplicates_are_shown_once(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    for number in range(3):
        text = report("某县人民政府", 2023, "推进乡村振兴", "人才不足") + f"附注{number}\n"
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    settings = settings_in(tmp_path / "home")
    ingest([folder], settings, embedder=HashEmbedder())
    with Library.open(settings.home) as library:
        hits = Retriever(library, None, HashEmbedder()).search("推进乡村振兴", top=10)
    texts = [hit.passage.text for hit in hits]
    assert sum("推进乡村振兴摆在" in text for text in texts) == 1


def test_recency_decides_among_equals_and_can_be_switched_off(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    for year, rest in ((2012, "东片种植小麦玉米，西片栽种苹果梨树"), (2024, "北坡放养山羊黄牛，南坡引进蜜蜂养蚕")):
        text = f"某县{year}年工作总结\n修建水渠，灌溉农田。{rest}。\n"
        (folder / f"{year}.txt").write_text(text, encoding="utf-8")
    settings = settings_in(tmp_path / "home")
    ingest([folder], settings, embedder=HashEmbedder())
    with Library.open(settings.home) as library:
        retriever = Retriever(library, None, HashEmbedder())
        with_it, without = (retriever.search("修建水渠", recency=on) for on in (True, False))
    score = {hit.year: hit.score for hit in with_it}
    plain = {hit.year: hit.score for hit in without}
    assert score[2024] - plain[2024] == pytest.approx(0.1, abs=1e-5)
    assert score[2012] == pytest.approx(plain[2012], abs=1e-5)


def test_a_section_draws_on_several_documents(retriever: Retriever) -> None:
    points = (Point("清醒地看到工作中还存在一些问题", 1),)
    section = Section("二、存在的问题", 1, ("二、存在的问题",), 1, points)
    hits = retriever.for_section(section, Brief("总结", sections=(section,)), top=4)
    documents = [hit.document for hit in hits]
    assert len(hits) == 4
    assert max(documents.count(name) for name in documents) <= 2


def test_a_search_sees_what_another_process_has_added(retriever: Retriever, tmp_path: Path) -> None:
    retriever.search("养老服务")
    extra = tmp_path / "新.txt"
    extra.write_text(report("某市人民政府", 2025, "发展低空经济", "场景偏少"), encoding="utf-8")
    ingest([extra], settings_in(tmp_path / "home"), embedder=HashEmbedder())
    assert "低空经济" in retriever.search("低空经济")[0].passage.text


def test_an_empty_library_has_no_hits(tmp_path: Path) -> None:
    with Library.open(tmp_path, write=True) as library:
        assert Retriever(library, None, HashEmbedder()).search("任何内容") == []


def test_hits_tell_why_they_matched(retriever: Retriever) -> None:
    hit = retriever.search("养老服务怎么写", top=1)[0]
    assert {hit.passage.text[start:end] for start, end in hit.matched} >= {"养老服务"}


def test_figures_do_not_decide(retriever: Retriever) -> None:
    assert grams("二年增长15.6%、3件").tolist() == grams("二年增长件").tolist()[:3]
    one, other = (retriever.search(f"养老服务\n- 新增床位{n}张", top=1)[0] for n in (150, 2018))
    assert one.passage == other.passage


# ---- words ----------------------------------------------------------------------------------------------------------


def test_rare_words_count_more_than_common_ones() -> None:
    index = build(["工作会议", "工作总结", "工作汇报", "河道工作"])
    scores = index.scores(dict.fromkeys(grams("工作河道").tolist(), 1.0))
    assert scores.argmax() == 3
    assert scores.min() > 0


def test_feedback_names_what_the_texts_share_and_the_library_seldom_says() -> None:
    index = build(["灵活就业人员参保", "灵活就业人员参保登记", "工作会议", "工作总结", "工作汇报"])
    weights = index.feedback(["灵活就业人员参保工作", "灵活就业登记"], [0.5, 0.5], 3)
    assert set(weights) <= set(grams("灵活就业人员参保登记").tolist())
    assert set(weights) & set(grams("灵活就业").tolist())
    assert max(weights.values()) == 1.0
    assert index.feedback(["工作"], [1.0], 3).keys() == set(grams("工作").tolist())


def test_bm25_agrees_with_its_formula() -> None:
    index = build(["粮食粮食安全", "安全生产工作", "教育"])
    (code,) = grams("安全").tolist()
    lengths = np.array([5, 5, 1])
    idf = np.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    norm = 1.2 * (1 - 0.75 + 0.75 * lengths / lengths.mean())
    expected = [idf * 2.2 / (1 + norm[0]), idf * 2.2 / (1 + norm[1]), 0]
    assert index.scores({code: 1.0}) == pytest.approx(expected, rel=1e-4)


def test_a_saved_text_index_is_the_same(tmp_path: Path) -> None:
    index = build(["粮食安全", "PM2.5下降"])
    arrays.save(tmp_path / "x", "state", index.arrays())
    held = arrays.load(tmp_path / "x", "state")
    assert held is not None
    weights = dict.fromkeys(grams("pm2.5 粮食").tolist(), 1.0)
    assert LexicalIndex(**held).scores(weights).tolist() == index.scores(weights).tolist()


# ---- understanding --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "function"),
    [
        ("怎么写工作中的短板", "problems"),
        ("年终总结的开头怎么写", "opening"),
        ("最后一段号召大家的话", "closing"),
        ("对干部群众表示感谢的句子", "thanks"),
        ("明年的工作打算", "plans"),
        ("几点经验体会", "lessons"),
        ("承上启下的过渡句", "credit"),
        ("古诗词名言", "quotation"),
        ("明年是全面打赢之年，这类“是……的决胜之年”", "year_of"),
        ("“我们实干……我们实干……”这样的话", "parallel"),
        ("落实得还不够好，怎么说", "problems"),
    ],
)
def test_functions_are_recognised_in_queries(query: str, function: str) -> None:
    assert function in asked_functions(query)


def test_topics_and_sections_ask_for_no_function() -> None:
    assert asked_functions("营商环境 审批") == ()
    assert asked_functions("存在的问题\n- 项目偏少") == ()


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("营商环境怎么写", "topic"),
        ("厂子借不到钱，老板愁得睡不着", "paraphrase"),
        ("存在的问题怎么写", "function"),
        ("存在的问题\n- 项目偏少", "section"),
    ],
)
def test_the_kind_of_a_query_is_told(query: str, kind: str) -> None:
    assert understand(query).kind == kind


@pytest.mark.parametrize(
    ("query", "topic"),
    [
        ("营商环境怎么写", "营商环境"),
        ("怎么写", "怎么写"),
        ("结尾的号召，提到乡村振兴", "提到乡村振兴"),
        ("引用古诗词的句子", ""),
        ("名词解释\n- 清单办理", "名词解释 清单办理"),
    ],
)
def test_writing_words_are_cut_and_topics_stay(query: str, topic: str) -> None:
    assert set(understand(query).weights) == set(grams(topic).tolist())


@pytest.mark.parametrize(
    ("function", "place", "text"),
    [
        ("problems", Place(("二、不足",), True, 0.8), "同时，我们也清醒地看到，工作中还存在人才不足、办法不多等问题。"),
        (
            "opening",
            Place(("一、过去一年工作回顾",), True, 0.01),
            "过去一年，在市委坚强领导下，全市上下团结奋斗，较好完成了年度任务，发展取得明显成效。",
        ),
        (
            "closing",
            Place(("三、自身建设",), False, 0.99),
            "让我们更加紧密地团结起来，携手并肩，为美好明天而努力奋斗！",
        ),
        ("thanks", Place((), False, 0.5), "在此，我代表区政府，向全体建设者表示衷心的感谢！"),
        ("glossary", Place(("名词解释",), False, 0.99), "[3]“一网通办”：是指政务服务事项在一个平台上办理。"),
        ("quotation", Place((), False, 0.9), "春风得意花千树，秋水扬波月一轮。新的一年，我们重整行装再出发。"),
    ],
)
def test_functions_are_recognised_in_passages(function: str, place: Place, text: str) -> None:
    strengths = function_strengths(text, place)
    assert strengths[function] >= 1.0
    assert (
        function_strengths("全年新建公路三十公里，改造桥梁五座。", Place(("交通",), False, 0.5)).get(function, 0) < 1.0
    )


def test_names_of_functions_are_unique_and_every_function_has_signs() -> None:
    assert len({function.name for function in FUNCTIONS}) == len(FUNCTIONS)
    assert all(sum(max(sign.weight, 0) for sign in function.signs) >= 1 for function in FUNCTIONS)


def test_the_first_passage_below_a_heading_is_known() -> None:
    found = places([(0, ("一",)), (50, ("一",)), (80, ("一", "（一）"))], 100)
    assert [(place.is_first, place.position) for place in found] == [(True, 0.0), (False, 0.5), (True, 0.8)]


def test_plain_speech_becomes_official_terms() -> None:
    assert "农民工工资" in official_terms("老板欠着工钱不给")
    assert "不作为慢作为" in official_terms("有的干部就是懒")
    assert official_terms("全面从严治党") == ()


def test_added_terms_weigh_less_than_typed_words() -> None:
    query = understand("没钱，办事跑断腿")
    typed = set(grams("没钱，办事跑断腿").tolist())
    assert query.terms
    assert {weight for code, weight in query.weights.items() if code in typed} == {1.0}
    assert max(weight for code, weight in query.weights.items() if code not in typed) < 0.5
    assert understand("标题\n- 没钱").terms == ()


def test_matched_spans_cover_typed_words_and_added_terms() -> None:
    text = "我们开展根治欠薪行动，推广GDP核算。"
    spans = matched_spans(text, understand("拖欠工资和gdp"))
    assert {text[start:end] for start, end in spans} >= {"根治欠薪", "GDP"}
