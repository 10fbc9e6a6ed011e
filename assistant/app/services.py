"""What the pages and endpoints share: one pipeline, one workspace, the running drafts, the shelf, the model's state."""

from __future__ import annotations

import html
import tempfile
import threading
from pathlib import Path
from typing import Any

from assistant.app import marks, starts
from assistant.app.jobs import Jobs
from assistant.app.notes_form import Form
from assistant.app.shelf import Shelf
from assistant.app.works import Desk
from assistant.errors import InputError, NigaoError
from assistant.pipeline import Pipeline
from assistant.records import DOC_TYPES
from assistant.settings import Settings
from assistant.workspace import Workspace

Json = dict[str, Any]


class Services:
    """Made once per app. Holds no state of a client."""

    def __init__(self, settings: Settings, pipeline: Pipeline) -> None:
        self.settings = settings
        self.pipeline = pipeline
        self.workspace = Workspace(settings.home)
        self.jobs = Jobs()
        self.shelf = Shelf(pipeline)
        self.desk = Desk(self.workspace, pipeline, self.jobs, pipeline.last_reports)
        self.model = ModelState(settings, pipeline)

    def warm(self) -> None:
        """Make ready in the background what the first search and the first draft would otherwise wait for."""
        self.model.warm()
        self.shelf.warm()
        threading.Thread(target=_read_rules, name="rules", daemon=True).start()

    def close(self) -> None:
        """Stop the runs, let go of library and model."""
        self.jobs.close()
        self.pipeline.close()

    # ---- beginning ---------------------------------------------------------------------------------------------

    def ways_to_start(self) -> Json:
        """What the start screen offers."""
        return {
            "skeletons": list(DOC_TYPES),
            "samples": [name for name, _ in starts.samples()],
            "reports": [{"id": r.document_id, "title": r.title, "year": r.year} for r in self.shelf.rows()],
        }

    def sample_form(self, name: str) -> Form:
        """A sample brief by name, the first one when no name is given."""
        for stem, path in starts.samples():
            if name in ("", stem):
                return starts.from_file(path)
        raise InputError("没有这份示例。请刷新页面后再选。")

    def outline_of_file(self, path: Path) -> Form:
        """An outline for this year from a report that is not in the library."""
        from assistant.ingest import read_document

        return starts.from_report(read_document(path))

    def last_year(self, owner: str, work_id: str) -> Json:
        """Last year's report, section by section, in the order of this year's headings; no title where there is none."""
        headings, brief, followed = self.desk.outline(owner, work_id)
        document = self.shelf.last_year(brief, followed)
        if document is None:
            return {"title": "", "sections": [None] * len(headings)}
        return {"title": document.title, "sections": starts.beside(document, headings)}

    def load_sample_library(self) -> Json:
        """Read the sample reports into the library."""
        report = self.shelf.take_samples()
        return {"documents": report.documents, "passages": report.passages}

    def status(self, user: str) -> Json:
        """Model and library in a few words, for the start screen and the head of the page."""
        library = self.shelf.status()
        return {
            "user": user,
            "model": self.model.view(),
            "library": {"documents": library.documents, "passages": library.passages} if library else None,
        }

    # ---- taking out --------------------------------------------------------------------------------------------

    def word(self, owner: str, work_id: str) -> tuple[str, bytes]:
        """The report as .docx: file name without suffix, and content."""
        from assistant.export import to_docx

        draft = self.desk.whole_draft(owner, work_id)
        with tempfile.TemporaryDirectory(prefix="nigao-word-") as folder:
            path = Path(folder) / "report.docx"
            to_docx(draft, path)
            return _file_name(draft.brief.title), path.read_bytes()

    def markdown(self, owner: str, work_id: str) -> tuple[str, bytes]:
        """The report as Markdown."""
        from assistant.export import to_markdown

        draft = self.desk.whole_draft(owner, work_id)
        return _file_name(draft.brief.title), to_markdown(draft).encode()

    def clipboard(self, owner: str, work_id: str) -> Json:
        """The report for the clipboard: headings and paragraphs with their formats, and plain text."""
        draft = self.desk.whole_draft(owner, work_id)
        rich = [_rich(draft.brief.title, _TITLE)]
        plain = [draft.brief.title, ""]
        for section in draft.sections:
            rich.append(_rich(section.heading, _HEADINGS.get(section.level, _BODY)))
            rich += [_rich(line, _BODY) for line in section.text.split("\n") if line.strip()]
            plain += [section.heading, section.text]
        return {"html": "".join(rich), "text": "\n".join(plain)}

    def passage_context(self, owner: str, passage_id: str, work_id: str, index: int) -> Json:
        """A cited passage in its document, with what the section shares with it marked."""
        document, start, end = self.shelf.passage(passage_id)
        draft = ""
        if work_id:
            state = self.desk.state(owner, work_id)
            draft = next((s.get("text", "") for s in state["sections"] if s["index"] == index), "")
        return {"title": document.title, "name": document.name, "html": marks.context(document.text, start, end, draft)}


