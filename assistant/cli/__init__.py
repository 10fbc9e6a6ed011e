"""The command `nigao`: reads arguments, calls the pipeline, prints, chooses the exit code.

Exit codes: 0 done · 1 done, with errors among the findings · 2 wrong usage or bad input · 3 model or store failed.
With --json, standard output carries one JSON document and nothing else.
"""

from __future__ import annotations

import os
import sys

from assistant.cli import jobs, store, system
from assistant.cli.common import app
from assistant.errors import NigaoError

__all__ = ["app", "jobs", "main", "store", "system"]


def main() -> None:
    """Entry point: every error that a person can act on becomes one message and an exit code."""
    sys.exit(_run(sys.argv[1:]))


def _run(arguments: list[str]) -> int:
    from typer import Abort, TyperException

    try:
        return app(arguments, prog_name="nigao", standalone_mode=False) or 0
    except NigaoError as error:
        return _complain(str(error), error.exit_code)
    except TyperException as error:
        from assistant.cli.usage import explain

        return _complain(explain(error), error.exit_code)
    except (Abort, KeyboardInterrupt):
        return _complain("已取消，已完成的部分不受影响。", 130)
    except BrokenPipeError:
        return 0
    except MemoryError:
        return _complain("内存不够，请关闭其他程序或减少一次处理的材料。", 3)
    except OSError as error:
        return _complain(_os_message(error), 3)
    except Exception as error:
        if os.environ.get("NIGAO_DEBUG"):
            raise
        return _complain(
            f"程序内部出错（{type(error).__name__}: {error}）。设置 NIGAO_DEBUG=1 重试可看到详情，请报告给开发者。", 3
        )


def _os_message(error: OSError) -> str:
    import errno

    if error.errno == errno.ENOSPC:
        return "磁盘已满，没有写入任何不完整的内容。请清理磁盘后重试。"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"没有权限读写 {error.filename}。请检查文件夹权限。"
    return f"读写文件出错：{error}。请检查路径和磁盘。"


def _complain(message: str, code: int) -> int:
    from assistant import console

    console.tell(message, style="red")
    return code
