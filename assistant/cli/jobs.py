"""The jobs of a writer: ingest, search, draft, check, polish, export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.common import (
    JsonOption,
    LibraryOption,
    ModelOption,
    TopOption,
    TypeOption,
    UnitOption,
    YearRange,
    app,
    filters_from,
    json_lines,
    opened,
    print_json,
)
from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.ingest.files import FoundFile
    from assistant.pipeline import CheckReport


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="文件、文件夹或 .zip。(Files, folders, archives.)")],
    unit: UnitOption = None,
    year: Annotated[
        int | None, typer.Option("--year", min=1949, max=2100, help="年份。(Year.)", show_default=False)
    ] = None,
    doc_type: TypeOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """把往年材料加入资料库。(Read past reports into the library.)"""
    from assistant import console
    from assistant.contracts import ingest_json

    with console.progress("读入") as advance, opened(library) as pipeline:
        report = pipeline.ingest(
            paths,
            unit=unit,
            year=year,
            doc_type=doc_type,
            on_progress=lambda p: advance(p.done, p.total, p.current),
        )
    if as_json:
        print_json(ingest_json(report))
    for path, reason in report.failed:
        console.tell(f"读不了 {path}：{reason}", style="red")
    console.tell(
        f"新增 {report.added} 份，更新 {report.updated} 份，未变 {report.unchanged} 份；"
        f"资料库共 {report.documents} 份 {report.passages} 段，用时 {report.seconds:.1f} 秒。"
    )
    if report.failed and not (report.added or report.updated or report.unchanged):
        raise typer.Exit(2)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="主题、要点或写法。(What to look for.)")] = "",
    top: TopOption = 10,
    year: YearRange = None,
    unit: UnitOption = None,
    doc_type: TypeOption = None,
    section_role: Annotated[
        str | None, typer.Option("--section-role", help="段落作用，如 存在问题。(Section role.)", show_default=False)
    ] = None,
    masked: Annotated[bool, typer.Option("--masked", help="数字、年份、名称以空位显示。(Mask facts.)")] = False,
    batch: Annotated[
        Path | None, typer.Option("--batch", help="每行一个 {qid, query} 的文件。(JSON lines.)", show_default=False)
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """在往年材料里查表述。(Search past phrasing by topic.)"""
    from assistant import console
    from assistant.contracts import hit_json, search_json

    filters = filters_from(year, unit, doc_type, section_role)
    with opened(library) as pipeline:
        if batch is not None:
            for item in json_lines(batch, {"qid": object, "query": str}):
                hits = pipeline.search(item["query"], top=top, filters=filters)
                print(json.dumps({"qid": item["qid"], "hits": [hit_json(hit) for hit in hits]}, ensure_ascii=False))
            return
        found = pipeline.search(query, top=top, filters=filters)
    if as_json:
        print_json(search_json(query, found))
    else:
        console.show_hits(found, masked=masked)


@app.command()
def draft(
    brief: Annotated[Path, typer.Argument(help="要点文件 .md .txt .docx .xlsx。(The notes.)")],
    past: Annotated[
        list[Path] | None, typer.Option("--past", help="本次只参考这些材料。(Use these past reports.)")
    ] = None,
    out: Annotated[list[Path] | None, typer.Option("--out", help="写成 .docx 或 .md，可多次。(Output files.)")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="随机种子，可重复。(Seed.)", show_default=False)] = None,
    section: Annotated[
        str | None, typer.Option("--section", help="只写这个标题。(Only this heading.)", show_default=False)
    ] = None,
    forced: Annotated[
        bool, typer.Option("--force-in", help="漏写的要点和数字补在该节末尾。(Append what was left out.)")
    ] = False,
    model: ModelOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """按提纲、要点和数字起草全文，并逐个核对数字。(Draft a report from notes.)"""
    from assistant import console
    from assistant.brief import read_brief
    from assistant.cli.resume import both, resumable
    from assistant.contracts import draft_json
    from assistant.export import save_draft

    notes = read_brief(brief)
    targets = out or []
    _check_targets(targets, brief)
    earlier = past or []
    with opened(library, model) as pipeline, resumable(pipeline.settings, brief, earlier, seed, section) as run:
        if run.done:
            console.tell(f"接着上次没有写完的起草：已有 {len(run.done)} 节，不再重写。")
        result = pipeline.draft(
            notes,
            past=earlier,
            seed=seed,
            section=section,
            done=run.done,
            on_event=both(run.keep, console.show_events(notes)),
            forced=forced,
        )
    for target in targets:
        save_draft(result, target)
    if as_json:
        print_json(draft_json(result))
    elif not targets:
        from assistant.export import to_markdown

        print(to_markdown(result))
    console.show_draft(result)
    for target in targets:
        console.tell(f"已写入 {target}")
    raise typer.Exit(1 if result.verdict == "errors" else 0)


@app.command()
def check(
    draft: Annotated[Path | None, typer.Argument(help="要核对的材料。(The report.)", show_default=False)] = None,
    notes: Annotated[Path | None, typer.Option("--notes", help="要点文件。(The notes.)", show_default=False)] = None,
    past: Annotated[list[Path] | None, typer.Option("--past", help="往年材料，查沿用。(Past reports.)")] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            "--batch",
            help="每行一个 {id, notes, draft}；每行的结论在 verdict 里，查出错误时退出码也是 0。"
            "(JSON lines; exits 0 whatever is found.)",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """核对一份材料：数字、口径、沿用、编号、用语。(Check any report.)"""
    from assistant import console
    from assistant.contracts import check_json

    if batch is not None:
        _check_batch(batch)
        return
    if draft is None:
        raise InputError("请写明要核对的文件，例如：nigao check 总结.docx --notes 要点.md")
    report = _check_file(draft, notes, past or [])
    if as_json:
        print_json(check_json(report))
    else:
        console.show_findings(report.findings)
    console.show_verdict(report.verdict)
    raise typer.Exit(1 if report.verdict == "errors" else 0)


@app.command()
def polish(
    file: Annotated[Path, typer.Argument(help="要润色的材料。(The text.)")],
    section: Annotated[
        str | None, typer.Option("--section", help="只润色这个标题下的内容。(One section.)", show_default=False)
    ] = None,
    mode: Annotated[str, typer.Option("--mode", help="规范、精简、扩写或生动。(Mode.)")] = "规范",
    instruction: Annotated[str, typer.Option("--instruction", help="另外的要求。(Free instruction.)")] = "",
    out: Annotated[
        Path | None, typer.Option("--out", help="把润色后的全文写到这里。(Output.)", show_default=False)
    ] = None,
    model: ModelOption = None,
    seed: Annotated[int | None, typer.Option("--seed", help="随机种子。(Seed.)", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """润色一节文字，事实不动，逐句列出改动。(Polish a section; facts are locked.)"""
    from assistant import console
    from assistant.contracts import polish_json
    from assistant.export import check_target, write_text
    from assistant.ingest import read_text
    from assistant.structure.sections import section_span

    if out is not None:
        check_target(out)
    text = read_text(file)
    start, end = section_span(text, section) if section else (0, len(text))
    with opened(None, model) as pipeline:
        result = pipeline.polish(text[start:end], mode=mode, instruction=instruction, seed=seed)
    if out is not None:
        write_text(text[:start] + result.after + text[end:], out)
    if as_json:
        print_json(polish_json(result))
    else:
        console.show_changes(result.changes)
    console.show_findings(result.findings)
    raise typer.Exit(1 if any(f.severity == "error" for f in result.findings) else 0)


@app.command()
def export(
    draft: Annotated[Path, typer.Argument(help="Markdown 稿件。(A Markdown draft.)")],
    out: Annotated[Path, typer.Option("--out", help="Word 文件 .docx。(Word file.)")],
    as_json: JsonOption = False,
) -> None:
    """把 Markdown 稿件排成 Word 公文格式。(Markdown to an official-layout .docx.)"""
    from assistant import console
    from assistant.export import check_target, markdown_to_docx
    from assistant.ingest import read_text

    check_target(out, (".docx",))
    markdown_to_docx(read_text(draft), out)
    if as_json:
        print_json({"path": str(out), "bytes": out.stat().st_size})
    console.tell(f"已写入 {out}")


def _check_targets(targets: list[Path], brief: Path) -> None:
    """Before the long run: every file can be written, and none is the notes."""
    from assistant.export import check_target

    for target in targets:
        check_target(target)
        if target.resolve() == brief.resolve():
            raise InputError(f"{target} 就是要点文件，写进去会盖掉要点：请换一个文件名。")


def _check_batch(path: Path) -> None:
    from assistant.checks.batch import check_item

    for item in json_lines(path, {"id": object, "notes": list, "draft": str}):
        print(json.dumps(check_item(item), ensure_ascii=False))


def _check_file(draft: Path, notes: Path | None, past: list[Path]) -> CheckReport:
    from assistant.brief import read_notes
    from assistant.ingest import find_files, read_text
    from assistant.records import PastRef

    text = read_text(draft)
    brief = read_notes(notes) if notes else None
    earlier = [PastRef(found.name, _past_text(found)) for found in find_files(past)]
    with opened(None) as pipeline:
        return pipeline.check(text, brief=brief, past=earlier)


def _past_text(found: FoundFile) -> str:
    from assistant.ingest import read_text

    if found.problem:
        raise InputError(f"往年材料读不了：{found.problem}")
    return read_text(found.path)
