"""What all commands share: the Typer applications, options, the pipeline of one command, JSON in and out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.errors import InputError
from assistant.settings import load_settings

if TYPE_CHECKING:
    from assistant.library import Library
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


_KIND_NAMES: dict[type, str] = {str: "文字", list: "列表"}


class opened:
    """A pipeline that is closed at the end of the block."""

    def __init__(self, library: Path | None, model: str | None = None) -> None:
        from assistant.pipeline import Pipeline

        self._pipeline = Pipeline(load_settings(library, model))

    def __enter__(self) -> Pipeline:
        return self._pipeline

    def __exit__(self, *exc: object) -> None:
        self._pipeline.close()


def stored(library: Path | None) -> Library:
    """The stored library, for reading.

    Raises:
        InputError: there is none.
        StoreError: it is damaged.
    """
    from assistant.library import Library

    settings = load_settings(library)
    if not Library.exists(settings.home):
        raise InputError(
            f"{settings.home} 里还没有资料库。先运行 nigao ingest 加入往年材料，或用 --library 指明文件夹。"
        )
    return Library.open(settings.home)


def filters_from(year: str | None, unit: str | None, doc_type: str | None, role: str | None) -> Filters:
    """The filters of a search from its options.

    Raises:
        InputError: a year or a section role that there is not.
    """
    from assistant.records import SECTION_ROLES
    from assistant.retrieve import Filters

    first, last = _years(year)
    if role and role not in SECTION_ROLES:
        raise InputError(f"没有段落作用“{role}”，可选：{'、'.join(SECTION_ROLES)}。")
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
    if lower and upper and lower > upper:
        raise InputError(f"年份“{value}”前后颠倒，请写成 {upper}..{lower}。")
    return lower, upper


def json_lines(path: Path, fields: Mapping[str, type]) -> list[dict[str, Any]]:
    """The objects of a file with one JSON object a line; empty lines are skipped.

    Args:
        path: the file.
        fields: keys that every object must have, with the type of their values; `object` for any.

    Raises:
        InputError: the file cannot be read, or a line is not such an object; names the line.
    """
    from assistant.ingest import read_text

    items = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except json.JSONDecodeError:
            raise InputError(f"{path} 第 {number} 行不是 JSON。") from None
        if not isinstance(item, dict) or any(key not in item for key in fields):
            raise InputError(f"{path} 第 {number} 行缺少 {'、'.join(fields)}。")
        if wrong := [key for key, kind in fields.items() if not isinstance(item[key], kind)]:
            raise InputError(f"{path} 第 {number} 行的 {'、'.join(wrong)} 应为{_KIND_NAMES[fields[wrong[0]]]}。")
        items.append(item)
    return items


def print_json(body: object) -> None:
    """The one JSON document of a command with --json."""
    print(json.dumps(body, ensure_ascii=False, indent=2))
