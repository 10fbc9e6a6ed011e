"""One-to-one assignment of draft figures to note figures with the greatest total score. Pure Python."""

from __future__ import annotations

from collections.abc import Mapping

_EXACT_LIMIT = 48


def assign(scores: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """Left index -> right index, maximising the sum of `scores`; pairs without a score are never made.

    Each connected part is solved exactly up to a size; larger ones greedily by falling score.
    """
    result: dict[int, int] = {}
    for part in _parts(scores):
        left = sorted({i for i, _ in part})
        right = sorted({j for _, j in part})
        if len(left) == 1 or len(right) == 1:
            best = max(part, key=lambda pair: scores[pair])
            result[best[0]] = best[1]
        elif max(len(left), len(right)) <= _EXACT_LIMIT:
            result.update(_hungarian(left, right, scores))
        else:
            result.update(_greedy(part, scores))
    return result


def _parts(scores: Mapping[tuple[int, int], float]) -> list[list[tuple[int, int]]]:
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for i, j in scores:
        parent[root(("l", i))] = root(("r", j))
    groups: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for pair in scores:
        groups.setdefault(root(("l", pair[0])), []).append(pair)
    return list(groups.values())


def _greedy(part: list[tuple[int, int]], scores: Mapping[tuple[int, int], float]) -> dict[int, int]:
    taken: set[int] = set()
    result: dict[int, int] = {}
    for i, j in sorted(part, key=lambda pair: (-scores[pair], pair)):
        if i not in result and j not in taken:
            result[i] = j
            taken.add(j)
    return result


def _hungarian(left: list[int], right: list[int], scores: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """Shortest augmenting paths with potentials; missing pairs cost 0 and are dropped from the result."""
    size = max(len(left), len(right))
    cost = [
        [-scores.get((left[i], right[j]), 0.0) if i < len(left) and j < len(right) else 0.0 for j in range(size)]
        for i in range(size)
    ]
    match = _solve(cost, size)
    pairs = {}
    for j, i in enumerate(match):
        if i < len(left) and j < len(right) and (left[i], right[j]) in scores:
            pairs[left[i]] = right[j]
    return pairs


def _solve(cost: list[list[float]], size: int) -> list[int]:
    rows, columns = [0.0] * (size + 1), [0.0] * (size + 1)
    match, way = [0] * (size + 1), [0] * (size + 1)
    for i in range(1, size + 1):
        match[0], j0 = i, 0
        slack, used = [float("inf")] * (size + 1), [False] * (size + 1)
        while True:
            used[j0] = True
            i0, delta, j1 = match[j0], float("inf"), 0
            row, base = cost[i0 - 1], rows[i0]
            for j in range(1, size + 1):
                if used[j]:
                    continue
                reduced = row[j - 1] - base - columns[j]
                if reduced < slack[j]:
                    slack[j], way[j] = reduced, j0
                if slack[j] < delta:
                    delta, j1 = slack[j], j
            for j in range(size + 1):
                if used[j]:
                    rows[match[j]] += delta
                    columns[j] -= delta
                else:
                    slack[j] -= delta
            j0 = j1
            if match[j0] == 0:
                break
        while j0:
            match[j0] = match[way[j0]]
            j0 = way[j0]
    return [match[j] - 1 for j in range(1, size + 1)]
