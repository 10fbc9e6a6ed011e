"""What works on this machine, what does not, and what to do about it. Changes nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.errors import NigaoError
from assistant.settings import Settings

_ROOM_NEEDED = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at. `advice` is for when it is not `ok`; nothing works without what is `required`."""

    ok: bool
    detail: str
    advice: str = ""
    required: bool = True
    name: str = ""


def examine(settings: Settings, *, try_model: bool = False) -> list[Diagnosis]:
    """Look at everything once.

    Args:
        settings: where things are.
        try_model: also ask the model for one word, which may take half a minute when it is cold.
    """
    looks = _LOOKS if try_model else {name: look for name, look in _LOOKS.items() if look is not _model_answers}
    return [_guarded(name, look, settings) for name, look in looks.items()]


def _guarded(name: str, look: Callable[[Settings], Diagnosis], settings: Settings) -> Diagnosis:
    try:
        return replace(look(settings), name=name)
    except NigaoError as error:
        return Diagnosis(False, "不可用", str(error), name=name)


def _home(settings: Settings) -> Diagnosis:
    folder = settings.home
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    writable = os.access(folder, os.W_OK)
    advice = "" if writable else f"请给当前账号 {folder} 的写权限，或用 NIGAO_HOME 换一个文件夹。"
    return Diagnosis(writable, str(settings.home), advice)


def _room(settings: Settings) -> Diagnosis:
    folder = settings.models_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    ok = free > _ROOM_NEEDED
    return Diagnosis(ok, f"剩余 {free / 1024**3:.1f} GB", "" if ok else "内置模型约需 2 GB，请清理磁盘。", False)


def _text_index(settings: Settings) -> Diagnosis:
    try:
        with sqlite3.connect(":memory:") as db:
            db.execute("CREATE VIRTUAL TABLE t USING fts5(x)")
    except sqlite3.Error:
        return Diagnosis(False, "缺少 FTS5", "请换用带 FTS5 的 Python（python.org 的安装包都带）。")
    return Diagnosis(True, f"SQLite {sqlite3.sqlite_version}")


def _library(settings: Settings) -> Diagnosis:
    from assistant.library import Library

    if not Library.exists(settings.home):
        return Diagnosis(False, "还没有", "运行 nigao ingest 加入往年材料（没有资料库也能起草）。", required=False)
    with Library.open(settings.home) as library:
        status = library.status()
    return Diagnosis(True, f"{status.documents} 份材料，{status.passages} 段")


def _embedder(settings: Settings) -> Diagnosis:
    from assistant.embed import load_embedder

    embedder = load_embedder(settings)
    dimension = len(embedder.query("工作总结"))
    return Diagnosis(True, f"{embedder.name}，{dimension} 维")


def _prompts(_: Settings) -> Diagnosis:
    from assistant.prompts import load_all

    return Diagnosis(True, f"{len(load_all())} 份")


def _model(settings: Settings) -> Diagnosis:
    if not settings.uses_embedded_model:
        return Diagnosis(True, f"{settings.llm_model}（{settings.llm_base_url}）")
    from assistant.local_model import model_file

    return Diagnosis(True, f"内置 {settings.llm_model}（{model_file(settings)}）")


def _model_answers(settings: Settings) -> Diagnosis:
    from assistant.llm import Message, connect

    model = connect(settings)
    reply = model.complete([Message("user", "只回答“好”。")], max_tokens=8, temperature=0.0)
    return Diagnosis(bool(reply.text.strip()), f"{reply.seconds:.1f} 秒", "" if reply.text else "模型没有回答。")


def _office(settings: Settings) -> Diagnosis:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    advice = "" if found else "只有 .doc 和 .wps 需要它：安装 LibreOffice，或先另存为 .docx。"
    return Diagnosis(bool(found), found or "没有安装", advice, required=False)


_LOOKS: dict[str, Callable[[Settings], Diagnosis]] = {
    "数据文件夹": _home,
    "磁盘空间": _room,
    "全文检索": _text_index,
    "资料库": _library,
    "向量模型": _embedder,
    "提示词": _prompts,
    "写作模型": _model,
    "写作模型应答": _model_answers,
    "LibreOffice": _office,
}
