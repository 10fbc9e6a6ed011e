"""A check as a page of its own: one HTML file without scripts, to send or print."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from assistant.app import views
from assistant.app.marks import escape, paragraphs
from assistant.records import SEVERITY_NAMES, label_of

if TYPE_CHECKING:
    from assistant.pipeline import CheckReport

_VERDICTS = {"clean": "没有发现问题", "warnings": "有需要留意的地方", "errors": "有错误，请改正"}
_STYLE = """body{font:15px/1.8 "Microsoft YaHei","PingFang SC","Noto Sans CJK SC",sans-serif;margin:2em auto;max-width:50em;
padding:0 1em;color:#1c2530}.text{border:1px solid #d5dbe3;padding:1em 2em;font-family:FangSong,仿宋,serif;font-size:17px}
.text p{text-indent:2em;margin:0}mark{background:none;color:inherit}mark.mk-error{background:#fbd5d2;
border-bottom:2px solid #b3261e}mark.mk-warning{background:#fdebc8;border-bottom:2px solid #8a5a00}
mark.mk-info{border-bottom:1px dotted #566}li{margin:.5em 0}.error b{color:#b3261e}.warning b{color:#8a5a00}
small{color:#566}"""


def summary(report: CheckReport) -> str:
    """The verdict in one line, with counts."""
    counts = Counter(finding.severity for finding in report.findings)
    parts = [
        f"{SEVERITY_NAMES[severity]} {counts[severity]}"
        for severity in ("error", "warning", "info")
        if counts[severity]
    ]
    figures = report.figures
    if figures.get("notes"):
        parts.append(f"材料中数字 {figures['draft']} 处，相符 {figures['matched']} 处")
    return (
        f'<p class="verdict {report.verdict}" role="status"><strong>{_VERDICTS[report.verdict]}</strong>'
        f"<span>{escape('，'.join(parts))}</span></p>"
    )


def html_report(name: str, text: str, report: CheckReport) -> str:
    """The whole page."""
    marks = [views.finding_mark(f, "") for f in report.findings if f.draft]
    items = "".join(
        f'<li class="{f.severity}"><b>{SEVERITY_NAMES[f.severity]} · {escape(label_of(f.kind))}</b> '
        f"{escape(f.message)}<br><small>{escape(f.draft.text if f.draft else '')}</small></li>"
        for f in report.findings
    )
    title = f"核对报告：{escape(name)}"
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>{summary(report)}<ol>{items}</ol>"
        f'<h2>全文</h2><div class="text">{paragraphs(text, marks)}</div></body></html>'
    )
