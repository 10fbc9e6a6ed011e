"""A section is found by its heading, in Markdown and in plain reports."""

from __future__ import annotations

import pytest

from assistant.errors import InputError
from assistant.structure.sections import section_span

MARKDOWN = "# 总结\n\n## 一、情况\n正文。\n### （一）办文\n全年办文58件。\n### （二）办会\n开会。\n## 二、问题\n有。\n"
PLAIN = (
    "某县办公室工作总结\n\n一、情况\n正文写在这里。\n（一）办文工作\n全年办文58件，质量提升。\n二、问题\n还有差距。\n"
)


@pytest.mark.parametrize(
    ("text", "heading", "body"),
    [
        (MARKDOWN, "一、情况", "正文。\n### （一）办文\n全年办文58件。\n### （二）办会\n开会。"),
        (MARKDOWN, "（一）办文", "全年办文58件。"),
        (MARKDOWN, "办会", "开会。"),
        (MARKDOWN, "二、问题", "有。"),
        (PLAIN, "（一）办文工作", "全年办文58件，质量提升。"),
        (PLAIN, "二、问题", "还有差距。"),
    ],
)
def test_body_of_a_section(text: str, heading: str, body: str) -> None:
    start, end = section_span(text, heading)
    assert text[start:end] == body


def test_unknown_heading_names_the_known_ones() -> None:
    with pytest.raises(InputError, match="二、问题"):
        section_span(MARKDOWN, "三、打算")
