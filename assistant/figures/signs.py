"""The sign of a change before a number: +8%, -6.4天, 养老金+154元; not the dash of a range or of a heading."""

from __future__ import annotations

import re


def _plus_of_amount(text: str, pos: int) -> bool:
    """养老金+154元 and 贫困人口-1232万 are changes; in 1个中心+3个站点 the sign joins two things."""
    if text[pos - 2] in "级县市区镇乡村校院" or not _AMOUNT.match(text, pos):
        return False
    clause = re.split(r"[，,。；;：:、（(\n]", text[max(0, pos - 30) : pos - 1])[-1]
    return re.search(r"[\dN一二三四五六七八九十+]", clause) is None


_AMOUNT = re.compile(r"[\d.]+(?:[万亿]|元|家|人|户|件|起)")
_SIGNED = re.compile(r"\d+(?:\.\d+)?(?:%|‰|个?百分点|个?点|pct|pp|倍|位|天|微克|毫克)|[\d.]+[~～—-]+[\d.]+%")


def sign_before(text: str, pos: int) -> str:
    """ "+" or "-" written as a sign before the number at `pos`, "" otherwise."""
    if not pos or text[pos - 1] not in "+-":
        return ""
    before = text[pos - 2] if pos > 1 else ""
    if "一" <= before <= "鿿" and not _SIGNED.match(text, pos) and not _plus_of_amount(text, pos):
        return ""
    if before == ")" and "一" <= text[pos - 3 : pos - 2] <= "鿿":
        return text[pos - 1]  # 电冰箱(比上年)-20%
    return "" if before.isascii() and (before.isalnum() or before in "%)+-") else text[pos - 1]
