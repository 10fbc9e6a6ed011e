"""润色: one section in, a better wording out; each changed sentence to accept or reject, facts locked."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.app.marks import Mark, changes, escape, inline, region
from assistant.app.pages.parts import answers, area, findings_list, note, streams, user_of
from assistant.errors import InputError, NigaoError

if TYPE_CHECKING:
    from assistant.app.services import Services
    from assistant.polish import Change, PolishResult

MODES = ["规范", "精简", "扩写", "生动"]
WELCOME = note("粘贴一段文字，或从正在写的材料里选一节。数字、日期、文号和固定提法会锁住，润色不会动它们。")
PASTE = "（自己粘贴）"


def build(services: Services, tab: gr.Tab) -> None:
    """Layout and listeners of the page."""
    with gr.Row(elem_classes="split"):
        with gr.Column(scale=5, min_width=300, elem_classes="pane"):
            source = gr.Dropdown([PASTE], value=PASTE, label="从材料中选一节", elem_id="polish-source")
            text = gr.Textbox(label="要润色的文字", lines=12, max_lines=24, elem_id="polish-text")
            mode = gr.Radio(MODES, value=MODES[0], label="方式")
            instruction = gr.Textbox(
                label="另外的要求（可不填）", placeholder="例如：语气更平实一些", elem_id="polish-wish"
            )
            with gr.Row(elem_classes="buttons"):
                go = gr.Button("润色", variant="primary", elem_id="polish-go")
                stop = gr.Button("取消", elem_id="polish-stop")
            locked = area("locked")
        with gr.Column(scale=7, min_width=320, elem_classes="pane"):
            results = area("changes", WELCOME)
    running: dict[str, threading.Event] = {}

    @streams()
    def polish(text: str, mode: str, instruction: str, request: gr.Request) -> Iterator[str]:
        cancel = running[user_of(request)] = threading.Event()
        yield from _stream(services, text, mode, instruction, cancel)

    def cancel(request: gr.Request) -> None:
        running.get(user_of(request), threading.Event()).set()

    def sources(request: gr.Request) -> gr.Dropdown:
        return gr.Dropdown(choices=[(PASTE, PASTE), *_sections(services, user_of(request))], value=PASTE)

    @answers(2)
    def take(choice: str, request: gr.Request) -> tuple[str, Any]:
        if choice == PASTE:
            return region("", "locked"), gr.skip()
        work_id, _, index = choice.rpartition("#")
        section = list(services.workspace.sections(user_of(request), work_id).values())[int(index)]
        return region(locked_html(section.text), "locked"), section.text

    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    tab.select(sources, None, source, **quiet)
    source.input(take, source, [locked, text], **quiet)
    text.change(lambda text: region(locked_html(text), "locked"), text, locked, trigger_mode="always_last", **quiet)
    gr.on([go.click, instruction.submit], polish, [text, mode, instruction], results, trigger_mode="once", **quiet)
    stop.click(cancel, None, None, queue=False, **quiet)


def _sections(services: Services, user: str) -> list[tuple[str, str]]:
    """Drafted sections of the writer's latest works, to choose from."""
    return [
        (f"{work['title']} · {section.heading}", f"{work['id']}#{number}")
        for work in services.desk.listing(user)[:5]
        for number, section in enumerate(services.workspace.sections(user, work["id"]).values())
        if section.text
    ]


def _stream(services: Services, text: str, mode: str, wish: str, cancel: threading.Event) -> Iterator[str]:
    """The text as it comes, then the changes; the model runs beside, so that a cancel is felt at once."""
    if not text.strip():
        raise InputError("请先粘贴要润色的文字，或从材料中选一节。")
    pieces: queue.Queue[str | PolishResult | Exception] = queue.Queue()

    def work() -> None:
        try:
            pieces.put(services.pipeline.polish(text, mode=mode, instruction=wish, on_text=pieces.put, cancel=cancel))
        except Exception as error:
            pieces.put(error)

    threading.Thread(target=work, name="polish", daemon=True).start()
    yield region(note("正在润色……"), "changes")
    yield from _follow(pieces, cancel)


def _follow(pieces: queue.Queue[Any], cancel: threading.Event) -> Iterator[str]:
    written = ""
    while not cancel.is_set():
        try:
            piece = pieces.get(timeout=0.1)
        except queue.Empty:
            continue
        if isinstance(piece, NigaoError):
            raise piece
        if isinstance(piece, Exception):
            raise NigaoError(f"润色时出了意外（{type(piece).__name__}），请再试一次。")
        if not isinstance(piece, str):
            yield region(changes_html(piece), "changes")
            return
        written += piece
        if pieces.empty():
            yield region(note("正在润色……") + f'<p class="stream">{escape(written)}</p>', "changes")
    yield region(note("已取消，原文没有改动。") + f'<p class="stream">{escape(written)}</p>', "changes")


def locked_html(text: str) -> str:
    """The text with everything marked that polishing leaves alone."""
    from assistant.figures import protected

    if not text or not text.strip():
        return ""
    spans = protected(text)
    marks = [Mark(figure.start, figure.end, "ok", "已锁定，润色不会改动") for figure in spans]
    return f'<details class="locks"><summary>已锁定 {len(spans)} 处数字和提法</summary><p>{inline(text, marks)}</p></details>'


def changes_html(result: PolishResult) -> str:
    """The new text sentence by sentence; changed ones carry both wordings and can be decided one by one."""
    if result.before == result.after:
        return note("这段文字没有需要改动的地方。")
    body, position = [], 0
    for change in sorted(result.changes, key=lambda change: change.start):
        body.append(f'<span class="keep">{escape(result.before[position : change.start])}</span>')
        body.append(_change(change))
        position = change.end
    body.append(f'<span class="keep">{escape(result.before[position:])}</span>')
    return _CONTROLS + f'<div class="polished">{"".join(body)}</div>' + findings_list(result.findings, jump=False)


_CONTROLS = (
    '<div class="acts all"><button type="button" data-polish="accept-all">全部采纳</button>'
    '<button type="button" data-polish="reject-all">全部拒绝</button>'
    '<button type="button" data-polish="undo">撤销</button>'
    '<button type="button" data-polish="copy">复制结果</button></div>'
)


def _change(change: Change) -> str:
    buttons = '<button type="button" data-polish="accept">采纳</button><button type="button" data-polish="reject">拒绝</button>'
    return (
        f'<span class="change" data-before="{escape(change.before)}" data-after="{escape(change.after)}">'
        f'{changes(change.before, change.after)}<span class="acts"><i>{escape(change.reason)}</i>{buttons}</span></span>'
    )
