"""The Gradio page around everything: six tabs, one file each in `pages`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from assistant.app.pages import check, draft, library, polish, search, status

if TYPE_CHECKING:
    from assistant.app.services import Services

PAGES = (
    ("draft", "起草", draft.build),
    ("polish", "润色", polish.build),
    ("search", "查表述", search.build),
    ("check", "核对", check.build),
    ("library", "资料库", library.build),
    ("status", "设置与状态", status.build),
)
SANS = ("Microsoft YaHei", "微软雅黑", "PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC", "sans-serif")


def build(services: Services) -> gr.Blocks:
    """All pages as one Gradio app; every listener is private to it."""
    blocks: gr.Blocks = gr.Blocks(title="拟稿", analytics_enabled=False, fill_width=True, delete_cache=(3600, 86400))
    with blocks, gr.Tabs(elem_id="nav", selected="draft"):
        for name, label, page in PAGES:
            with gr.Tab(label, id=name, elem_id=f"page-{name}") as tab:
                page(services, tab)
    blocks.queue(api_open=False, default_concurrency_limit=8)
    return blocks


def theme() -> gr.themes.Base:
    """Colours and local fonts; everything else is in app.css."""
    look = gr.themes.Base(
        primary_hue=gr.themes.colors.blue,
        neutral_hue=gr.themes.colors.gray,
        radius_size=gr.themes.sizes.radius_sm,
        spacing_size=gr.themes.sizes.spacing_sm,
        text_size=gr.themes.sizes.text_sm,
        font=list(SANS),
        font_mono=["Consolas", "Noto Sans Mono CJK SC", "monospace"],
    )
    return look.set(
        body_background_fill="#f5f6f8",
        body_background_fill_dark="#15181d",
        block_background_fill="#ffffff",
        block_background_fill_dark="#1d2128",
        button_primary_background_fill="#1f5a94",
        button_primary_background_fill_hover="#184a7b",
        button_primary_background_fill_dark="#3b82c4",
        button_primary_text_color="#ffffff",
        block_border_width="1px",
        block_label_text_size="13px",
        block_title_text_weight="600",
    )
