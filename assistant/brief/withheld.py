"""What the writer notes but does not want written: “先不写”, “（内部掌握）”, “别写进去”.

The part of the bullet that such a remark belongs to, up to the nearest ； or 。, is left out; nothing is read as an
order beyond that. A remark counts only where it ends its clause or ends what stands in brackets, so that 不要写长文 and
（不公开32件） stay.
"""

from __future__ import annotations

import re

_INTO = r"(?:进去|进来|进报告|进稿子|进总结|进材料|上去|入报告|入总结|进|入|上|出来|在内)?"
_END = r"(?:了|吧|哈)?(?=\s*(?:$|[，。；！：,;!:]|[（(）)\]】]))"
_BARE_NOT = r"(?<![分特个级区差类性识辨鉴判告送离国派])别"  # 分别, 类别 … are words of their own
_WHY = (  # who says so, why, how long; other words before it tell a fact: （其余不公开）
    r"(?:[这此本该](?:个?数|条|项|句|段|处)|数字|数据|先|暂时|暂且|暂|目前|都|就|也|一律|请|建议|千万|"
    r"领导|上级|市里|县里|局里|要求|交代|按要求|按规定|说|涉密|保密|敏感|未定|没定|没批|未批){0,4}"
)
_REMARK = re.compile(
    rf"(?:不要|不用|不必|无需|{_BARE_NOT}|勿|先不|暂不|暂时不|先都不|(?<![写提])就不)(?:写|提){_INTO}{_END}"
    rf"|不写(?:进去|进报告|进稿子|进总结|进材料|入报告|入总结){_END}"
    rf"|(?:仅|只|仅供|供|仅限|限)?内部(?:掌握|知道就行|掌握即可){_END}"
    r"|[（(【\[](?:[^（）()【】\[\]]{0,12}[，,；;。]\s*)?"  # the reason may come first: （市里没定，不写）
    rf"{_WHY}(?:不写|勿写|不提|不[要能得宜便]?对外|不[要能得宜便]?公开|不入稿)(?:了|吧|哈|进去|进稿子|公布|公开)?\s*[）)】\]]"
    r"|(?:(?<=^)|(?<=[，,；;。]))(?:先|暂)?不写(?=$|[，,。；;])"
)
_PIECE = re.compile(r"(?:[（(【\[][^（）()【】\[\]]*[）)】\]]|[^；;。])*[；;。]?")


def split_withheld(text: str) -> tuple[str, str]:
    """A bullet as what is to be written and what is not; the second is empty where the bullet has no such remark.

    Args:
        text: the bullet as typed.
    """
    pieces = [piece for piece in _PIECE.findall(text) if piece.strip("；;。 ")]
    kept = [piece for piece in pieces if not _REMARK.search(piece)]
    left = [piece for piece in pieces if _REMARK.search(piece)]
    if not left:
        return text, ""
    return "".join(kept).strip("；; "), "".join(left).strip("；;。 ")
