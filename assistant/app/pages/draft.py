"""起草: the workbench. Its parts are made by static/draft/*.js; its endpoints are in `work_routes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

if TYPE_CHECKING:
    from assistant.app.services import Services


def build(services: Services, tab: gr.Tab) -> None:
    """An empty place that the script fills; a page without scripts could not edit anyway."""
    gr.Column(elem_id="workbench", min_width=0)
