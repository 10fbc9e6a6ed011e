"""What went wrong with a model request, as a sentence for the person who can mend it, and whether to try again.

Knows status codes and headers, no vendor package. No message holds a key; text of the server is shortened and scrubbed.
"""

from __future__ import annotations

import email.utils
import re
import time
from json import JSONDecodeError
from typing import Any
from urllib.parse import urlsplit

from assistant.errors import ModelError

__all__ = ["JSONDecodeError", "refused", "unreachable"]

MAX_TRIES = 4
SERVER_ERROR_TRIES = 3
LONGEST_WAIT = 60.0
CANCELLED = "已取消。"


def pause(attempt: int) -> float:
    """Seconds to wait before the next try when the server names none: 0.5, 1, 2, …"""
    return float(min(0.5 * 2 ** (attempt - 1), 8.0))


def too_slow(place: str, seconds: float) -> str:
    return (
        f"{place}在 {seconds:.0f} 秒内没有写完。请缩短这一节的要点，或调大 NIGAO_LLM_TIMEOUT；"
        "若经常如此，请管理员检查服务或换小一些的模型。"
    )


def stalled(place: str, seconds: float) -> str:
    return f"{place}写到一半停了 {seconds:.0f} 秒没有动静。请稍后重试；若反复出现，请管理员检查该服务。"


def no_stream(place: str) -> str:
    return (
        f"{place}有回应，但内容不是可用的对话结果。请管理员核对 NIGAO_LLM_BASE_URL 是否为 OpenAI 兼容接口"
        "（通常以 /v1 结尾），以及该服务是否支持流式输出。"
    )


def web_page(host: str) -> str:
    return (
        f"{host} 返回的是网页，不是模型的回答。请核对 NIGAO_LLM_BASE_URL（通常以 /v1 结尾），"
        "并确认没有被登录页或网关拦截。"
    )


def unreachable(place: str, error: Exception, attempt: int) -> tuple[ModelError, float | None]:
    """No connection, or it was cut before the first text. Returns as `refused`."""
    kind = type(error.__cause__ or error).__name__
    wait = pause(attempt) if attempt < SERVER_ERROR_TRIES else None
    if "Timeout" in kind:
        return ModelError(f"连接{place}超时。请检查网络和 NIGAO_LLM_BASE_URL，或请管理员确认服务已启动。"), wait
    if kind.startswith("Connect"):
        return ModelError(f"连不上{place}。请检查 NIGAO_LLM_BASE_URL 是否正确，或请管理员确认服务已启动。"), wait
    return ModelError(f"{place}在写出内容之前断开了连接。请稍后重试；若反复出现，请管理员检查该服务。"), wait


def refused(place: str, api_key: str, error: Exception, attempt: int) -> tuple[ModelError, float | None]:
    """The server answered with an error.

    Args:
        place: how messages call the server.
        api_key: never to be shown, even when the server echoes it.
        error: has `status_code` and `response` when the server sent a status, neither for an error inside the stream.
        attempt: 1 for the first try.

    Returns:
        The error to raise, and the seconds to wait before another try; None when a try would change nothing.
    """
    status = int(getattr(error, "status_code", 0) or 0)
    headers = getattr(getattr(error, "response", None), "headers", {})
    said = _said(error, api_key)
    if status == 429:
        wait = _retry_after(headers)
        if wait is not None and wait > LONGEST_WAIT:
            message = f"{place}限制了请求次数（429），要求等 {wait:.0f} 秒。请到时再试，或请管理员提高限额。"
            return ModelError(message), None
        message = f"{place}限制了请求次数（429），等待并重试后仍未成功。请过几分钟再试，或请管理员提高限额。{said}"
        return ModelError(message), pause(attempt) if wait is None else wait
    if status in (0, 408, 409) or status >= 500:
        message = f"{place}出错（{status or '中途'}），重试后仍未恢复。请稍后再试，或请管理员查看该服务的日志。{said}"
        return ModelError(message), (pause(attempt) if attempt < SERVER_ERROR_TRIES else None)
    return ModelError(_final(place, status, headers, said)), None


def _final(place: str, status: int, headers: Any, said: str) -> str:
    """Messages of refusals that another try would not change."""
    if 300 <= status < 400:
        target = urlsplit(str(headers.get("location", "")))
        where = f"{target.scheme}://{target.netloc}" if target.netloc else "另一个地址"
        return (
            f"{place}要求转到 {where}。为避免正文被转发到别处，没有跟随；"
            "请管理员确认后把 NIGAO_LLM_BASE_URL 改成最终地址。"
        )
    if status in (401, 403):
        return f"{place}不接受当前密钥（{status}）。请核对 NIGAO_LLM_API_KEY，或请管理员确认该密钥有权使用这个模型。"
    if status == 404:
        return (
            f"{place}上没有这个接口或模型（404）。"
            f"请核对 NIGAO_LLM_BASE_URL（通常以 /v1 结尾）和 NIGAO_LLM_MODEL。{said}"
        )
    if status == 402:
        return f"{place}提示余额不足（402）。请联系管理员。{said}"
    if "context" in said.lower() or status == 413:
        return f"要点和参考材料超出了{place}一次能读的长度。请把这一节拆小，或调大 NIGAO_LLM_CONTEXT。{said}"
    return f"{place}拒绝了请求（{status}）。请管理员核对模型名称和接口是否兼容。{said}"


def _said(error: Exception, api_key: str) -> str:
    """What the server itself said, shortened, without anything that looks like a key."""
    body = getattr(error, "body", None)
    text = body.get("message", "") if isinstance(body, dict) else ""
    text = " ".join(str(text or "").split())
    if not text or text.lstrip().startswith("<"):
        return ""
    if api_key:
        text = text.replace(api_key, "***")
    scrubbed = re.sub(r"\bsk-\S+", "***", text)
    return f"（对方说明：{scrubbed[:160]}）"


def _retry_after(headers: Any) -> float | None:
    """Seconds the server asks to wait, as a number or a date; None when it does not say so usably."""
    value = str(headers.get("retry-after", "")).strip()
    if re.fullmatch(r"\d+(\.\d+)?", value):
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
