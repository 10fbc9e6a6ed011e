"""Past passages lose their facts."""

from __future__ import annotations

from assistant.mask import mask


def test_figures_names_titles_and_numbers_are_masked() -> None:
    text = "2023年，张建国书记到青山县石门镇调研，印发《督查办法》（县办发〔2023〕5号），办结342件，办结率100%。"
    masked = mask(text)
    for secret in ("2023", "张建国", "青山县", "石门镇", "督查办法", "5号", "342", "100"):
        assert secret not in masked.text
    assert "调研" in masked.text
    assert "办结" in masked.text


def test_spans_point_into_the_original() -> None:
    text = "接待群众178人次，化解积案15件"
    masked = mask(text)
    assert [text[span.start : span.end] for span in masked.spans] == ["178人次", "15件"]
    assert masked.text == "接待群众〔数〕，化解积案〔数〕"


def test_given_names_are_masked_first() -> None:
    assert mask("我办坚持为青山服务", names=["青山"]).text == "我办坚持为〔单位〕服务"


def test_set_phrases_stay() -> None:
    assert mask("进一步落实三会一课，第一时间上报").text == "进一步落实三会一课，第一时间上报"
