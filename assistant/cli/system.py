"""Commands about the machine: models, the app, the evaluation, the doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.common import JsonOption, LibraryOption, ModelOption, app, model_app, print_json
from assistant.settings import DEFAULT_MODEL, load_settings


# --help goes through as well: the evaluation explains its own options.
@app.command(add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def eval(context: typer.Context) -> None:
    """运行评测：figures review retrieval drafting polish speed，或 compare A B。(Run an evaluation suite.)"""
    from eval.__main__ import main as run_evaluation

    raise typer.Exit(run_evaluation(context.args))


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="监听地址，默认只限本机。(Address.)")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="端口。(Port.)")] = 7860,
    library: LibraryOption = None,
    model: ModelOption = None,
) -> None:
    """打开网页版。(Serve the web app.)"""
    from assistant.app.server import serve as serve_app

    serve_app(load_settings(library, model), host, port)


@app.command()
def doctor(
    try_model: Annotated[bool, typer.Option("--model", help="也让模型答一句。(Also ask the model.)")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """检查本机哪些能用、哪些不能用、该怎么办。(What works here and what to do.)"""
    from dataclasses import asdict

    from assistant import console
    from assistant.doctor import examine

    results = examine(load_settings(library), try_model=try_model)
    if as_json:
        print_json({"checks": [asdict(result) for result in results]})
    else:
        console.show_diagnoses(results)
    raise typer.Exit(3 if any(r.required and not r.ok for r in results) else 0)


@model_app.command("pull")
def model_pull(
    name: Annotated[str, typer.Argument(help="模型名称，见 nigao model list。(Model.)")] = "",
    source: Annotated[
        Path | None, typer.Option("--from", help="已有的模型文件。(A file you have.)", show_default=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """获取内置写作模型，可断点续传。(Fetch an embedded model; resumable.)"""
    from assistant import console
    from assistant.local_model import pull

    settings = load_settings()
    wanted = name or (settings.llm_model if settings.uses_embedded_model else DEFAULT_MODEL)
    with console.byte_progress("获取模型") as advance:
        path = pull(wanted, settings, advance, source=source)
    if as_json:
        print_json({"path": str(path), "bytes": path.stat().st_size})
    console.tell(f"模型已就绪：{path}")


@model_app.command("list")
def model_list(as_json: JsonOption = False) -> None:
    """列出内置模型和它们是否已获取。(List embedded models.)"""
    from assistant import console
    from assistant.local_model import listing

    rows = listing(load_settings())
    if as_json:
        print_json({"models": rows})
    else:
        console.show_rows(("名称", "大小", "已获取", "文件"), [tuple(map(str, row.values())) for row in rows])
