"""资料库: read past reports in, see and correct what was recognised, remove, read again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.app.marks import escape, region
from assistant.app.pages.parts import answers, area, note, problem, streams
from assistant.app.shelf import by_year_and_type
from assistant.errors import InputError, NigaoError
from assistant.records import DOC_TYPES, Document

if TYPE_CHECKING:
    from assistant.app.services import Services
    from assistant.archive import IngestReport, Progress
    from assistant.library import DocumentRow

COLUMNS = ["标题", "单位", "年份", "文种", "段数", "字数"]
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
TONES = ("a", "b", "c", "d", "e", "f")


@dataclass(frozen=True)
class _Reading:
    """Where files come in."""

    files: gr.File
    folder: gr.File
    take: gr.Button
    samples: gr.Button
    reread: gr.Button
    outcome: gr.Markdown
    plot: gr.Markdown


@dataclass(frozen=True)
class _Documents:
    """What is in the library, and the document that is being looked at."""

    table: gr.Dataframe
    chosen: gr.Dropdown
    fields: list[Any]
    save: gr.Button
    sure: gr.Checkbox
    remove: gr.Button
    detail: gr.Markdown


def build(services: Services, tab: gr.Tab) -> None:
    """Layout and listeners of the page."""
    with gr.Row(elem_classes="split"):
        with gr.Column(scale=4, min_width=300, elem_classes="pane"):
            reading = _reading()
        with gr.Column(scale=8, min_width=320, elem_classes="pane"):
            documents = _documents()

    def overview() -> tuple[Any, Any, str]:
        rows = services.shelf.rows()
        choices = [(_label(row), row.document_id) for row in rows]
        return [_cells(row) for row in rows], gr.Dropdown(choices=choices), region(plot_html(rows), "plot")

    def refresh(trigger: Any) -> None:
        trigger(overview, None, [documents.table, documents.chosen, reading.plot], **QUIET)

    refresh(tab.select)
    _wire_reading(services, reading, refresh)
    _wire_choice(services, documents)
    _wire_changes(services, documents, reading.outcome, refresh)


def _reading() -> _Reading:
    files = gr.File(label="往年材料（可多份，可传 zip）", file_count="multiple", elem_classes="upload")
    folder = gr.File(label="或整个文件夹", file_count="directory", elem_classes="upload")
    with gr.Row(elem_classes="buttons"):
        take = gr.Button("导入资料库", variant="primary", elem_id="library-take")
        samples = gr.Button("载入示例材料", elem_id="library-samples")
        reread = gr.Button("全部重读", elem_id="library-reread")
    return _Reading(files, folder, take, samples, reread, area("outcome"), area("plot"))


def _documents() -> _Documents:
    table = gr.Dataframe(
        headers=COLUMNS, interactive=False, label="资料库里的材料（点一行查看、更正）", show_label=True,
        elem_id="library-table", max_height=360, column_widths=["38%", "20%", "9%", "13%", "9%", "11%"],
    )  # fmt: skip
    chosen = gr.Dropdown([], label="正在看的材料", elem_id="library-chosen")
    with gr.Row():
        title = gr.Textbox(label="标题", scale=3, min_width=200)
        unit = gr.Textbox(label="单位", scale=2, min_width=130)
        year = gr.Textbox(label="年份", scale=1, min_width=70)
        kind = gr.Dropdown(["", *DOC_TYPES], label="文种", scale=1, min_width=110, allow_custom_value=True)
    with gr.Row(elem_classes="buttons"):
        save = gr.Button("保存更正", elem_id="library-save")
        sure = gr.Checkbox(label="确认要删除这份材料", min_width=170)
        remove = gr.Button("删除", variant="stop", elem_id="library-remove")
    return _Documents(table, chosen, [title, unit, year, kind], save, sure, remove, area("document"))


def _wire_reading(services: Services, page: _Reading, refresh: Callable[[Any], None]) -> None:
    @streams()
    def ingest(files: list[str] | None, folder: list[str] | None) -> Iterator[str]:
        paths = [Path(path) for path in [*(files or []), *(folder or [])]]
        if not paths:
            raise InputError("请先选择要导入的文件或文件夹。")
        yield from _follow(lambda report: services.shelf.take(paths, report))

    @streams()
    def ingest_samples() -> Iterator[str]:
        yield from _follow(lambda report: services.shelf.take_samples())

    @streams()
    def read_again() -> Iterator[str]:
        yield from _follow(services.shelf.reread)

    refresh(page.take.click(ingest, [page.files, page.folder], page.outcome, concurrency_limit=1, **QUIET).then)
    refresh(page.samples.click(ingest_samples, None, page.outcome, concurrency_limit=1, **QUIET).then)
    refresh(page.reread.click(read_again, None, page.outcome, concurrency_limit=1, **QUIET).then)


def _wire_choice(services: Services, page: _Documents) -> None:
    def pick(event: gr.SelectData) -> str:
        rows = services.shelf.rows()
        return rows[event.index[0]].document_id if event.index[0] < len(rows) else ""

    @answers(5)
    def show(document_id: str) -> tuple[Any, ...]:
        if not document_id:
            return region("", "document"), "", "", "", ""
        document = services.shelf.document(document_id)
        year = str(document.year or "")
        return region(outline_html(document), "document"), document.title, document.unit or "", year, document.doc_type

    page.table.select(pick, None, page.chosen, **QUIET)
    page.chosen.change(show, page.chosen, [page.detail, *page.fields], **QUIET)


def _wire_changes(services: Services, page: _Documents, outcome: gr.Markdown, refresh: Callable[[Any], None]) -> None:
    @answers()
    def correct(document_id: str, title: str, unit: str, year: str, kind: str) -> str:
        _need(document_id)
        services.shelf.correct(document_id, title=title, unit=unit, year=year, doc_type=kind or "")
        return region(note("已保存更正。"))

    @answers(3)
    def delete(document_id: str, sure: bool) -> tuple[Any, ...]:
        _need(document_id)
        if not sure:
            raise InputError("删除后不能恢复：请先勾选“确认要删除这份材料”，再点“删除”。")
        services.shelf.remove(document_id)
        return region(note("已删除。")), False, None

    refresh(page.save.click(correct, [page.chosen, *page.fields], outcome, **QUIET).then)
    refresh(page.remove.click(delete, [page.chosen, page.sure], [outcome, page.sure, page.chosen], **QUIET).then)


def _need(document_id: str | None) -> None:
    if not document_id:
        raise InputError("请先在表里点一份材料。")


def _label(row: DocumentRow) -> str:
    return f"{row.title}（{row.year}年）" if row.year else row.title


def _cells(row: DocumentRow) -> list[str]:
    return [row.title, row.unit or "", str(row.year or ""), row.doc_type or "", str(row.passages), f"{row.length:,}"]


def _follow(work: Any) -> Iterator[str]:
    """Progress of an ingest that runs beside, then what became of the files."""
    state: list[Progress] = []
    result: list[IngestReport | Exception] = []

    def run() -> None:
        try:
            result.append(work(state.append))
        except Exception as error:
            result.append(error)

    thread = threading.Thread(target=run, name="ingest", daemon=True)
    thread.start()
    while thread.is_alive():
        yield region(progress_html(state[-1] if state else None))
        thread.join(0.3)
    if isinstance(result[0], NigaoError):
        raise result[0]
    if isinstance(result[0], Exception):
        raise NigaoError(f"导入时出了意外（{type(result[0]).__name__}），已导入的材料没有丢失，请再试一次。")
    yield region(outcome_html(result[0]))


def progress_html(progress: Progress | None) -> str:
    """A bar with the file at work."""
    if progress is None or not progress.total:
        return note("正在准备……")
    left = f"，约剩 {int(progress.seconds_left) + 1} 秒" if progress.seconds_left else ""
    share = round(100 * progress.done / progress.total)
    return f'<progress max="100" value="{share}" aria-label="导入进度"></progress>' + note(
        f"{progress.done}/{progress.total} {progress.current}{left}"
    )


def outcome_html(report: IngestReport) -> str:
    """Counts, and every file that failed with its reason."""
    said = f"新增 {report.added} 份，更新 {report.updated} 份，未变 {report.unchanged} 份；"
    said += f"资料库现有 {report.documents} 份材料、{report.passages} 段。"
    failed = "".join(f"<li><b>{escape(Path(name).name)}</b>：{escape(why)}</li>" for name, why in report.failed)
    trouble = (
        problem(f"有 {len(report.failed)} 个文件没有读成：") + f'<ul class="failed">{failed}</ul>' if failed else ""
    )
    return note(said) + trouble


def outline_html(document: Document) -> str:
    """What was recognised of a document: its outline, and what the reader had to say."""
    items = "".join(f'<li class="l{min(h.level, 4)}">{escape(h.text)}</li>' for h in document.headings)
    warned = "".join(f"<li>{escape(warning)}</li>" for warning in document.warnings)
    outline = f'<ul class="outline">{items}</ul>' if items else note("没有认出提纲。")
    trouble = f"<h4>读取时的提示</h4><ul>{warned}</ul>" if warned else ""
    start = (
        f'<div class="acts"><button type="button" data-start-from="{escape(document.document_id)}">'
        "用它的提纲起草今年的</button></div>"
    )
    return f"<h4>提纲（{len(document.headings)} 个标题，{len(document.text):,} 字符）</h4>{outline}{trouble}{start}"


def plot_html(rows: Sequence[DocumentRow]) -> str:
    """Documents by year, each bar split by type: a small drawing with the numbers as text beside it."""
    counts = by_year_and_type(rows)
    if not counts:
        return note("资料库还是空的：上传往年材料，或点“载入示例材料”试用。")
    years = list(next(iter(counts.values())))
    most = max(sum(kind[year] for kind in counts.values()) for year in years)
    bars = "".join(_bar(year, counts, most) for year in years)
    legend = "".join(
        f'<li><i class="tone-{tone}"></i>{escape(kind)} {sum(by_year.values())}</li>'
        for (kind, by_year), tone in zip(counts.items(), TONES * 4, strict=False)
    )
    total = f"共 {len(rows)} 份材料，{sum(row.passages for row in rows)} 段"
    return f'<h4>{total}</h4><div class="bars">{bars}</div><ul class="legend">{legend}</ul>'


def _bar(year: str, counts: dict[str, dict[str, int]], most: int) -> str:
    parts, total = [], sum(kind[year] for kind in counts.values())
    for (kind, by_year), tone in zip(counts.items(), TONES * 4, strict=False):
        if by_year[year]:
            share = 100 * by_year[year] / most
            parts.append(
                f'<i class="tone-{tone}" style="width:{share:.1f}%" title="{escape(kind)} {by_year[year]}"></i>'
            )
    return f'<div class="bar"><span>{escape(year)}</span><div>{"".join(parts)}</div><b>{total}</b></div>'
