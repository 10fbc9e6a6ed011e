"""Images of pages -> lines, by the optional package rapidocr, whose wheel carries its Chinese models. Door to rapidocr.

Nothing is downloaded: the models named here lie in the package.
"""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache
from typing import TYPE_CHECKING, Any

from assistant.ingest.pages import Line, Page, in_reading_order

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LEAST_SCORE = 0.5


def is_installed() -> bool:
    """Whether text recognition can be used here; does not load it."""
    return importlib.util.find_spec("rapidocr") is not None


def recognise(image: NDArray[np.uint8], width: float, height: float) -> Page:
    """Read a page image.

    Args:
        image: height × width × 3, BGR.
        width, height: of the page, in pixels of the image.
    """
    output: Any = _engine()(image)
    if output is None or getattr(output, "txts", None) is None:
        return Page((), width, height)
    lines = []
    for corners, text, score in zip(output.boxes, output.txts, output.scores, strict=True):
        xs, ys = [float(x) for x, _ in corners], [float(y) for _, y in corners]
        if score >= _LEAST_SCORE and text.strip():
            lines.append(Line(text.strip(), min(xs), min(ys), max(xs), max(ys), max(ys) - min(ys)))
    return Page(tuple(in_reading_order(lines, width)), width, height)


@cache
def _engine() -> Any:
    rapidocr = importlib.import_module("rapidocr")
    return rapidocr.RapidOCR(params={"Global.log_level": "error"})
