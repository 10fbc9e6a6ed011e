"""What typer says about wrong usage, in the language of the interface."""

from __future__ import annotations

import re

from typer import TyperException

_MESSAGES = (
    (r"No such command '(.*)'\.", "没有命令“{}”"),
    (r"No such option: (\S+) \(Possible options: (.*)\)", "没有选项 {}，是不是 {}"),
    (r"No such option: (\S+)", "没有选项 {}"),
    (r"Missing argument '(.*)'\.", "缺少参数 {}"),
    (r"Missing option '(.*)'\.", "缺少选项 {}"),
    (r"Option '(.*)' requires an argument\.", "选项 {} 后面要写内容"),
    (r"Option '(.*)' does not take a value\.", "选项 {} 后面不写内容"),
    (r"Got unexpected extra argument\(s\) \((.*)\)", "多了参数 {}"),
    (r"Invalid value for '(.*)': .*(?:valid integer|integer, unable).*", "{} 要写整数"),
    (r"Invalid value for '(.*)': .*greater than or equal to (.*)", "{} 不能小于 {}"),
    (r"Invalid value for '(.*)': .*less than or equal to (.*)", "{} 不能大于 {}"),
)


def explain(error: TyperException) -> str:
    """One message for a wrong command line: what is wrong, and which help to read.

    What is not in the table keeps typer's own words; a command without its subcommand gets its whole help.
    """
    told = error.format_message()
    if told.startswith("Usage:"):
        return told
    found = ((re.fullmatch(pattern, told), message) for pattern, message in _MESSAGES)
    what = next((message.format(*match.groups()) for match, message in found if match), told)
    context = getattr(error, "ctx", None)
    return f"命令用法不对：{what}。用 {context.command_path if context else 'nigao'} --help 查看用法。"