def _read_rules() -> None:
    """Words and patterns of the rules are read at their first use: write a section of a sample."""
    from assistant.brief import read_brief
    from assistant.generate import first_draft

    for _, path in starts.samples()[:1]:
        brief = read_brief(path)
        first_draft(brief.sections[0], brief)


_BODY = "font-family:仿宋_GB2312,仿宋;font-size:16pt;text-indent:2em;line-height:28.95pt;margin:0"
_TITLE = "font-family:方正小标宋简体,宋体;font-size:22pt;text-align:center;margin:0 0 16pt"
_HEADINGS = {1: _BODY.replace("仿宋_GB2312,仿宋", "黑体"), 2: _BODY.replace("仿宋_GB2312,仿宋", "楷体_GB2312,楷体")}


def _rich(text: str, style: str) -> str:
    return f'<p style="{html.escape(style)}">{marks.escape(text)}</p>'


def _file_name(title: str) -> str:
    return "".join(ch for ch in title if ch not in '\\/:*?"<>|\n\r\t').strip(". ")[:80] or "报告"


class ModelState:
    """Which model there is and whether it is ready; warms it up and fetches it in the background when asked."""

    def __init__(self, settings: Settings, pipeline: Pipeline) -> None:
        self._settings, self._pipeline = settings, pipeline
        self._lock = threading.Lock()
        self._busy: threading.Thread | None = None
        self._state, self._message, self._share = "cold", "", 0.0

    def view(self) -> Json:
        """Name, where it runs, state (missing, cold, fetching, warming, ready, failed), message, share fetched."""
        state = "missing" if self._state == "cold" and not self.present else self._state
        where = "本机内置，离线运行" if self._settings.uses_embedded_model else self._settings.llm_base_url
        return {
            "name": self._settings.llm_model,
            "where": where,
            "state": state,
            "message": self._message,
            "share": round(self._share, 3),
        }

    @property
    def present(self) -> bool:
        """Whether the model can be started: its file is here, or an endpoint or a ready model is configured."""
        if self._pipeline.has_model or not self._settings.uses_embedded_model:
            return True
        from assistant.model_files import model_file

        try:
            model_file(self._settings)
        except NigaoError:
            return False
        return True

    def warm(self) -> None:
        """Start the model in the background, so that the first draft does not wait for it."""
        if self._pipeline.has_model:
            self._state = "ready"
        elif self.present:
            self._do(self._warm)

    def fetch(self) -> None:
        """Get the embedded model's file in the background, then start it."""
        self._do(self._fetch)

    def test(self) -> str:
        """Ask the model for one word; what it answered, with the time it took."""
        from assistant.llm import Message

        reply = self._pipeline.model.complete([Message("user", "只回答“好”。")], max_tokens=8, temperature=0.0)
        self._state, self._message = "ready", ""
        return f"模型应答正常：“{reply.text.strip()}”，用时 {reply.seconds:.1f} 秒。"

    def _do(self, work: Any) -> None:
        with self._lock:
            if self._busy is None or not self._busy.is_alive():
                self._busy = threading.Thread(target=self._guarded, args=(work,), name="model", daemon=True)
                self._busy.start()

    def _guarded(self, work: Any) -> None:
        try:
            work()
        except NigaoError as error:
            self._state, self._message = "failed", str(error)

    def _warm(self) -> None:
        self._state, self._message = "warming", ""
        self.test()

    def _fetch(self) -> None:
        from assistant.model_fetch import pull

        self._state, self._message = "fetching", ""
        pull(self._settings.llm_model, self._settings, self._progress)
        self._warm()

    def _progress(self, done: int, total: int, what: str) -> None:
        self._share, self._message = (done / total if total else 0.0), what
