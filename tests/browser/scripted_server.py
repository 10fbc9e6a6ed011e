"""The app with a scripted model, as a process of its own: `scripted_server.py HOME PORT [DELAY] [WORDS]`.

The model repeats the notes that it is shown, line by line, each with WORDS after it (hostile ones, say).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from assistant.app.server import create_app
from assistant.llm import Message
from assistant.pipeline import Pipeline
from assistant.scripted import ScriptedModel
from assistant.settings import Settings


def main() -> None:
    home, port = Path(sys.argv[1]), int(sys.argv[2])
    delay = float(sys.argv[3]) if len(sys.argv) > 3 else 0.0
    words = sys.argv[4] if len(sys.argv) > 4 else "相关工作有序开展"

    def reply(messages: Sequence[Message]) -> str:
        asked = messages[-1].content
        if "原句：" in asked:
            return asked.rpartition("原句：")[2].strip().replace("搞了", "开展了").replace("很不错", "较为明显")
        notes = re.findall(r"^(\d+)\. (?:要点：)?(.+)$", asked.rpartition("要点：\n")[2], re.MULTILINE)
        return "\n".join(f"{number}. {text.rstrip('。；')}，{words}。" for number, text in notes)

    settings = Settings(home=home, models_dir=home / "models")
    model = ScriptedModel(reply, parallel=2, delay=delay)
    app = create_app(settings, Pipeline(settings, model))
    uvicorn.run(app, host="127.0.0.1", port=port, loop="asyncio", log_level="error")


if __name__ == "__main__":
    main()
