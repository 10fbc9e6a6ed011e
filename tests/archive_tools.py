"""What the tests of library, retrieval and ingest share: a small embedder without a model, and reports to read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.settings import Settings

DIMENSION = 64


class HashEmbedder:
    """Vectors from the character bigrams of a text: texts that share words are near each other."""

    def __init__(self, name: str = "hash", dimension: int = DIMENSION) -> None:
        self.name, self.dimension = name, dimension
        self.texts = 0

    def passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.texts += len(texts)
        return np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)

    def query(self, text: str) -> npt.NDArray[np.float32]:
        return self._vector(text)

    def _vector(self, text: str) -> npt.NDArray[np.float32]:
        vector = np.full(self.dimension, 0.01, dtype=np.float32)
        for at in range(len(text) - 1):
            digest = hashlib.md5(text[at : at + 2].encode(), usedforsecurity=False).digest()
            vector[digest[0] % self.dimension] += 1
        return vector / np.linalg.norm(vector)


def report(unit: str, year: int, topic: str, problem: str) -> str:
    """A report with an opening, work on a topic, problems and plans."""
    return (
        f"{unit}{year}年工作总结\n"
        f"{year}年，在上级的坚强领导下，全体干部团结奋斗，较好完成了全年各项任务，工作取得明显成效。\n"
        f"一、主要工作\n"
        f"（一）{topic}。我们把{topic}摆在突出位置，制定方案，明确责任，逐项推进，{topic}工作迈上新台阶，群众普遍满意。\n"
        f"二、存在的问题\n"
        f"在肯定成绩的同时，我们也清醒地看到，工作中还存在一些问题：{problem}。\n"
        f"三、下一步打算\n"
        f"下一步，我们将坚持问题导向，持续用力，补齐短板，推动各项工作再上新台阶。\n"
    )


def write_reports(folder: Path) -> list[Path]:
    """Three reports of different units and years."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "青岭县2023年工作总结.txt": report("青岭县人民政府", 2023, "优化营商环境", "审批环节偏多，服务意识不强"),
        "白沙市2021年工作总结.txt": report("白沙市人民政府", 2021, "发展养老服务", "养老床位不足，护理人员短缺"),
        "临川区2018年工作总结.txt": report("临川区人民政府", 2018, "治理大气污染", "扬尘管控不严，监测点位偏少"),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())


def settings_in(home: Path, **changes: str) -> Settings:
    return Settings(home=home, models_dir=home / "models", **changes)
