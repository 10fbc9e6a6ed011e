"""Search, check and draft as MCP tools over standard input and output: `python -m assistant.app.mcp_server`.

Nothing listens on the network, and nothing runs unless a client starts this. Answers are the JSON of the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.app.api import CheckIn, DraftIn, PastIn, SearchIn, check_answer, draft_answer, search_answer
from assistant.errors import NigaoError

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

    from assistant.pipeline import Pipeline

Json = dict[str, Any]


def mcp_server(pipeline: Pipeline) -> MCPServer:
    """The server with its three tools."""
    from mcp.server.mcpserver import MCPServer

    server = MCPServer("nigao", instructions="拟稿：查往年材料里的表述，核对公文里的数字，按要点起草。材料不离开本机。")

    @server.tool(title="查表述")
    def search(
        query: str,
        top: int = 10,
        year_from: int | None = None,
        year_to: int | None = None,
        unit: str | None = None,
        doc_type: str | None = None,
        section_role: str | None = None,
    ) -> Json:
        """在往年材料里按话题查表述，返回原文、出处和去掉数字名称的套用形式。Past phrasing by topic, with sources."""
        body = SearchIn(
            query=query,
            top=top,
            year_from=year_from,
            year_to=year_to,
            unit=unit,
            doc_type=doc_type,
            section_role=section_role,
        )
        return _told(lambda: search_answer(pipeline, body))

    @server.tool(title="核对")
    def check(text: str, notes: str = "", past: list[PastIn] | None = None) -> Json:
        """核对一份材料：数字与要点是否一致、前后是否矛盾、有无沿用旧稿。Check a report against its notes."""
        return _told(lambda: check_answer(pipeline, CheckIn(text=text, notes=notes, past=past or [])))

    @server.tool(title="起草")
    def draft(brief: str, section: str | None = None, remark: str = "", seed: int | None = None) -> Json:
        """按要点（Markdown 提纲，每条一行）起草报告或其中一节，要几分钟。Draft a report from notes; takes minutes."""
        body = DraftIn(brief=brief, section=section, remark=remark, seed=seed)
        return _told(lambda: draft_answer(pipeline, body))

    return server


def _told(work: Any) -> Json:
    """An error of ours as a tool error with its plain message."""
    try:
        answer: Json = work()
    except NigaoError as error:
        raise ValueError(str(error)) from None
    return answer


def main() -> None:
    """Serve until the client closes standard input."""
    from assistant.pipeline import Pipeline
    from assistant.settings import load_settings

    pipeline = Pipeline(load_settings())
    try:
        mcp_server(pipeline).run("stdio")
    finally:
        pipeline.close()


if __name__ == "__main__":
    main()
