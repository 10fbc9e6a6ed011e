"""HTTP endpoints of the drafting page, for our own script only (other programs use `api`). Handlers of a few lines."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, File, Header, Request, UploadFile
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.app import starts, versions
from assistant.app.jobs import DraftJob, ended
from assistant.app.notes_form import empty_form, new_section
from assistant.app.services import Services
from assistant.app.works import Desk, upload_name
from assistant.errors import InputError, NigaoError

Json = dict[str, Any]

TICK = 0.05
MAX_UPLOAD = 64 * 1024 * 1024
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Body(BaseModel):
    """What a page sends; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", str_max_length=2_000_000)


class Start(Body):
    how: str
    text: str = ""
    name: str = ""


class Notes(Body):
    form: dict[str, Any]
    revision: int


class HeadingOrder(Body):
    model: bool = False


class DraftOrder(Body):
    index: int | None = None
    remark: str = Field(default="", max_length=2000)
    fresh: bool = False


class Text(Body):
    index: int
    text: str
    base: str = ""


class Choice(Body):
    key: str = Field(max_length=200)
    decision: str = ""
    index: int = 0


class Label(Body):
    label: str = ""


def _user(request: Request) -> str:
    return str(request.scope["nigao_user"])


User = Annotated[str, Depends(_user)]


def work_routes(services: Services) -> APIRouter:
    """The endpoints under /app."""
    router = APIRouter(prefix="/app", include_in_schema=False)
    _add_works(router, services)
    _add_text(router, services)
    _add_versions(router, services)
    _add_export(router, services)
    return router


def _add_works(router: APIRouter, services: Services) -> None:
    desk = services.desk

    @router.get("/works")
    def works(user: User) -> list[Json]:
        return desk.listing(user)

    @router.get("/starts")
    def ways() -> Json:
        return services.ways_to_start()

    @router.post("/works")
    def create(user: User, start: Start) -> Json:
        return desk.create(user, _form(services, start), start.name if start.how == "past" else "")

    @router.post("/works/upload")
    def upload(user: User, file: Annotated[UploadFile, File()], how: str = "notes") -> Json:
        with saved(file) as path:
            return desk.create(user, starts.from_file(path) if how == "notes" else services.outline_of_file(path))

    @router.get("/works/{work_id}")
    def state(user: User, work_id: str) -> Json:
        return desk.state(user, work_id)

    @router.delete("/works/{work_id}")
    def delete(user: User, work_id: str) -> Json:
        return desk.delete(user, work_id)

    @router.put("/works/{work_id}/notes")
    def save_notes(user: User, work_id: str, notes: Notes) -> Json:
        return desk.save_notes(user, work_id, notes.form, notes.revision)

    @router.post("/works/{work_id}/headings")
    def headings(user: User, work_id: str, order: HeadingOrder) -> Json:
        return {"suggestions": desk.headings(user, work_id, order.model), "model": services.model.present}

    @router.get("/works/{work_id}/last-year")
    def last_year(user: User, work_id: str) -> Json:
        return services.last_year(user, work_id)


def _form(services: Services, start: Start) -> Json:
    makers: dict[str, Callable[[], Json]] = {
        "empty": lambda: {**empty_form(doc_type="工作总结", title="未命名材料"), "sections": [new_section("一、")]},
        "skeleton": lambda: starts.skeleton(start.name),
        "paste": lambda: starts.from_notes(start.text),
        "sample": lambda: services.sample_form(start.name),
        "past": lambda: services.shelf.outline_of_document(start.name),
    }
    if start.how not in makers:
        raise InputError("不知道怎样开始这份材料，请刷新页面后再选。")
    return makers[start.how]()


@contextmanager
def saved(file: UploadFile) -> Iterator[Path]:
    """An uploaded file on disk under its own name, for as long as it is read."""
    with tempfile.TemporaryDirectory(prefix="nigao-upload-") as folder:
        path = Path(folder) / upload_name(file.filename or "")
        content = file.file.read(MAX_UPLOAD + 1)
        if len(content) > MAX_UPLOAD:
            raise InputError("文件超过 64 MB，请拆分后再上传。")
        path.write_bytes(content)
        yield path


