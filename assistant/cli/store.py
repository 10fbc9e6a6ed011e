"""Commands about the library as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.common import JsonOption, LibraryOption, library_app, print_json, stored
from assistant.settings import load_settings

_STATUS = {
    "documents": "材料（份）",
    "passages": "段落（段）",
    "pending": "待算向量（段）",
    "size": "占用（字节）",
    "embedder": "向量模型",
    "dimension": "向量维数",
    "revision": "修订号",
    "schema": "库格式",
}


@library_app.command("status")
def library_status(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """资料库里有什么。(What is in the library.)"""
    from dataclasses import asdict

    from assistant import console

    with stored(library) as store:
        status = asdict(store.status())
    if as_json:
        print_json(status)
    else:
        console.show_rows(("项目", "内容"), [(_STATUS[key], str(value)) for key, value in status.items()])


@library_app.command("list")
def library_list(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """逐份列出材料。(List the documents.)"""
    from assistant import console

    with stored(library) as store:
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
        print_json({"documents": rows})
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

    with stored(library):
        pass
    gone = remove(documents, load_settings(library))
    if as_json:
        print_json({"removed": gone})
    console.tell(f"已删除 {len(gone)} 份：" + "、".join(gone))


@library_app.command("rebuild")
def library_rebuild(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """重建向量索引；换过向量模型时重新计算。(Rebuild the index.)"""
    from dataclasses import asdict

    from assistant import console
    from assistant.archive import rebuild

    with stored(library):
        pass
    with console.progress("重建") as advance:
        rebuild(load_settings(library), on_progress=lambda p: advance(p.done, p.total, p.current))
    with stored(library) as store:
        status = store.status()
    if as_json:
        print_json(asdict(status))
    console.tell(f"已重建，共 {status.documents} 份 {status.passages} 段。")


@library_app.command("backup")
def library_backup(
    out: Annotated[Path, typer.Argument(help="备份文件。(Backup file.)")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """把资料库备份成一个文件。(Back up to one file.)"""
    from assistant import console

    with stored(library) as store:
        store.backup(out)
    if as_json:
        print_json({"path": str(out), "bytes": out.stat().st_size})
    console.tell(f"已备份到 {out}")


@library_app.command("restore")
def library_restore(
    file: Annotated[Path, typer.Argument(help="备份文件。(Backup file.)")],
    force: Annotated[bool, typer.Option("--force", help="替换现有资料库。(Replace.)")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """从备份恢复资料库。(Restore from a backup.)"""
    from dataclasses import asdict

    from assistant import console
    from assistant.library import Library

    Library.restore(file, load_settings(library).home, replace=force)
    with stored(library) as store:
        status = store.status()
    if as_json:
        print_json(asdict(status))
    console.tell(f"已恢复，共 {status.documents} 份 {status.passages} 段。")
