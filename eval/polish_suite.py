"""Polishes real paragraphs and counts changed facts by plain string matching, independent of the program's checks.

python -m eval.polish_suite TEXT_DIR [--runs 50] [--start 0] [--model NAME]
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

_FACTS = (
    re.compile(r"\d[\d,.，]*\d|\d"),
    re.compile(r"[两一二三四五六七八九十百千万亿]{1,6}(?:年|个|项|次|家|成|倍|大|届|类|级)"),
    re.compile(r"[%％‰]|百分点|亿元|万元|公里|人次|万亩"),
    re.compile(r"《[^》]*》|“[^”]*”"),
    re.compile(r"增长|下降|减少|增加|同比"),
)


def paragraphs(folder: Path) -> Iterator[str]:
    """One paragraph with figures out of each document in turn, of 60 to 160 characters."""
    files = sorted(folder.glob("*.txt"))
    for turn in range(6):
        for path in files:
            lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
            fit = [line for line in lines if 60 <= len(line) <= 160 and re.search(r"\d", line) and line.endswith("。")]
            if len(fit) > turn:
                yield fit[(turn * 7) % len(fit)]


def facts(text: str) -> Counter[str]:
    """What must be the same before and after."""
    return Counter(found.rstrip(",.，") for rule in _FACTS for found in rule.findall(text))


def main(argv: Sequence[str]) -> int:
    """Run and print every paragraph whose facts differ."""
    parser = argparse.ArgumentParser(prog="eval.polish_suite")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--model", default=None)
    parser.add_argument("--seconds", type=float, default=250)
    options = parser.parse_args(argv)
    from assistant.llm import connect
    from assistant.polish import MODES, polish
    from assistant.settings import load_settings

    model = connect(load_settings(model=options.model))
    started, runs, changed, sentences, wrong, outside = time.monotonic(), 0, 0, 0, 0, 0
    for number, text in enumerate(paragraphs(options.folder)):
        if number < options.start:
            continue
        if runs >= options.runs or time.monotonic() - started > options.seconds:
            break
        result = polish(text, MODES[number % len(MODES)], "", model, seed=number)
        runs += 1
        changed += bool(result.changes)
        sentences += len(result.changes)
        rebuilt = result.accept(range(len(result.changes)))
        outside += rebuilt != result.after or result.accept([]) != text
        if facts(text) != facts(result.after):
            wrong += 1
            print(
                "FACTS",
                MODES[number % len(MODES)],
                facts(text) - facts(result.after),
                facts(result.after) - facts(text),
            )
            print("  ", text, "\n  ", result.after)
    print(
        f"runs {runs} from {options.start}, with changes {changed}, sentences changed {sentences}, facts changed {wrong}, "
        f"bytes outside changed {outside}, {time.monotonic() - started:.0f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
