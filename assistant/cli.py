"""The command `nigao`: reads arguments, calls the pipeline, prints, chooses the exit code.

Exit codes: 0 done · 1 done, with errors among the findings · 2 wrong usage or bad input · 3 model or store failed.
With --json, standard output carries one JSON document and nothing else.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.errors import InputError, NigaoError
from assistant.settings import Settings, load_settings

if TYPE_CHECKING:
    from assistant.pipeline import Pipeline
    from assistant.retrieve import Filters

app = typer.Typer(
    name="nigao",
    help="拟稿 Nigao：公文起草助手。起草、润色、查表述、核对，全程离线。(Drafts Chinese official reports, offline.)",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
model_app = typer.Typer(help="内置写作模型：获取、查看。(Embedded models: pull, list.)", no_args_is_help=True)
library_app = typer.Typer(
    help="资料库：查看、删除、重建、备份、恢复。(The library of past reports.)", no_args_is_help=True
)
app.add_typer(model_app, name="model")
app.add_typer(library_app, name="library")

LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", help="资料库文件夹，也可用 NIGAO_HOME。(Library folder.)", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="只输出一份 JSON。(Print one JSON document.)")]
ModelOption = Annotated[
    str | None, typer.Option("--model", help="模型名称或 .gguf 路径。(Model name or file.)", show_default=False)
]
TopOption = Annotated[int, typer.Option("--top", min=1, max=200, help="条数。(Number of hits.)")]
YearRange = Annotated[
    str | None, typer.Option("--year", help="年份，如 2024 或 2023..2025。(Year or range.)", show_default=False)
]
UnitOption = Annotated[str | None, typer.Option("--unit", help="单位名称。(Unit.)", show_default=False)]
TypeOption = Annotated[str | None, typer.Option("--doc-type", help="文种，如 工作总结。(Type.)", show_default=False)]


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="文件、文件夹或 .zip。(Files, folders, archives.)")],
    unit: UnitOption = None,
    year: Annotated[int | None, typer.Option("--year", help="年份。(Year.)", show_default=False)] = None,
    doc_type: TypeOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """把往年材料加入资料库。(Read past reports into the library.)"""
    from assistant import console
    from assistant.contracts import ingest_json

    with console.progress("读入") as advance, _opened(library) as pipeline:
        report = pipeline.ingest(
            paths,
            unit=unit,
            year=year,
            doc_type=doc_type,
            on_progress=lambda p: advance(p.done, p.total, p.current),
        )
    if as_json:
        _print_json(ingest_json(report))
    for path, reason in report.failed:
        console.err.print(f"[red]读不了[/] {path}：{reason}", markup=True)
    console.err.print(
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

    filters = _filters(year, unit, doc_type, section_role)
    with _opened(library) as pipeline:
        if batch is not None:
            for item in _json_lines(batch, ("qid", "query")):
                hits = pipeline.search(item["query"], top=top, filters=filters)
                print(json.dumps({"qid": item["qid"], "hits": [hit_json(hit) for hit in hits]}, ensure_ascii=False))
            return
        found = pipeline.search(query, top=top, filters=filters)
    if as_json:
        _print_json(search_json(query, found))
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
    model: ModelOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """按提纲、要点和数字起草全文，并逐个核对数字。(Draft a report from notes.)"""
    from assistant import console
    from assistant.brief import read_brief
    from assistant.contracts import draft_json
    from assistant.export import check_target, save_draft

    notes = read_brief(brief)
    targets = out or []
    for target in targets:
        check_target(target)
    with _opened(library, model) as pipeline:
        result = pipeline.draft(notes, past=past or (), seed=seed, section=section, on_event=console.show_events(notes))
    for target in targets:
        save_draft(result, target)
    if as_json:
        _print_json(draft_json(result))
    elif not targets:
        from assistant.export import to_markdown

        print(to_markdown(result))
    console.show_draft(result)
    for target in targets:
        console.err.print(f"已写入 {target}")
    raise typer.Exit(1 if result.verdict == "errors" else 0)


@app.command()
def check(
    draft: Annotated[Path | None, typer.Argument(help="要核对的材料。(The report.)", show_default=False)] = None,
    notes: Annotated[Path | None, typer.Option("--notes", help="要点文件。(The notes.)", show_default=False)] = None,
    past: Annotated[list[Path] | None, typer.Option("--past", help="往年材料，查沿用。(Past reports.)")] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", help="每行一个 {id, notes, draft}。(JSON lines.)", show_default=False)
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
        _print_json(check_json(report))
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
    from assistant.export import write_text
    from assistant.ingest import read_text
    from assistant.outline_help import section_span

    text = read_text(file)
    start, end = section_span(text, section) if section else (0, len(text))
    with _opened(None, model) as pipeline:
        result = pipeline.polish(text[start:end], mode=mode, instruction=instruction, seed=seed)
    if out is not None:
        write_text(text[:start] + result.after + text[end:], out)
    if as_json:
        _print_json(polish_json(result))
    else:
        console.show_changes(result.changes)
    console.show_findings(result.findings)
    raise typer.Exit(1 if any(f.severity == "error" for f in result.findings) else 0)


@app.command()
def export(
    draft: Annotated[Path, typer.Argument(help="Markdown 稿件。(A Markdown draft.)")],
    out: Annotated[Path, typer.Option("--out", help="Word 文件 .docx。(Word file.)")],
) -> None:
    """把 Markdown 稿件排成 Word 公文格式。(Markdown to an official-layout .docx.)"""
    from assistant import console
    from assistant.export import check_target, markdown_to_docx
    from assistant.ingest import read_text

    check_target(out)
    markdown_to_docx(read_text(draft), out)
    console.err.print(f"已写入 {out}")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def eval(context: typer.Context) -> None:
    """运行评测：figures review retrieval drafting polish speed，或 compare A B。(Run an evaluation suite.)"""
    from eval.__main__ import main as run_evaluation

    raise typer.Exit(run_evaluation(context.args))


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="监听地址，默认只限本机。(Address.)")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="端口。(Port.)")] = 7860,
    library: LibraryOption = None,
    model: ModelOption = None,
) -> None:
    """打开网页版。(Serve the web app.)"""
    from assistant.app.server import serve as serve_app

    serve_app(load_settings(library, model), host, port)


@app.command()
def doctor(
    try_model: Annotated[bool, typer.Option("--model", help="也让模型答一句。(Also ask the model.)")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """检查本机哪些能用、哪些不能用、该怎么办。(What works here and what to do.)"""
    from dataclasses import asdict

    from assistant import console
    from assistant.doctor import examine

    results = examine(load_settings(library), try_model=try_model)
    if as_json:
        _print_json({"checks": [asdict(result) for result in results]})
    else:
        console.show_diagnoses(results)
    raise typer.Exit(3 if any(r.required and not r.ok for r in results) else 0)


@model_app.command("pull")
def model_pull(
    name: Annotated[str, typer.Argument(help="模型名称，见 nigao model list。(Model.)")] = "",
    source: Annotated[
        Path | None, typer.Option("--from", help="已有的模型文件。(A file you have.)", show_default=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """获取内置写作模型，可断点续传。(Fetch an embedded model; resumable.)"""
    from assistant import console
    from assistant.local_model import pull

    settings = load_settings()
    with console.byte_progress("获取模型") as advance:
        path = pull(name or settings.llm_model, settings, advance, source=source)
    if as_json:
        _print_json({"path": str(path), "bytes": path.stat().st_size})
    console.err.print(f"模型已就绪：{path}")


@model_app.command("list")
def model_list(as_json: JsonOption = False) -> None:
    """列出内置模型和它们是否已获取。(List embedded models.)"""
    from assistant import console
    from assistant.local_model import listing

    rows = listing(load_settings())
    if as_json:
        _print_json({"models": rows})
    else:
        console.show_rows(("名称", "大小", "已获取", "文件"), [tuple(map(str, row.values())) for row in rows])


@library_app.command("status")
def library_status(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """资料库里有什么。(What is in the library.)"""
    from dataclasses import asdict

    from assistant import console

    with _stored(library) as store:
        status = asdict(store.status())
    if as_json:
        _print_json(status)
    else:
        console.show_rows(("项目", "内容"), [(key, str(value)) for key, value in status.items()])


@library_app.command("list")
def library_list(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """逐份列出材料。(List the documents.)"""
    from assistant import console

    with _stored(library) as store:
        rows = [
            {
                "document_id": row.document_id,
                "document": row.name,
                "title": row.title,
                "unit": row.unit,
                "year": row.year,
                "doc_type": row.doc_type,
                "passages": row.passages,
                "characters": row.length,
            }
            for row in store.document_rows()
        ]
    if as_json:
        _print_json({"documents": rows})
    else:
        cells = [tuple("—" if v is None else str(v)[:24] for v in row.values()) for row in rows]
        console.show_rows(("编号", "文件", "标题", "单位", "年份", "文种", "段数", "字数"), cells)


@library_app.command("remove")
def library_remove(
    documents: Annotated[list[str], typer.Argument(help="编号或文件名。(Ids or names.)")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """从资料库删除材料，文字和向量都真正删掉。(Remove documents for good.)"""
    from assistant import console
    from assistant.archive import remove

    with _stored(library):
        pass
    gone = remove(documents, load_settings(library))
    if as_json:
        _print_json({"removed": gone})
    console.err.print(f"已删除 {len(gone)} 份：" + "、".join(gone))


@library_app.command("rebuild")
def library_rebuild(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """重建向量索引；换过向量模型时重新计算。(Rebuild the index.)"""
    from dataclasses import asdict

    from assistant import console
    from assistant.archive import rebuild

    with _stored(library):
        pass
    with console.progress("重建") as advance:
        rebuild(load_settings(library), on_progress=lambda p: advance(p.done, p.total, p.current))
    with _stored(library) as store:
        status = store.status()
    if as_json:
        _print_json(asdict(status))
    console.err.print(f"已重建，共 {status.documents} 份 {status.passages} 段。")


@library_app.command("backup")
def library_backup(
    out: Annotated[Path, typer.Argument(help="备份文件。(Backup file.)")], library: LibraryOption = None
) -> None:
    """把资料库备份成一个文件。(Back up to one file.)"""
    from assistant import console

    with _stored(library) as store:
        store.backup(out)
    console.err.print(f"已备份到 {out}")


@library_app.command("restore")
def library_restore(
    file: Annotated[Path, typer.Argument(help="备份文件。(Backup file.)")],
    force: Annotated[bool, typer.Option("--force", help="替换现有资料库。(Replace.)")] = False,
    library: LibraryOption = None,
) -> None:
    """从备份恢复资料库。(Restore from a backup.)"""
    from assistant import console
    from assistant.library import Library

    Library.restore(file, load_settings(library).home, replace=force)
    console.err.print("已恢复。")


def main() -> None:
    """Entry point: every error that a person can act on becomes one message and an exit code."""
    sys.exit(_run(sys.argv[1:]))


def _run(arguments: list[str]) -> int:
    from typer import Abort, TyperException

    try:
        return app(arguments, standalone_mode=False) or 0
    except NigaoError as error:
        return _complain(str(error), error.exit_code)
    except TyperException as error:
        return _complain(f"命令用法不对：{error.format_message()}。用 nigao --help 查看用法。", error.exit_code)
    except (Abort, KeyboardInterrupt):
        return _complain("已取消，已完成的部分不受影响。", 130)
    except BrokenPipeError:
        return 0
    except MemoryError:
        return _complain("内存不够，请关闭其他程序或减少一次处理的材料。", 3)
    except OSError as error:
        return _complain(_os_message(error), 3)
    except Exception as error:
        if os.environ.get("NIGAO_DEBUG"):
            raise
        return _complain(
            f"程序内部出错（{type(error).__name__}: {error}）。设置 NIGAO_DEBUG=1 重试可看到详情，请报告给开发者。", 3
        )


def _os_message(error: OSError) -> str:
    import errno

    if error.errno == errno.ENOSPC:
        return "磁盘已满，没有写入任何不完整的内容。请清理磁盘后重试。"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"没有权限读写 {error.filename}。请检查文件夹权限。"
    return f"读写文件出错：{error}。请检查路径和磁盘。"


def _complain(message: str, code: int) -> int:
    from assistant import console

    console.err.print(message, style="red", markup=False, soft_wrap=True)
    return code


class _opened:
    """A pipeline that is closed at the end of the block."""

    def __init__(self, library: Path | None, model: str | None = None) -> None:
        from assistant.pipeline import Pipeline

        self._pipeline = Pipeline(load_settings(library, model))

    def __enter__(self) -> Pipeline:
        return self._pipeline

    def __exit__(self, *exc: object) -> None:
        self._pipeline.close()


def _stored(library: Path | None) -> Any:
    from assistant.library import Library

    settings: Settings = load_settings(library)
    if not Library.exists(settings.home):
        raise InputError(
            f"{settings.home} 里还没有资料库。先运行 nigao ingest 加入往年材料，或用 --library 指明文件夹。"
        )
    return Library.open(settings.home)


def _filters(year: str | None, unit: str | None, doc_type: str | None, role: str | None) -> Filters:
    from assistant.retrieve import Filters

    first, last = _years(year)
    return Filters(year_from=first, year_to=last, unit=unit, doc_type=doc_type, role=role)


def _years(value: str | None) -> tuple[int | None, int | None]:
    if not value:
        return None, None
    first, dots, last = value.partition("..")
    try:
        lower = int(first) if first else None
        upper = (int(last) if last else None) if dots else lower
    except ValueError:
        raise InputError(f"年份“{value}”看不懂，请写成 2024 或 2023..2025。") from None
    return lower, upper


def _json_lines(path: Path, keys: tuple[str, ...]) -> list[dict[str, Any]]:
    from assistant.ingest import read_text

    items = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except json.JSONDecodeError:
            raise InputError(f"{path} 第 {number} 行不是 JSON。") from None
        if not isinstance(item, dict) or any(key not in item for key in keys):
            raise InputError(f"{path} 第 {number} 行缺少 {'、'.join(keys)}。")
        items.append(item)
    return items


def _check_batch(path: Path) -> None:
    from assistant.checks.batch import check_item

    for item in _json_lines(path, ("id", "notes", "draft")):
        print(json.dumps(check_item(item), ensure_ascii=False))


def _check_file(draft: Path, notes: Path | None, past: list[Path]) -> Any:
    from assistant.brief import read_notes
    from assistant.ingest import find_files, read_text
    from assistant.records import PastRef

    text = read_text(draft)
    brief = read_notes(notes) if notes else None
    earlier = [PastRef(path.name, read_text(path)) for path in find_files(past)]
    with _opened(None) as pipeline:
        return pipeline.check(text, brief=brief, past=earlier)


def _print_json(body: object) -> None:
    print(json.dumps(body, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
