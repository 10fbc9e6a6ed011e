"""The gate of the evaluation, as part of the tests: labelled cases and scripted models against the limits in its file."""

from __future__ import annotations

import pytest

from eval.__main__ import main


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_gate_is_met(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["gate", "--quiet"])
    assert code == 0, capsys.readouterr().out
