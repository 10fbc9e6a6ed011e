"""The login page, and the layer that names the writer of every request and keeps strangers out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.app.accounts import COOKIE, SESSION_SECONDS, Accounts
from assistant.app.marks import escape
from assistant.errors import InputError

OPEN_PATHS = ("/login", "/static-nigao/", "/favicon.ico", "/api/v1/", "/healthz")
_PAGE = Path(__file__).resolve().parent / "static" / "login.html"


class Doorkeeper:
    """ASGI layer: puts the verified name into the scope as `nigao_user`; without one there is only the login page."""

    def __init__(self, app: ASGIApp, accounts: Accounts) -> None:
        self._app, self._accounts = app, accounts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        user = self._accounts.user(HTTPConnection(scope).cookies.get(COOKIE))
        if user is None and not scope["path"].startswith(OPEN_PATHS):
            await _send_away(scope)(scope, receive, send)
            return
        await self._app({**scope, "nigao_user": user}, receive, send)


def _send_away(scope: Scope) -> Response:
    if scope["method"] == "GET" and scope["path"] == "/":
        return RedirectResponse("/login", 303)
    return JSONResponse({"error": "登录已过期，请刷新页面后重新登录。"}, status_code=401)


def login_routes(accounts: Accounts) -> APIRouter:
    """Login and logout."""
    router = APIRouter(include_in_schema=False)

    @router.get("/login")
    def page() -> Response:
        return HTMLResponse(_page("")) if accounts.required else RedirectResponse("/", 303)

    @router.post("/login")
    def login(request: Request, name: Annotated[str, Form()] = "", password: Annotated[str, Form()] = "") -> Response:
        address = request.client.host if request.client else ""
        try:
            token = accounts.login(name.strip(), password, address)
        except InputError as error:
            return HTMLResponse(_page(str(error)), status_code=401)
        response = RedirectResponse("/", 303)
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, token, max_age=SESSION_SECONDS, httponly=True, samesite="strict", secure=secure)
        return response

    @router.post("/logout")
    def logout() -> Response:
        response = RedirectResponse("/login", 303)
        response.delete_cookie(COOKIE)
        return response

    return router


def _page(problem: str) -> str:
    shown = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    return _PAGE.read_text("utf-8").replace("<!--problem-->", shown)