def _add_text(router: APIRouter, services: Services) -> None:
    desk = services.desk

    @router.post("/works/{work_id}/draft")
    def draft(user: User, work_id: str, order: DraftOrder) -> Json:
        return desk.draft(user, work_id, index=order.index, remark=order.remark, fresh=order.fresh)

    @router.post("/works/{work_id}/cancel")
    def cancel(user: User, work_id: str) -> Json:
        return desk.cancel(user, work_id)

    @router.get("/works/{work_id}/events")
    async def events(user: User, work_id: str, last_event_id: Annotated[str, Header()] = "") -> Response:
        job = await asyncio.to_thread(desk.job, user, work_id)
        return StreamingResponse(
            _stream(desk, job, last_event_id), media_type="text/event-stream", headers={"cache-control": "no-store"}
        )

    @router.post("/works/{work_id}/check")
    def check(user: User, work_id: str, body: Text) -> Json:
        return desk.check_section(user, work_id, body.index, body.text)

    @router.put("/works/{work_id}/sections")
    def save(user: User, work_id: str, body: Text) -> Json:
        return desk.save_section(user, work_id, body.index, body.text, body.base)

    @router.post("/works/{work_id}/insert")
    def insert(user: User, work_id: str, body: Choice) -> Json:
        return desk.insert_point(user, work_id, body.index, body.key)

    @router.post("/works/{work_id}/decisions")
    def decide(user: User, work_id: str, body: Choice) -> Json:
        return desk.decide(user, work_id, body.key, body.decision)

    @router.post("/works/{work_id}/references")
    def refer(user: User, work_id: str, body: Text) -> Json:
        return desk.add_reference(user, work_id, body.index, body.text)


async def _stream(desk: Desk, job: DraftJob | None, last: str) -> AsyncIterator[str]:
    """A job's events until it is over: from its beginning, or after the one that a page heard before it lost the line.

    `last` is what the browser sends of its own when it connects again (WHATWG HTML, Server-sent events: Last-Event-ID).
    """
    seen, quiet = (_heard(job, last) if job else 0), 0.0
    while job is not None:
        over = ended(job)
        fresh = job.events[seen:]
        seen += len(fresh)
        for event in fresh:
            try:
                said = await asyncio.to_thread(desk.finished, job, event) if event["kind"] == "section_done" else event
            except NigaoError:  # the page connects again by itself, and is told then
                return
            yield f"id: {job.name}-{event['n']}\ndata: {json.dumps(said, ensure_ascii=False)}\n\n"
        if over and seen == len(job.events):
            return
        quiet = 0.0 if fresh else quiet + TICK
        if quiet > 10:
            quiet = 0.0
            yield ": still here\n\n"
        await asyncio.sleep(TICK)
    yield 'data: {"kind": "idle"}\n\n'


def _heard(job: DraftJob, last: str) -> int:
    """How many events of this very run the page has heard already."""
    name, _, number = last.rpartition("-")
    return int(number) if name == job.name and number.isdecimal() else 0


def _add_versions(router: APIRouter, services: Services) -> None:
    workspace = services.workspace

    @router.get("/works/{work_id}/versions")
    def listing(user: User, work_id: str) -> list[Json]:
        return versions.listing(workspace, user, work_id)

    @router.post("/works/{work_id}/versions")
    def keep(user: User, work_id: str, body: Label) -> list[Json]:
        return versions.keep(workspace, user, work_id, body.label)

    @router.get("/works/{work_id}/versions/{version_id}")
    def compare(user: User, work_id: str, version_id: str) -> Json:
        return versions.compare(workspace, user, work_id, version_id)

    @router.post("/works/{work_id}/versions/{version_id}/restore")
    def restore(user: User, work_id: str, version_id: str) -> Json:
        services.desk.cancel(user, work_id)
        workspace.restore(user, work_id, version_id)
        return services.desk.state(user, work_id)


def _add_export(router: APIRouter, services: Services) -> None:
    @router.get("/works/{work_id}/export.docx")
    def docx(user: User, work_id: str) -> Response:
        name, content = services.word(user, work_id)
        return _download(name + ".docx", content, _DOCX)

    @router.get("/works/{work_id}/export.md")
    def markdown(user: User, work_id: str) -> Response:
        name, content = services.markdown(user, work_id)
        return _download(name + ".md", content, "text/markdown; charset=utf-8")

    @router.get("/works/{work_id}/copy")
    def copy(user: User, work_id: str) -> Json:
        return services.clipboard(user, work_id)

    @router.get("/passages/{passage_id}")
    def passage(passage_id: str, work_id: str = "", index: int = -1, user: str = Depends(_user)) -> Json:
        return services.passage_context(user, passage_id, work_id, index)

    @router.post("/sample-library")
    def sample_library(user: User) -> Json:
        return services.load_sample_library()

    @router.post("/model/fetch")
    def fetch_model(user: User) -> Json:
        services.model.fetch()
        return services.status(user)

    @router.get("/status")
    def status(user: User) -> Json:
        return services.status(user)


def _download(name: str, content: bytes, kind: str) -> Response:
    disposition = f"attachment; filename=\"report{Path(name).suffix}\"; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=kind, headers={"content-disposition": disposition, "cache-control": "no-store"})


def error_response(error: Exception, status: int) -> JSONResponse:
    """An error of ours as the page expects it."""
    return JSONResponse({"error": str(error), "kind": type(error).__name__}, status_code=status)
