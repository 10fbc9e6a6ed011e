"""核对: any report, with or without notes and past reports; findings beside the text, to take away as Word or HTML."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.app import views
from assistant.app.marks import paragraphs, region
from assistant.app.pages.parts import answers, area, findings_list, note
from assistant.app.report import html_report, summary
from assistant.errors import InputError
from assistant.records import Brief, PastRef

if TYPE_CHECKING:
    from assistant.app.services import Services
    from assistant.pipeline import CheckReport

WELCOME = note("上传或粘贴一份材料，点“核对”。附上要点和往年材料，还能查出数字改动、漏写和沿用旧稿。")
WORD = [".docx", ".doc", ".wps", ".pdf", ".txt", ".md", ".html"]
HANDED_OVER = 600
NOTES = [".md", ".txt", ".docx", ".xlsx"]


def build(services: Services, tab: gr.Tab) -> None:
    """Layout and listeners of the page."""
    with gr.Row(elem_classes="split"):
        with gr.Column(scale=4, min_width=300, elem_classes="pane"):
            text = gr.Textbox(label="要核对的材料（粘贴）", lines=9, max_lines=16, elem_id="check-text")
            file = gr.File(label="或上传材料", file_types=WORD, elem_classes="upload")
            notes_text = gr.Textbox(label="要点（可不填，每行一条）", lines=5, max_lines=12, elem_id="check-notes")
            notes_file = gr.File(label="或上传要点", file_types=NOTES, elem_classes="upload")
            past = gr.File(
                label="往年材料（可不填，可多份）", file_count="multiple", file_types=WORD, elem_classes="upload"
            )
            button = gr.Button("核对", variant="primary", elem_id="check-go")
        with gr.Column(scale=9, min_width=320, elem_classes="pane"):
            results = area("check", WELCOME)
            with gr.Row(elem_classes="buttons downloads"):
                word = gr.DownloadButton("下载带批注的 Word", visible=False, size="sm")
                page = gr.DownloadButton("下载核对报告（HTML）", visible=False, size="sm")

    @answers(3)
    def check(text: str, file: str, notes_text: str, notes_file: str, past: list[str]) -> tuple[str, Any, Any]:
        subject, name = _subject(text, file)
        report = services.pipeline.check(subject, brief=_notes(notes_text, notes_file), past=_past(past))
        word_path, page_path = _files(services.settings.home, subject, name, report)
        shown = region(_side_by_side(subject, report), "check")
        return shown, gr.DownloadButton(value=word_path, visible=True), gr.DownloadButton(value=page_path, visible=True)

    inputs = [text, file, notes_text, notes_file, past]
    button.click(check, inputs, [results, word, page], api_visibility="private", show_progress="minimal")


def _subject(text: str, file: str | None) -> tuple[str, str]:
    from assistant.ingest import read_document

    if text and text.strip():
        return text.replace("\r\n", "\n"), "粘贴的材料"
    if not file:
        raise InputError("请先上传或粘贴要核对的材料。")
    document = read_document(Path(file))
    return document.text, Path(file).stem


def _notes(text: str, file: str | None) -> Brief | None:
    from assistant.brief import parse_brief, read_notes

    if text and text.strip():
        return parse_brief(text, need_headings=False)
    return read_notes(Path(file)) if file else None


def _past(files: Sequence[str] | None) -> list[PastRef]:
    from assistant.ingest import read_document

    return [PastRef(Path(file).stem, read_document(Path(file)).text) for file in files or ()]


def _files(home: Path, text: str, name: str, report: CheckReport) -> tuple[str, str]:
    from assistant.export import commented_docx

    folder = _fresh_folder(home / "uploads" / "checks")
    word, page = folder / f"{name}-核对.docx", folder / f"{name}-核对.html"
    commented_docx(text, report.findings, word)
    page.write_text(html_report(name, text, report), encoding="utf-8")
    return str(word), str(page)


def _fresh_folder(root: Path) -> Path:
    """A folder for the files of one check; those of earlier checks are removed once they have been handed over."""
    for old in root.glob("*/"):
        if time.time() - old.stat().st_mtime > HANDED_OVER:
            shutil.rmtree(old, ignore_errors=True)
    root.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=root))


def _side_by_side(text: str, report: CheckReport) -> str:
    marks = [views.finding_mark(f, views.finding_key(f)) for f in report.findings if f.draft]
    body = f'<div class="paper-text" tabindex="0" aria-label="材料全文">{paragraphs(text, marks)}</div>'
    listing = findings_list(report.findings) if report.findings else note("没有发现问题。")
    panel = f'<div class="found" tabindex="0" aria-label="核对结果">{summary(report)}{listing}</div>'
    return f'<div class="beside">{body}{panel}</div>'
