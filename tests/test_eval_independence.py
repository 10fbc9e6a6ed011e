"""The scorer must not share code with what it scores: nothing of `assistant` may be loaded by it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SCORING = Path(__file__).resolve().parent.parent / "eval" / "scoring"
MODULES = sorted(path.stem for path in SCORING.glob("*.py") if path.stem != "__init__")
ALLOWED = {"__future__", *sys.stdlib_module_names}


def imported(path: Path) -> set[str]:
    """Names of all modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("name", MODULES)
def test_scoring_imports_only_itself_and_the_standard_library(name: str) -> None:
    foreign = {
        module
        for module in imported(SCORING / f"{name}.py")
        if module.split(".")[0] not in ALLOWED and not module.startswith("eval.scoring")
    }
    assert foreign == set()


def test_the_rule_would_notice_the_recogniser(tmp_path: Path) -> None:
    cheat = tmp_path / "cheat.py"
    cheat.write_text("def f():\n    from assistant.figures import recognise\n", encoding="utf-8")
    assert imported(cheat) == {"assistant.figures"}


def test_loading_the_scorer_loads_nothing_of_the_product() -> None:
    code = "import sys, eval.scoring.draft, eval.scoring.findings; print([m for m in sys.modules if m.startswith('assistant')])"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=SCORING.parents[1]
    )
    assert run.stdout.strip() == "[]"
