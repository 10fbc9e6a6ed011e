"""What may come in and what the browser may load: one ASGI layer around the whole app.

- Host: only names of this machine, IP literals and NIGAO_HOSTS (a foreign name that resolves here is DNS rebinding).
- Origin: a request that changes something must come from our own pages.
- Addresses: Gradio would fetch a URL that a client sends in place of a file; such a request is refused, and Gradio's
  downloading functions are switched off as a second lock.
- Content-Security-Policy: everything from 'self'; scripts need this response's nonce, and no eval.

Knows nothing about reports.
"""

from __future__ import annotations

import ipaddress
import json
import re
import secrets
import socket
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.errors import InputError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_JSON = 32 * 1024 * 1024
_REMOTE = re.compile(r"^\s*[a-z][a-z0-9+.\-]*:/?/|^\s*//", re.IGNORECASE)
_REMOTE_IN_PATH = re.compile(r"/(?:proxy|file|stream|upload)=?/?(?:https?:|ftp:|//|[a-z]+%3a)", re.IGNORECASE)
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\bnonce=)")
_FOREIGN_META = re.compile(rb"<meta\s[^>]*(?:og:|twitter:)[^>]*>", re.IGNORECASE | re.DOTALL)


def policy(nonce: str) -> str:
    """The Content-Security-Policy. Gradio sets style attributes, hence 'unsafe-inline' for styles and only there."""
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


class Guard:
    """ASGI layer; see the module's text.

    Args:
        app: what is guarded.
        hosts: further host names under which the app may be reached.
        head: markup put at the top of the page's head (our script and style).
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = (), head: str = "") -> None:
        self._app = app
        self._hosts = frozenset({"localhost", socket.gethostname().lower(), *(h.lower() for h in hosts if h)})
        self._head = head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        try:
            self._check_head(scope, headers)
            receive = await _check_body(scope, headers, receive)
        except InputError as error:
            await _refuse(send, str(error))
            return
        nonce = secrets.token_urlsafe(16)
        scope = {**scope, "headers": [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]}
        await self._app(scope, receive, _Outgoing(send, nonce, self._head))

    def _check_head(self, scope: Scope, headers: dict[str, str]) -> None:
        host = headers.get("host", "")
        if not self.knows(host):
            raise InputError("请求的主机名不在允许之列：请用本机地址访问，或在 NIGAO_HOSTS 中登记这个主机名。")
        origin = headers.get("origin", "")
        if scope["method"] not in SAFE_METHODS and origin and urlsplit(origin).netloc != host:
            raise InputError("请求来自别的网页，已拒绝。请在拟稿自己的页面里操作。")
        if headers.get("sec-fetch-site", "same-origin") == "cross-site" and scope["method"] not in SAFE_METHODS:
            raise InputError("请求来自别的网站，已拒绝。请在拟稿自己的页面里操作。")
        if _REMOTE_IN_PATH.search(scope["path"]):
            raise InputError("这里只接收本机上传的文件，不接收网址。")

    def knows(self, host: str) -> bool:
        """Whether a Host header names this machine."""
        name = (urlsplit(f"//{host}").hostname or "").lower()
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name in self._hosts
        return True


class _Outgoing:
    """Adds the policy to every response, and nonces and our head to pages."""

    def __init__(self, send: Send, nonce: str, head: str) -> None:
        self._send, self._nonce, self._head = send, nonce, head
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*_without(message["headers"], b"server"), *self._security()]
            if _content_type(message).startswith(b"text/html"):
                self._start = message
                return
        elif message["type"] == "http.response.body" and self._start is not None:
            await self._page(message)
            return
        await self._send(message)

    def _security(self) -> list[tuple[bytes, bytes]]:
        return [
            (b"content-security-policy", policy(self._nonce).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
            (b"cross-origin-opener-policy", b"same-origin"),
        ]

    async def _page(self, message: Message) -> None:
        self._body += message.get("body", b"")
        if message.get("more_body") or self._start is None:
            return
        body = rewrite_page(self._body, self._nonce, self._head)
        headers = [*_without(self._start["headers"], b"content-length"), (b"content-length", str(len(body)).encode())]
        await self._send({**self._start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def rewrite_page(body: bytes, nonce: str, head: str) -> bytes:
    """Chinese page language, our head first, a nonce on every script, no pointers to other sites."""
    body = _FOREIGN_META.sub(b"", body)
    body = body.replace(b'lang="en"', b'lang="zh-CN"', 1)
    body = body.replace(b"<head>", b"<head>" + head.encode(), 1)
    return _INLINE_SCRIPT.sub(f'<script nonce="{nonce}"'.encode(), body)


async def _check_body(scope: Scope, headers: dict[str, str], receive: Receive) -> Receive:
    """Read a JSON body bound for Gradio and refuse addresses in place of files; returns a replaying `receive`."""
    is_json = "json" in headers.get("content-type", "")
    if not (is_json and "/gradio_api/" in scope["path"] and scope["method"] == "POST"):
        return receive
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_JSON:
            raise InputError("一次提交的内容太大，请分成几次，或改用上传文件。")
    _refuse_addresses(body, headers.get("host", ""))
    return _replay(body, receive)


def _replay(body: bytes, receive: Receive) -> Receive:
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return pending.pop() if pending else await receive()

    return again


def _refuse_addresses(body: bytes, host: str) -> None:
    try:
        content = json.loads(body)
    except ValueError as error:
        raise InputError("提交的内容不是有效的 JSON。") from error
    for record in _records(content):
        path, url = record.get("path"), record.get("url")
        if isinstance(path, str) and _REMOTE.match(path):
            raise InputError("这里只接收本机上传的文件，不接收网址。")
        if isinstance(url, str) and _REMOTE.match(url) and urlsplit(url).netloc != host:
            raise InputError("这里只接收本机上传的文件，不接收网址。")


def _records(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _records(part)
    elif isinstance(value, list):
        for part in value:
            yield from _records(part)


async def _refuse(send: Send, message: str) -> None:
    body = json.dumps({"error": message}, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _without(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[tuple[bytes, bytes]]:
    return [(key, value) for key, value in headers if key.lower() != name]


def _content_type(message: Message) -> bytes:
    return next((value for key, value in message["headers"] if key.lower() == b"content-type"), b"")


def forbid_downloads() -> None:
    """Switch off Gradio's own downloading: no file of ours ever comes from an address."""
    from gradio import processing_utils

    def refuse(*args: object, **kwargs: object) -> str:
        raise InputError("这里只接收本机上传的文件，不接收网址。")

    async def refuse_later(*args: object, **kwargs: object) -> str:
        return refuse()

    for name in ("ssrf_protected_download", "unsafe_download"):
        setattr(processing_utils, name, refuse)
    for name in ("async_ssrf_protected_download", "async_ssrf_protected_get"):
        setattr(processing_utils, name, refuse_later)
