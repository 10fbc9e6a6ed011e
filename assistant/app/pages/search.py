"""查表述: a topic in, past phrasing out, grouped by document, with filters and a masked form."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import gradio as gr

from assistant.app.marks import Mark, escape, inline, region
from assistant.app.pages.parts import answers, area, note
from assistant.records import DOC_TYPES, SECTION_ROLES, Hit

if TYPE_CHECKING:
    from assistant.app.services import Services

ANY = "不限"
PLAIN, MASKED = "原文", "留空套用"
TOP = 30
WELCOME = note("输入一个话题，如“督查”“营商环境”“存在的问题”，按回车就能查到往年材料里的写法。")


def build(services: Services, tab: gr.Tab) -> None:
    """Layout and listeners of the page."""
    with gr.Row(elem_classes="toolbar"):
        query = gr.Textbox(label="查什么", placeholder="话题或半句话，按回车", elem_id="search-query", scale=5)
        button = gr.Button("查表述", variant="primary", elem_id="search-go", scale=0, min_width=96)
    with gr.Row(elem_classes="filters"):
        year_from = gr.Dropdown([ANY], value=ANY, label="从哪年", min_width=90)
        year_to = gr.Dropdown([ANY], value=ANY, label="到哪年", min_width=90)
        unit = gr.Dropdown([ANY], value=ANY, label="单位", min_width=160)
        doc_type = gr.Dropdown([ANY, *DOC_TYPES], value=ANY, label="文种", min_width=110)
        role = gr.Dropdown([ANY, *SECTION_ROLES], value=ANY, label="哪一部分", min_width=110)
        form = gr.Radio([PLAIN, MASKED], value=PLAIN, label="显示", min_width=250)
    results = area("hits", WELCOME)

    @answers()
    def search(query: str, first: str, last: str, unit: str, kind: str, role: str, form: str) -> str:
        from assistant.retrieve import Filters

        if not query.strip():
            return region(WELCOME, "hits")
        filters = Filters(_number(first), _number(last), _given(unit), _given(kind), _given(role))
        hits = services.pipeline.search(query, top=TOP, filters=filters)
        return region(hits_html(hits, masked=form == MASKED), "hits")

    def choices() -> tuple[gr.Dropdown, gr.Dropdown, gr.Dropdown]:
        rows = services.shelf.rows()
        years = [ANY, *sorted({str(row.year) for row in rows if row.year}, reverse=True)]
        units = [ANY, *sorted({row.unit for row in rows if row.unit})]
        return gr.Dropdown(choices=years), gr.Dropdown(choices=years), gr.Dropdown(choices=units)

    inputs = [query, year_from, year_to, unit, doc_type, role, form]
    tab.select(choices, None, [year_from, year_to, unit], api_visibility="private", show_progress="hidden")
    boxes = (year_from, year_to, unit, doc_type, role)
    triggers = [query.submit, button.click, form.input, *(box.input for box in boxes)]
    gr.on(
        triggers, search, inputs, results, api_visibility="private", show_progress="hidden", trigger_mode="always_last"
    )


def _given(value: str) -> str | None:
    return None if value in (ANY, "", None) else value


def _number(value: str) -> int | None:
    return int(value) if value and value.isdigit() else None


def hits_html(hits: Sequence[Hit], *, masked: bool) -> str:
    """Hits grouped by document, documents in the order of their best hit."""
    if not hits:
        return note("没有查到。换个说法或放宽筛选条件试试；资料库是空的话，请先到“资料库”导入往年材料。")
    best: dict[str, int] = {}
    for hit in hits:
        best.setdefault(hit.passage.document_id, hit.rank)
    ordered = sorted(hits, key=lambda hit: (best[hit.passage.document_id], hit.rank))
    groups = groupby(ordered, key=lambda hit: hit.passage.document_id)
    return f'<p class="count" role="status">共 {len(hits)} 段，来自 {len(best)} 份材料</p>' + "".join(
        _group(list(group), masked) for _, group in groups
    )


def _group(hits: Sequence[Hit], masked: bool) -> str:
    first = hits[0]
    about = " · ".join(
        escape(part) for part in (first.unit, f"{first.year}年" if first.year else "", first.doc_type) if part
    )
    head = f'<h3>{escape(first.title)}</h3><p class="about">{about}</p>'
    return f'<section class="document">{head}{"".join(_hit(hit, masked) for hit in hits)}</section>'


def _hit(hit: Hit, masked: bool) -> str:
    text = hit.masked if masked else hit.passage.text
    marks = [] if masked else [Mark(start, end, "match") for start, end in hit.matched]
    path = " › ".join(escape(part) for part in hit.passage.heading_path)
    role = f'<span class="role">{escape(hit.passage.role)}</span>' if hit.passage.role else ""
    passage = escape(hit.passage.passage_id)
    buttons = (
        '<button type="button" data-copy>复制</button>'
        '<button type="button" data-refer>放入参考</button>'
        f'<button type="button" data-passage="{passage}">看上下文</button>'
    )
    return (
        f'<article class="hit"><p class="path">{path}{role}</p><div class="words">{inline(text, marks)}</div>'
        f'<div class="acts">{buttons}</div></article>'
    )
