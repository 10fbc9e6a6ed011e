"""设置与状态: the model, the library, what works on this machine, and the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.app.marks import escape, region
from assistant.app.pages.parts import answers, area, note

if TYPE_CHECKING:
    from assistant.app.services import Services
    from assistant.doctor import Diagnosis

STATES = {
    "missing": "还没有下载", "cold": "未启动（第一次起草时自动启动）", "fetching": "正在下载", "warming": "正在启动",
    "ready": "就绪", "failed": "出错",
}  # fmt: skip
KEYS = (
    ("Ctrl + Enter", "起草（在要点或稿子里）"),
    ("Ctrl + K", "查表述"),
    ("Alt + 1 … 6", "切换页面"),
    ("Alt + ↓ / Alt + ↑", "下一条 / 上一条提示"),
    ("Alt + Enter", "采纳当前提示"),
    ("Esc", "关闭小窗；起草中按两次取消"),
)


def build(services: Services, tab: gr.Tab) -> None:
    """Layout and listeners of the page."""
    with gr.Row(elem_classes="split"):
        with gr.Column(scale=6, min_width=320, elem_classes="pane"):
            model = area("model")
            with gr.Row(elem_classes="buttons"):
                test = gr.Button("测试模型", variant="primary", elem_id="status-test")
                fetch = gr.Button("下载内置模型", elem_id="status-fetch")
                again = gr.Button("重新检查", elem_id="status-again")
            answer = area("answer")
        with gr.Column(scale=6, min_width=320, elem_classes="pane"):
            doctor = area("doctor")
            area("keys", keys_html())

    def look() -> str:
        return region(model_html(services), "model")

    def examine() -> str:
        from assistant.doctor import examine

        return region(doctor_html(examine(services.settings)), "doctor")

    @answers()
    def ask() -> str:
        return region(note(services.model.test()))

    def download() -> str:
        services.model.fetch()
        return region(note("正在后台下载，可以先做别的事；进度见上面。"))

    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    timer = gr.Timer(2.0, active=False)
    tab.select(look, None, model, **quiet).then(lambda: gr.Timer(active=True), None, timer, **quiet)
    tab.select(examine, None, doctor, **quiet)
    timer.tick(look, None, model, **quiet)
    test.click(ask, None, answer, api_visibility="private", show_progress="minimal").then(look, None, model, **quiet)
    fetch.click(download, None, answer, **quiet).then(look, None, model, **quiet)
    again.click(examine, None, doctor, api_visibility="private", show_progress="minimal")


def model_html(services: Services) -> str:
    """The model, the library and where things are stored."""
    view, library = services.model.view(), services.shelf.status()
    state = STATES[view["state"]] + (f" {view['share']:.0%}" if view["state"] == "fetching" else "")
    rows = [
        ("写作模型", view["name"]),
        ("在哪里运行", view["where"]),
        ("状态", state + (f"：{view['message']}" if view["message"] else "")),
        ("资料库", f"{library.documents} 份材料，{library.passages} 段" if library else "还没有"),
        ("数据存放", str(services.settings.home)),
        ("联网", "不联网，材料不离开本机" if services.settings.uses_embedded_model else "只连接上面的模型服务"),
    ]
    return "<h3>模型与数据</h3>" + _table(rows)


def doctor_html(diagnoses: list[Diagnosis]) -> str:
    """What works here, what does not, and what to do."""
    items = "".join(_diagnosis(one) for one in diagnoses)
    return f'<h3>本机检查</h3><ul class="doctor">{items}</ul>'


def _diagnosis(one: Diagnosis) -> str:
    state, sign = ("good", "正常") if one.ok else ("bad", "不可用") if one.required else ("so", "可不装")
    advice = f'<p class="advice">{escape(one.advice)}</p>' if one.advice and not one.ok else ""
    return f'<li class="{state}"><b>{escape(one.name)}</b><span>{sign}</span><p>{escape(one.detail)}</p>{advice}</li>'


def keys_html() -> str:
    """The keyboard shortcuts."""
    return "<h3>快捷键</h3>" + _table(list(KEYS))


def _table(rows: list[tuple[str, str]]) -> str:
    body = "".join(f"<tr><th scope='row'>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows)
    return f'<table class="facts"><tbody>{body}</tbody></table>'
