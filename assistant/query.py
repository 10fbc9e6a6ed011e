"""What a query asks for: its words, official terms for plain speech, functions of passages. Pure: knows no library."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.functions import asked_functions
from assistant.lexical import grams
from assistant.plain_speech import official_terms

Kind = Literal["topic", "paraphrase", "function", "section"]

TERM_WEIGHT = 0.2
"""Weight of the bigrams of added terms against those of the writer's own words."""
PARAPHRASE_LENGTH = 12
"""Characters from which a typed query is taken for a paraphrase; a topic is shorter."""

CARRIERS = re.compile(
    r"怎么写|怎样写|如何写|怎么说|怎么表述|如何表述|该怎么|写法|怎么列|的(?:完整)?(?:句子|句式|话|表述|段落|写法|说法|表态|开头|结尾|提法|例子|范例|语句|范文|内容)"
    r"|(?:句子|句式|表述|说法|提法|段落|范例|范文|小标题|过渡句|一段|写成|用词|措辞|请问|帮我|找一?下|有没有|有关|关于|方面|用|写)"
)
"""Words of a query that ask for writing rather than name a topic."""


GENRE = re.compile(
    r"开头|开篇|总述|概述|导语|总括|综述|开场白?|称呼|结尾|结束语|收尾|末尾|尾声|结语|最后一段|过渡|承上启下|承前启后|衔接"
    r"|排比|对仗|对偶|递进|比喻|修辞|引用|引经据典|古诗词?|诗词|诗句|警句|名言|典故|俗语|谚语|古语|金句"
    r"|名词解释|术语|注释|注解|附注|释义|分条|逐条|条目|列举|举例|罗列|一笔带过|句型|套话|表态|口号|号召|清单|回顾性"
)
"""Words that name a part or a device of a text. They tell the function; passages that have it do not say so."""

_RUN = re.compile(r"[一-鿿]+|[A-Za-z][A-Za-z0-9.+-]*")


@dataclass(frozen=True, slots=True)
class Query:
    """A query as understood. `text` is what the vectors see, `weights` what the text index looks for."""

    text: str
    kind: Kind
    weights: dict[int, float]
    terms: tuple[str, ...]
    functions: tuple[str, ...]


def understand(text: str) -> Query:
    """Understand a topic, a paraphrase in plain words, a heading with bullets, or a wish for a function.

    Headings with bullets come from the notes: they are in official language and name no function.
    """
    kind = _kind(text)
    terms = () if kind == "section" else official_terms(text)
    weights = dict.fromkeys(grams(_topic_words(text)).tolist(), 1.0)
    for term in terms:
        for code in grams(term).tolist():
            weights.setdefault(code, TERM_WEIGHT)
    return Query(text, kind, weights, terms, asked_functions(text))


def _kind(text: str) -> Kind:
    if "\n" in text.strip():
        return "section"
    if asked_functions(text):
        return "function"
    return "topic" if len("".join(text.split())) < PARAPHRASE_LENGTH else "paraphrase"


def _topic_words(query: str) -> str:
    """A query without the words that ask for writing; of one that is nothing else, a function may be all that is left."""
    function = _kind(query) == "function"
    rest = CARRIERS.sub(" ", GENRE.sub(" ", query) if function else query)
    return rest if function or len(re.sub(r"\W", "", rest)) >= 2 else query


def matched_spans(text: str, query: Query) -> tuple[tuple[int, int], ...]:
    """Stretches of a passage that it shares with the query or its added terms: two characters or more, or a word."""
    pairs, words = _wanted(query.text, query.terms)
    spans: list[tuple[int, int]] = []
    for start in range(len(text) - 1):
        if text[start : start + 2] in pairs:
            if spans and spans[-1][1] >= start:
                spans[-1] = (spans[-1][0], start + 2)
            else:
                spans.append((start, start + 2))
    if words:
        spans.extend(match.span() for match in _RUN.finditer(text) if match.group().lower() in words)
    return tuple(sorted(spans))


@lru_cache(maxsize=16)
def _wanted(query: str, terms: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Pairs of characters and Latin words of a query and of the terms added to it; the same for each of its hits."""
    pairs: set[str] = set()
    words: set[str] = set()
    for run in _RUN.findall(" ".join((_topic_words(query), *terms))):
        if run[0] < "一":
            words.add(run.lower())
        else:
            pairs.update(run[at : at + 2] for at in range(len(run) - 1))
    return frozenset(pairs), frozenset(words)
