"""The FastAPI app put together, and the server that runs it."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.app.accounts import Accounts, open_accounts
from assistant.app.guard import Guard, forbid_downloads
from assistant.errors import ConflictError, InputError, LockedError, NigaoError, SettingsError

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from fastapi.responses import Response

    from assistant.app.services import Services
    from assistant.pipeline import Pipeline
    from assistant.settings import Settings

STATIC = Path(__file__).resolve().parent / "static"
PRIVATE = ("library.db", "ranking.cache", "workspace.db", "session.key", "originals", "chroma")
HEAD = (
    '<meta name="color-scheme" content="light dark">'
    '<script src="/static-nigao/early.js"></script>'
    '<link rel="stylesheet" href="/static-nigao/app.css">'
    '<link rel="icon" href="/static-nigao/icon.svg" type="image/svg+xml">'
    '<script type="module" src="/static-nigao/app.js"></script>'
)


def create_app(settings: Settings, pipeline: Pipeline, accounts: Accounts | None = None) -> FastAPI:
    """The whole web app.

    Args:
        settings: where things are.
        pipeline: does the work; tests pass one with a scripted model.
        accounts: who may come in; by default those of NIGAO_ACCOUNTS, or everybody as `local`.
    """
    _keep_uploads_in(settings.home)
    from fastapi import FastAPI

    from assistant.app.login import Doorkeeper, login_routes
    from assistant.app.services import Services

    services = Services(settings, pipeline)
    accounts = accounts or open_accounts(settings.home)
    app = FastAPI(title="拟稿", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan(services))
    app.state.services = services
    _add_errors(app)
    app.include_router(login_routes(accounts))
    _add_routes(app, services)
    asyncio.run(_mount_gradio(app, services))
    app.add_middleware(Doorkeeper, accounts=accounts)
    app.add_middleware(Guard, hosts=os.environ.get("NIGAO_HOSTS", "").split(","), head=HEAD)
    return app


def _keep_uploads_in(home: Path) -> None:
    """Gradio reads this when it is imported: its upload folder lies beside our data."""
    os.environ["GRADIO_TEMP_DIR"] = str(home / "uploads")


def _lifespan(services: Services) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        services.warm()
        yield
        services.close()

    return lifespan


def _add_errors(app: FastAPI) -> None:
    from assistant.app.work_routes import error_response

    @app.exception_handler(NigaoError)
    async def ours(request: Request, error: NigaoError) -> Response:
        busy = isinstance(error, (ConflictError, LockedError))
        status = 409 if busy else 400 if isinstance(error, (InputError, SettingsError)) else 500
        return error_response(error, status)


def _add_routes(app: FastAPI, services: Services) -> None:
    from fastapi.staticfiles import StaticFiles

    from assistant.app.api import api_routes, api_token
    from assistant.app.work_routes import work_routes

    app.mount("/static-nigao", StaticFiles(directory=STATIC), name="static-nigao")
    app.include_router(work_routes(services))
    token = api_token()
    if token:
        app.include_router(api_routes(services, token))

    @app.get("/healthz", include_in_schema=False)
    def healthz() -> dict[str, str]:
        return {"status": "ok"}


async def _mount_gradio(app: FastAPI, services: Services) -> None:
    """Gradio makes an event loop that nobody closes wherever none is running: so one is."""
    import gradio

    from assistant.app.frame import build, theme

    forbid_downloads()
    gradio.mount_gradio_app(
        app,
        build(services),
        path="/",
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        max_file_size="64mb",
        auth_dependency=lambda request: request.scope.get("nigao_user"),
        blocked_paths=[str(services.settings.home / name) for name in PRIVATE],
        theme=theme(),
    )


# ---- running ----------------------------------------------------------------------------------------------------


def serve(settings: Settings, host: str = "127.0.0.1", port: int = 7860) -> None:
    """Run the app until it is stopped.

    Args:
        settings: where things are.
        host: address to listen on.
        port: 0 for any free one.

    Raises:
        SettingsError: it would be open to the network without any login, or cannot listen there.
    """
    import uvicorn

    from assistant.pipeline import Pipeline

    if not _is_loopback(host) and not os.environ.get("NIGAO_ACCOUNTS") and os.environ.get("NIGAO_NO_LOGIN") != "1":
        raise SettingsError(
            f"监听 {host} 会让别的电脑也能打开，但没有配置账号。请先用 python -m assistant.app.accounts 建立账号文件"
            "并设置 NIGAO_ACCOUNTS；确实不需要登录时设置 NIGAO_NO_LOGIN=1。"
        )
    with _listener(host, port) as listener:
        app = create_app(settings, Pipeline(settings))
        address = f"{'127.0.0.1' if host == '0.0.0.0' else host}:{listener.getsockname()[1]}"
        print(f"拟稿已启动：http://{address}（按 Ctrl+C 停止）", flush=True)
        config = uvicorn.Config(app, loop="asyncio", log_level="warning", server_header=False, access_log=False)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


def _listener(host: str, port: int) -> socket.socket:
    """The place to listen, taken before the app is built: who starts it twice is told at once."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError(f"端口 {port} 已被占用，可能拟稿已经开着。请关掉它，或用 --port 换一个端口。") from None
        raise SettingsError(f"不能监听 {host}:{port}。请检查 --host 和 --port。") from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
