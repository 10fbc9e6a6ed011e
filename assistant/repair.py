"""When a sentence is wrong it gives way to the writer's own words; when a text is too long, phrases go, never facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.plan import Plan, Unit
from assistant.records import Finding, length_of


def own_words(
    plan: Plan, sentences: Sequence[str], check: Callable[[Sequence[str]], list[Finding]]
) -> tuple[list[str], int]:
    """Replace sentences step by step until no error is left or nothing is left to replace.

    First the sentence made by rules with stock phrases, then the bare clause, then the bullet as typed. A replacement
    stays only where it lowers the number of errors.

    Args:
        plan: the section.
        sentences: one for each unit.
        check: findings for a list of sentences.

    Returns:
        the sentences, and how many of them are replacements.
    """
    best = list(sentences)
    errors = _errors(check(best))
    for make in (_stock, _bare, _typed):
        for index, unit in enumerate(plan.units):
            if not errors:
                break
            if make is _typed and _is_shared(plan, unit):
                continue
            candidate = [*best[:index], make(unit), *best[index + 1 :]]
            if candidate[index] == best[index]:
                continue
            count = _errors(check(candidate))
            if count < errors:
                best, errors = candidate, count
    return best, sum(one != other for one, other in zip(best, sentences, strict=True))


def _errors(findings: Sequence[Finding]) -> int:
    return sum(finding.severity == "error" for finding in findings)


def _stock(unit: Unit) -> str:
    return unit.default


def _bare(unit: Unit) -> str:
    return unit.sentence("", [])


def _typed(unit: Unit) -> str:
    return "；".join(point.text.rstrip("。；") for point in unit.points) + "。"


def _is_shared(plan: Plan, unit: Unit) -> bool:
    """Whether another unit carries a bullet of this one: the bullet as typed would say the other's part twice."""
    return any(other is not unit and set(other.points) & set(unit.points) for other in plan.units)


def trim(plan: Plan, sentences: Sequence[str], assemble: Callable[[Sequence[str]], str]) -> list[str]:
    """Take stock phrases off, from the last sentence up, while the text is over its target by more than a fifth."""
    target = plan.section.target_length
    result = list(sentences)
    for index in reversed(range(len(result))):
        if not target or length_of(assemble(result)) <= 1.18 * target:
            break
        unit = plan.units[index]
        if unit.own and result[index] == unit.default and unit.tails:
            lead = unit.lead.text if unit.lead else ""
            result[index] = unit.sentence(lead, [tail.text for tail in unit.tails[:-1]])
    return result
