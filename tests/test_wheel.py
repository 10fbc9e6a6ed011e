"""The built wheel is complete: installed elsewhere, without this checkout, it drafts a report."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

_DRAFT = """
import json, sys
from dataclasses import replace
from pathlib import Path
import assistant
from assistant.brief import parse_brief
from assistant.pipeline import Pipeline
from assistant.resources import resource_dir
from assistant.scripted import ScriptedModel
from assistant.settings import load_settings
brief = parse_brief("---\\ntitle: 总结\\n---\\n## 一、情况\\n- 培训干部120人\\n")
pipeline = Pipeline(replace(load_settings(), home=Path(sys.argv[1])), ScriptedModel(lambda messages: ""))
draft = pipeline.draft(brief)
print(json.dumps({
    "package": assistant.__file__, "text": draft.sections[0].text,
    "samples": len(list((resource_dir("data") / "reports").iterdir())),
}))
"""


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(root)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))


def test_wheel_carries_prompts_and_samples(wheel: Path, root: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for prompt in (root / "prompts").glob("*.md"):
        assert f"assistant/bundled/prompts/{prompt.name}" in names
    assert any(name.startswith("assistant/bundled/data/reports/") for name in names)
    assert not any(name.startswith(("tests/", "shared/")) for name in names)


def test_installed_wheel_drafts(wheel: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean"
    venv.create(clean, with_pip=False)
    python = clean / "bin" / "python"
    site = next((clean / "lib").glob("python*/site-packages"))
    # The dependencies are shared as a plain path, so that the editable install of this checkout is not among them.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    run = [str(python), "-c", _DRAFT, str(tmp_path / "home")]
    done = subprocess.run(run, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.strip().splitlines()[-1])
    assert Path(result["package"]).is_relative_to(clean)
    assert "120人" in result["text"]
    assert result["samples"] >= 8
