"""What the command line prints for people: always on standard error, so that standard output stays clean for JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from assistant.records import SEVERITY_NAMES, Brief, Draft, Finding, Hit, Point, Verdict, label_of

if TYPE_CHECKING:
    from assistant.doctor import Diagnosis
    from assistant.figures import Figure
    from assistant.pipeline import DraftEvent
    from assistant.polish import Change

err = Console(stderr=True, highlight=False)
out = Console(highlight=False)

_STYLE = {"error": "red", "warning": "yellow", "info": "cyan"}
_VERDICT = {
    "clean": "[green]核对无误[/]",
    "warnings": "[yellow]有提醒，无错误[/]",
    "errors": "[red]有错误，请逐条处理[/]",
}


def tell(message: str, style: str = "") -> None:
    """One line as it is: names and paths in it may hold brackets, and are not broken over lines."""
    err.print(message, style=style or None, markup=False, soft_wrap=True)


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar; the yielded function takes (done, total, what is being done)."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def advance(done: int, total: int, what: str = "") -> None:
            bar.update(task, completed=done, total=total or None, description=f"{title} {escape(what)[:40]}")

        yield advance


@contextmanager
def byte_progress(title: str) -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar in bytes, for downloads."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def advance(done: int, total: int, what: str = "") -> None:
            bar.update(task, completed=done, total=total or None, description=f"{title} {escape(what)}")

        yield advance


def show_findings(findings: Sequence[Finding]) -> None:
    """One line per finding, errors first."""
    for finding in sorted(findings, key=lambda f: list(_STYLE).index(f.severity)):
        place = f"「{escape(finding.draft.text)}」" if finding.draft and finding.draft.text else ""
        word = f"[{_STYLE[finding.severity]}]{SEVERITY_NAMES[finding.severity]}[/]"
        err.print(f"  {word} {label_of(finding.kind)} {place} {escape(finding.message)}", soft_wrap=True)


def show_verdict(verdict: Verdict) -> None:
    """The verdict in words."""
    err.print(_VERDICT[verdict])


def show_draft(draft: Draft) -> None:
    """Per section what became of every figure, then the sums."""
    table = Table(title=escape(draft.brief.title), expand=False)
    for name in ("标题", "字数", "要求", "错误", "提醒", "调用", "兜底", "秒"):
        table.add_column(name, justify="left" if name == "标题" else "right")
    for section in draft.sections:
        counts = [sum(f.severity == s for f in section.findings) for s in ("error", "warning")]
        table.add_row(
            escape("　" * (section.level - 1) + section.heading),
            str(section.length),
            str(section.target_length or "—"),
            *(str(count) for count in counts),
            str(section.attempts),
            str(section.fallbacks),
            f"{section.seconds:.1f}",
        )
    err.print(table)
    _show_ledger(draft)
    show_findings(draft.all_findings)
    cover = draft.coverage
    err.print(
        f"要点 {cover.points_covered}/{cover.points} 条写入，数字 {cover.figures_placed}/{cover.figures} 个写入；"
        f"用时 {draft.seconds:.1f} 秒，模型 {escape(draft.model)}。",
        soft_wrap=True,
    )
    show_verdict(draft.verdict)


def _show_ledger(draft: Draft) -> None:
    """Per section, each figure of its notes and what became of it."""
    from assistant.figures import recognise

    notes = {section.path: section.points for section in draft.brief.sections}
    for section in draft.sections:
        wrong = {(f.note.line, f.note.text): f.kind for f in section.findings if f.note and f.severity != "info"}
        fates = [
            _fate(
                figure.surface, next((k for (line, text), k in wrong.items() if _names(point, figure, line, text)), "")
            )
            for point in notes.get(section.path, ())
            for figure in recognise(point.text)
            if figure.checkable
        ]
        if fates:
            err.print(f"[bold]{escape(section.heading)}[/] " + " ".join(fates), soft_wrap=True)


def _names(point: Point, figure: Figure, line: int, text: str) -> bool:
    return line == point.line and (text in figure.surface or figure.surface in text) and len(text) < len(point.text)


def _fate(surface: str, kind: str) -> str:
    if not kind:
        return f"[green]{escape(surface)}✓[/]"
    return f"[red]{escape(surface)}（{'漏写' if kind == 'dropped' else '待核'}）[/]"


def show_events(brief: Brief) -> Callable[[DraftEvent], None]:
    """A listener that says which section is being written and which is done."""

    def listen(event: DraftEvent) -> None:
        if event.kind == "started":
            err.print(f"[dim]正在起草 {escape(brief.sections[event.section].heading)}[/]")
        elif event.kind == "section_done" and event.draft_section is not None:
            section = event.draft_section
            err.print(f"[green]完成[/] {escape(section.heading)}（{section.length} 字，{section.seconds:.1f} 秒）")

    return listen


def show_rows(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A plain table on standard output."""
    table = Table(*titles)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    out.print(table)


def show_hits(hits: Sequence[Hit], *, masked: bool) -> None:
    """Search results for reading; `masked` shows facts as slots, ready to reuse."""
    if not hits:
        err.print("没有找到。换一个说法，或放宽年份、单位、文种等条件。")
    for hit in hits:
        source = " · ".join(str(part) for part in (hit.title or hit.document, hit.year, hit.unit) if part)
        out.print(f"[bold]{hit.rank}.[/] [dim]{escape(source)} · {escape(' / '.join(hit.passage.heading_path))}[/]")
        out.print(escape(hit.masked) if masked else _highlighted(hit), soft_wrap=True)
        out.print()


def _highlighted(hit: Hit) -> Text:
    text = Text(hit.passage.text)
    for start, end in hit.matched:
        text.stylize("bold yellow", start, end)
    return text


def show_changes(changes: Sequence[Change]) -> None:
    """Sentence changes as minus and plus lines."""
    if not changes:
        err.print("没有需要改动的句子。")
    for change in changes:
        out.print(f"[red]- {escape(change.before)}[/]", soft_wrap=True)
        reason = f"  [dim]（{escape(change.reason)}）[/]" if change.reason else ""
        out.print(f"[green]+ {escape(change.after)}[/]{reason}", soft_wrap=True)


def show_diagnoses(results: Sequence[Diagnosis]) -> None:
    """One line per look, with what to do where something is missing."""
    for result in results:
        mark = "[green]可用[/]" if result.ok else ("[red]不可用[/]" if result.required else "[yellow]缺[/]")
        out.print(f"{mark} {result.name}：{escape(result.detail)}", soft_wrap=True)
        if not result.ok and result.advice:
            out.print(f"     → {escape(result.advice)}", soft_wrap=True)
