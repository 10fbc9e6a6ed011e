"""Properties of the recogniser: oracles, round trips, offsets, idempotence, speed."""

from __future__ import annotations

import random
import time
from fractions import Fraction

import cn2an
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.figures import recognise
from assistant.figures.normalise import normalise
from assistant.figures.numerals import parse_chinese

ALPHABET = "0123456789０５％.．,，+-—~～零一二三四五六七八九十百千万亿两半多余近约超第前年月日个项元吨亩人次%‰成折倍番至到分之（）()[]〔〕“”、。；\n *_`→PM≥壹贰俩"


@given(st.integers(min_value=1, max_value=10**12))
def test_chinese_numerals_agree_with_cn2an(number: int) -> None:
    text = cn2an.an2cn(number)
    assert parse_chinese(text) == number == cn2an.cn2an(text, "smart")


@given(st.integers(min_value=2, max_value=10**9))
def test_whole_numbers_survive_any_notation(number: int) -> None:
    chinese, grouped, full = (
        cn2an.an2cn(number),
        f"{number:,}",
        str(number).translate({ord("0") + i: ord("０") + i for i in range(10)}),
    )
    for written in (str(number), chinese, grouped, full):
        found = [f for f in recognise(f"共走访{written}人次，情况良好。") if f.lo is not None]
        assert [f.lo for f in found] == [number], written


@given(st.integers(min_value=1, max_value=99_999), st.sampled_from([("万元", 4), ("亿元", 8), ("千元", 3), ("元", 0)]))
def test_money_scales(cents: int, scale: tuple[str, int]) -> None:
    text = f"{cents // 100}.{cents % 100:02d}{scale[0]}"
    figure = next(f for f in recognise("支出" + text) if f.lo is not None)
    assert figure.lo == Fraction(cents, 100) * 10 ** scale[1]


@given(st.integers(min_value=1, max_value=9999))
def test_percentages_in_words(tenths: int) -> None:
    spoken = cn2an.an2cn(f"{tenths // 10}.{tenths % 10}") if tenths % 10 else cn2an.an2cn(tenths // 10)
    figure = next(f for f in recognise(f"增长百分之{spoken}。") if f.lo is not None)
    assert figure.lo == Fraction(tenths, 1000)


@settings(max_examples=400)
@given(st.text(alphabet=ALPHABET, max_size=60))
def test_offsets_are_exact_and_ordered(text: str) -> None:
    last = 0
    for figure in recognise(text):
        assert text[figure.start : figure.end] == figure.surface
        assert last <= figure.start < figure.end
        last = figure.end


@given(st.text(max_size=80))
def test_any_unicode_text_is_read(text: str) -> None:
    for figure in recognise(text):
        assert text[figure.start : figure.end] == figure.surface


@given(st.text(alphabet=ALPHABET, max_size=60))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text).text
    assert [(f.kind, f.lo, f.hi) for f in recognise(once)] == [(f.kind, f.lo, f.hi) for f in recognise(once)]


def _report(sentences: int) -> str:
    rng = random.Random(7)
    parts = [
        f"全年办理事项{rng.randint(20, 9000)}件，同比增长{rng.randint(1, 80)}.{rng.randint(1, 9)}%，进一步优化服务流程，群众满意度稳步提升。"
        for _ in range(sentences)
    ]
    return "".join(parts)


def _seconds(text: str) -> float:
    best = 9.0
    for _ in range(2):
        start = time.process_time()
        recognise(text)
        best = min(best, time.process_time() - start)
    return best


def test_recognising_is_fast_and_linear() -> None:
    small, large = _report(100), _report(1600)
    recognise(small)
    assert len(large) / _seconds(large) > 60_000
    assert _seconds(large) / len(large) < 4 * _seconds(small) / len(small)


@pytest.mark.parametrize(
    "noise", ["9" * 5000, "一" * 5000, "（" * 3000, "1," * 3000, "第" * 3000 + "一", "由" * 3000, "〔2024〕" * 800]
)
def test_pathological_texts_are_read_in_time(noise: str) -> None:
    start = time.process_time()
    recognise(noise)
    assert time.process_time() - start < 2
