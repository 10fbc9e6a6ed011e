"""Fixtures shared by all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real reports and benchmarks beside the repository; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared (real reports and benchmarks) is not on this machine")
    return SHARED


@pytest.fixture(scope="session")
def corpus(shared: Path) -> list[Path]:
    """The texts of the real reports; never none, so that a test over all of them cannot pass by reading nothing."""
    found = sorted((shared / "corpus" / "txt").glob("*.txt"))
    assert found
    return found


@pytest.fixture(scope="session")
def originals(shared: Path) -> list[Path]:
    """The files that some of the real reports came in; never none."""
    found = sorted((shared / "corpus" / "originals").rglob("*.*"))
    assert found
    return found


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT
