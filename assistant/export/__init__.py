"""Drafts and texts -> .md and .docx in the layout of GB/T 9704-2012. The door to python-docx.

markdown  Draft -> Markdown             blocks  Markdown or plain text -> blocks with offsets
layout    the standard's measures       word    blocks -> Word document, comments
files     atomic writing
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.export.blocks import parse_blocks
from assistant.export.files import check_target, replace_file
from assistant.export.markdown import placed_findings, render, to_markdown
from assistant.records import Draft, Finding

__all__ = [
    "check_target",
    "commented_docx",
    "markdown_to_docx",
    "save_draft",
    "to_docx",
    "to_markdown",
    "write_text",
]


def to_docx(draft: Draft, path: Path, *, comments: bool = False) -> None:
    """Writes the draft as a Word document in official layout.

    Args:
        draft: what to write.
        path: the .docx; replaced in one step.
        comments: attach the findings as Word comments.

    Raises:
        InputError: the place cannot be written.
        StoreError: the disk is full.
    """
    rendered = render(draft)
    findings = placed_findings(draft, rendered) if comments else []
    _write_docx(rendered.text, findings, path)


def markdown_to_docx(text: str, path: Path) -> None:
    """Lays out a Markdown or plain text as a Word document; see `to_docx` for errors."""
    _write_docx(text, (), path)


def commented_docx(text: str, findings: Sequence[Finding], path: Path) -> None:
    """As `markdown_to_docx`, with every finding as a Word comment at its span.

    A finding without a span, such as a dropped point, is attached to the title. See `to_docx` for errors.
    """
    _write_docx(text, findings, path)


def save_draft(draft: Draft, path: Path) -> None:
    """Writes the draft as the suffix of `path` says: .docx, else Markdown. See `to_docx` for errors."""
    if path.suffix.lower() == ".docx":
        to_docx(draft, path)
    else:
        write_text(to_markdown(draft), path)


def write_text(text: str, path: Path) -> None:
    """Writes a text as the suffix of `path` says: .docx in official layout, else as it is. See `to_docx` for errors."""
    if path.suffix.lower() == ".docx":
        markdown_to_docx(text, path)
    else:
        replace_file(path, lambda file: file.write(text.encode("utf-8")))


def _write_docx(text: str, findings: Sequence[Finding], path: Path) -> None:
    from assistant.export.word import build

    replace_file(path, build(parse_blocks(text), findings).save)
