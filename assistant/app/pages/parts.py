"""Parts that the pages share: regions of HTML made by `marks`, errors in plain Chinese, findings as a list."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gradio as gr

from assistant.app import views
from assistant.app.marks import escape, region
from assistant.errors import NigaoError
from assistant.records import SEVERITY_NAMES, Finding, label_of

Handler = Callable[..., Any]


def area(name: str, body: str = "") -> gr.Markdown:
    """A place for HTML of ours. Markdown without its sanitiser, because gr.HTML needs eval, which our policy forbids."""
    return gr.Markdown(
        region(body, name), sanitize_html=False, latex_delimiters=[], container=False, elem_id=f"area-{name}"
    )


def user_of(request: gr.Request) -> str:
    """The verified name of who is asking; never what the client says of itself."""
    if request.request is None:
        raise NigaoError("没有登录信息，请刷新页面。")
    return str(request.request.scope["nigao_user"])


def problem(message: str) -> str:
    """An error as HTML: what happened and what to do."""
    return f'<p class="problem" role="alert">{escape(message)}</p>'


def note(message: str) -> str:
    """A quiet remark as HTML."""
    return f'<p class="note" role="status">{escape(message)}</p>'


def answers(outputs: int = 1) -> Callable[[Handler], Handler]:
    """Show an error of ours in the first output (an area); the others stay as they are."""

    def decorate(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            try:
                return handler(*args, **kwargs)
            except NigaoError as error:
                return _failed(error, outputs)

        return guarded

    return decorate


def streams(outputs: int = 1) -> Callable[[Handler], Handler]:
    """As `answers`, for a handler that yields."""

    def decorate(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def guarded(*args: Any, **kwargs: Any) -> Iterator[Any]:
            try:
                yield from handler(*args, **kwargs)
            except NigaoError as error:
                yield _failed(error, outputs)

        return guarded

    return decorate


def _failed(error: NigaoError, outputs: int) -> Any:
    shown = region(problem(str(error)))
    return shown if outputs == 1 else (shown, *[gr.skip() for _ in range(outputs - 1)])


def findings_list(findings: Sequence[Finding], *, jump: bool = True) -> str:
    """Findings as a list, gravest first; each that names a place jumps there."""
    order = {"error": 0, "warning": 1, "info": 2}
    ranked = sorted(enumerate(findings), key=lambda pair: (order[pair[1].severity], _place(pair[1])))
    return "<ul class='findings'>" + "".join(_item(finding, jump) for _, finding in ranked) + "</ul>"


def _place(finding: Finding) -> int:
    return finding.draft.start if finding.draft else 1 << 30


def _item(finding: Finding, jump: bool) -> str:
    key = views.finding_key(finding)
    lines = [f'<p class="say">{escape(finding.message)}</p>']
    if finding.draft:
        lines.append(f'<p class="ref">稿中：{escape(finding.draft.text)}</p>')
    if finding.note:
        lines.append(f'<p class="ref">要点：{escape(finding.note.text)}</p>')
    if finding.past:
        lines.append(f'<p class="ref">往年《{escape(finding.past.document)}》：{escape(finding.past.text[:120])}</p>')
    if finding.formula:
        lines.append(f'<p class="ref">算式：{escape(finding.formula)}</p>')
    label = f'<span class="kind">{escape(label_of(finding.kind))}</span>'
    severity = SEVERITY_NAMES[finding.severity]
    go = f'<button type="button" class="go" data-jump="{key}">看原文</button>' if jump and finding.draft else ""
    head = f'<div class="head"><span class="dot">{severity}</span>{label}{go}</div>'
    return f'<li class="finding {finding.severity}">{head}{"".join(lines)}</li>'
