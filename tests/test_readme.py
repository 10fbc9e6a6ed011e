"""The map in the README shows the package as it is."""

from __future__ import annotations

import re
from pathlib import Path


def test_tree_names_every_module_and_nothing_else(root: Path) -> None:
    tree = re.search(r"## The tree\n\n```\n(.*?)```", (root / "README.md").read_text(encoding="utf-8"), re.S)
    assert tree is not None
    shown = {line.split()[0].rstrip("/") for line in tree[1].splitlines() if line.startswith("  ")}
    package = root / "assistant"
    there = {path.name for path in package.glob("*.py")} | {path.parent.name for path in package.glob("*/__init__.py")}
    assert shown == there - {"__init__.py"}


def test_evaluation_names_every_module(root: Path) -> None:
    told = (root / "eval" / "README.md").read_text(encoding="utf-8")
    modules = [path.name for path in (root / "eval").glob("*.py") if not path.name.startswith("__")]
    assert modules
    assert [name for name in modules if f"`{name}`" not in told] == []


def test_every_picture_and_link_exists(root: Path) -> None:
    for name in ("README.md", "README.zh-CN.md"):
        text = (root / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (root / target).exists(), f"{name}: {target}"


def test_every_environment_variable_is_documented(root: Path) -> None:
    name = re.compile(r"\bNIGAO_[A-Z_]*[A-Z]\b(?!_)")
    read = {found for path in (root / "assistant").rglob("*.py") for found in name.findall(path.read_text("utf-8"))}
    told = set(name.findall((root / "README.md").read_text("utf-8")))
    assert {"NIGAO_HOME", "NIGAO_LLM_BASE_URL"} <= read
    assert read - told == set()
