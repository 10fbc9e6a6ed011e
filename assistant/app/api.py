"""The HTTP API for other programs, version 1: search, check, draft. Off unless NIGAO_API=1; needs NIGAO_API_TOKEN.

Answers have the shapes of the command line's JSON (`assistant.contracts`). Documented in docs/api.md and, for a caller
with the token, under /api/v1/openapi.json.
"""

from __future__ import annotations

import hmac
import os
import threading
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from assistant import contracts
from assistant.errors import SettingsError
from assistant.records import PastRef

if TYPE_CHECKING:
    from assistant.app.services import Services
    from assistant.pipeline import Pipeline

Json = dict[str, Any]


MIN_TOKEN = 16


def api_token() -> str:
    """The token callers must show; empty when the API is off.

    Raises:
        SettingsError: the API is on without a usable token.
    """
    if os.environ.get("NIGAO_API", "").strip() != "1":
        return ""
    token = os.environ.get("NIGAO_API_TOKEN", "").strip()
    if len(token) < MIN_TOKEN:
        raise SettingsError(f"已设置 NIGAO_API=1，还需要把 NIGAO_API_TOKEN 设为至少 {MIN_TOKEN} 个字符的口令。")
    return token


class Input(BaseModel):
    """A request; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", str_max_length=2_000_000)


class SearchIn(Input):
    """What to look for; filters that are left out stay open."""

    query: str
    top: int = Field(default=10, ge=1, le=100)
    year_from: int | None = None
    year_to: int | None = None
    unit: str | None = None
    doc_type: str | None = None
    section_role: str | None = None


class PastIn(Input):
    """The whole text of a past report."""

    document: str
    text: str


class CheckIn(Input):
    """A report, the notes it was written from (Markdown or one a line), and past reports."""

    text: str
    notes: str = ""
    past: list[PastIn] = Field(default_factory=list, max_length=50)


class DraftIn(Input):
    """Notes in the brief format; `section` drafts only that heading."""

    brief: str
    section: str | None = None
    remark: str = Field(default="", max_length=2000)
    seed: int | None = None


def api_routes(services: Services, token: str) -> APIRouter:
    """The endpoints under /api/v1."""

    def admitted(authorization: Annotated[str, Header()] = "") -> None:
        if not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401, "口令不对：请求头应有 Authorization: Bearer <NIGAO_API_TOKEN>。")

    router = APIRouter(prefix="/api/v1", dependencies=[Depends(admitted)])
    drafting = threading.BoundedSemaphore(2)

    @router.post("/search", summary="查表述")
    def search(body: SearchIn) -> Json:
        return search_answer(services.pipeline, body)

    @router.post("/check", summary="核对")
    def check(body: CheckIn) -> Json:
        return check_answer(services.pipeline, body)

    @router.post("/draft", summary="起草")
    def draft(body: DraftIn) -> Json:
        if not drafting.acquire(blocking=False):
            raise HTTPException(429, "同时起草的请求太多，请稍后再试。", headers={"Retry-After": "30"})
        try:
            return draft_answer(services.pipeline, body)
        finally:
            drafting.release()

    @router.get("/openapi.json", include_in_schema=False)
    def schema(request: Request) -> Json:
        return describe(router)

    return router


def describe(router: APIRouter) -> Json:
    """The OpenAPI description of these endpoints alone."""
    own = FastAPI(title="拟稿 API", version="1", docs_url=None, redoc_url=None)
    own.include_router(router)
    return own.openapi()


def search_answer(pipeline: Pipeline, body: SearchIn) -> Json:
    """As `nigao search --json`."""
    from assistant.retrieve import Filters

    filters = Filters(body.year_from, body.year_to, body.unit, body.doc_type, body.section_role)
    return contracts.search_json(body.query, pipeline.search(body.query, top=body.top, filters=filters))


def check_answer(pipeline: Pipeline, body: CheckIn) -> Json:
    """As `nigao check --json`."""
    from assistant.brief import parse_brief

    brief = parse_brief(body.notes, need_headings=False) if body.notes.strip() else None
    past = [PastRef(one.document, one.text) for one in body.past]
    return contracts.check_json(pipeline.check(body.text, brief=brief, past=past))


def draft_answer(pipeline: Pipeline, body: DraftIn) -> Json:
    """As `nigao draft --json`; takes as long as the model needs."""
    from assistant.brief import parse_brief

    brief = parse_brief(body.brief)
    draft = pipeline.draft(brief, section=body.section, remark=body.remark, seed=body.seed)
    return contracts.draft_json(draft)
