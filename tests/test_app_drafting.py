"""A run and the edits beside it: what is sent again, what a refused run leaves, what a failing disk leaves."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.app import works
from assistant.app.jobs import DraftJob, Jobs, Order, ended
from assistant.app.server import create_app
from assistant.app.works import Desk
from assistant.brief import parse_brief
from assistant.errors import ConflictError, NigaoError, StoreError
from assistant.pipeline import Pipeline
from assistant.records import DraftSection
from assistant.scripted import ScriptedModel
from assistant.settings import Settings
from assistant.workspace import Workspace

NOTES = "---\ntitle: 小结\nperiod: 2024年\n---\n## 一、督查\n- 专项督查19次，发通报11期\n## 二、热线\n- 受理诉求820件\n"
BRIEF = parse_brief(NOTES)
HOME = "http://127.0.0.1:7860"
Event = dict[str, object]


def pipeline(home: Path, delay: float = 0.0) -> Pipeline:
    model = ScriptedModel(lambda _: "工作有序推进。" * 20, delay=delay)
    return Pipeline(Settings(home=home, models_dir=home), model)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def desk_with(workspace: Workspace, tmp_path: Path) -> Callable[..., Desk]:
    """A desk with so many places, a slow model, and one work whose two sections have text."""

    def make(places: int = 4) -> Desk:
        return Desk(workspace, pipeline(tmp_path, 0.05), Jobs(places), lambda brief: [])

    return make


@pytest.fixture
def work_id(workspace: Workspace) -> str:
    work = workspace.create("local", "小结", NOTES)
    old = [DraftSection(s.heading, s.path, s.level, f"{s.heading}旧稿。") for s in BRIEF.sections]
    workspace.save_sections("local", work.work_id, old)
    return work.work_id


def texts(workspace: Workspace, work_id: str) -> list[str]:
    return [section.text for section in workspace.sections("local", work_id).values()]


# ---- what a page is sent


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(home=tmp_path, models_dir=tmp_path)
    with TestClient(create_app(settings, pipeline(tmp_path)), base_url=HOME) as made:
        yield made


def heard(client: TestClient, path: str, last: str = "") -> list[tuple[str, Event]]:
    """The stream until its end: the id and the content of each event."""
    stream = client.get(f"{path}/events", headers={"last-event-id": last} if last else {}).text
    blocks = [dict(line.split(": ", 1) for line in block.splitlines()) for block in stream.split("\n\n") if block]
    return [(block.get("id", ""), json.loads(block["data"])) for block in blocks]


def test_a_page_that_lost_the_line_hears_only_what_it_missed(client: TestClient) -> None:
    path = f"/app/works/{client.post('/app/works', json={'how': 'paste', 'text': NOTES}).json()['id']}"
    client.post(f"{path}/draft", json={})
    first = heard(client, path)
    assert [event["n"] for _, event in first] == list(range(1, len(first) + 1))
    assert heard(client, path, first[2][0]) == first[3:]
    client.post(f"{path}/draft", json={"fresh": True})
    second = heard(client, path, first[2][0])
    assert [event["n"] for _, event in second] == list(range(1, len(second) + 1))


def test_a_page_that_was_loaded_anew_hears_of_sections_as_they_were_edited(client: TestClient) -> None:
    path = f"/app/works/{client.post('/app/works', json={'how': 'paste', 'text': NOTES}).json()['id']}"
    client.post(f"{path}/draft", json={})
    views = [event["view"] for _, event in heard(client, path) if event["kind"] == "section_done"]
    base = next(view["digest"] for view in views if view["index"] == 0)  # type: ignore[index]
    edited = client.put(f"{path}/sections", json={"index": 0, "text": "专项督查91次。", "base": base}).json()
    key = next(finding["key"] for finding in edited["findings"] if finding["draft"])
    client.post(f"{path}/decisions", json={"key": key, "decision": "忽略"})
    now = {event["section"]: event["view"] for _, event in heard(client, path) if event["kind"] == "section_done"}
    assert now == {view["index"]: view for view in client.get(path).json()["sections"]}
    assert now[0]["text"] == "专项督查91次。"  # type: ignore[index]


# ---- a run that is refused


def test_a_refused_rewriting_leaves_everything(
    desk_with: Callable[..., Desk], workspace: Workspace, work_id: str
) -> None:
    before = texts(workspace, work_id)
    with pytest.raises(NigaoError, match="太多"):
        desk_with(places=0).draft("local", work_id, fresh=True)
    assert texts(workspace, work_id) == before
    assert workspace.versions("local", work_id) == []


@pytest.mark.parametrize("order", [{"fresh": True}, {"index": 1}])
def test_a_second_tab_cannot_begin_a_rewriting_during_a_run(
    desk_with: Callable[..., Desk], workspace: Workspace, work_id: str, order: dict[str, object]
) -> None:
    desk, before = desk_with(), texts(workspace, work_id)
    desk.draft("local", work_id, index=0)
    with pytest.raises(ConflictError, match="正在起草"):
        desk.draft("local", work_id, **order)  # type: ignore[arg-type]
    assert desk.draft("local", work_id) == {"running": True}
    desk.cancel("local", work_id)
    assert texts(workspace, work_id) == before
    assert len(workspace.versions("local", work_id)) == 1


# ---- a disk that fails


class Failing(Workspace):
    """A workspace that refuses the first `left` writings of sections."""

    left = 0

    def save_sections(self, owner: str, work_id: str, sections: Sequence[DraftSection]) -> None:
        if self.left:
            self.left -= 1
            raise StoreError("保存工作区失败：磁盘已满。")
        super().save_sections(owner, work_id, sections)


def run_on(workspace: Failing, home: Path, jobs: Jobs) -> DraftJob:
    work = workspace.create("local", "小结", NOTES)
    order = Order("local", work.work_id, BRIEF)
    return jobs.start(DraftJob(order, pipeline(home), workspace))


def test_a_run_that_cannot_store_anything_ends_and_gives_its_place_back(tmp_path: Path) -> None:
    workspace, jobs = Failing(tmp_path), Jobs(limit=1)
    workspace.left = 100
    job = run_on(workspace, tmp_path, jobs)
    assert job.over.wait(10)
    assert ended(job)
    assert job.events[-1]["kind"] == "failed"
    assert "磁盘已满" in job.events[-1]["message"]
    workspace.left = 0
    again = run_on(workspace, tmp_path, jobs)
    assert again.over.wait(10)
    assert again.events[-1]["kind"] == "done"


def test_cancelling_ends_a_run_that_cannot_store(tmp_path: Path) -> None:
    workspace = Failing(tmp_path)
    workspace.left = 100
    work = workspace.create("local", "小结", NOTES)
    job = DraftJob(Order("local", work.work_id, BRIEF), pipeline(tmp_path, 0.05), workspace)
    job.start()
    while not job.events:
        assert not job.over.wait(0.01)
    job.cancel()
    job.join(10)
    assert job.over.is_set()
    assert (job.events[-1]["kind"], "磁盘已满" in job.events[-1]["message"]) == ("failed", True)


def test_a_section_that_could_not_be_stored_is_kept_as_it_stood(tmp_path: Path) -> None:
    workspace = Failing(tmp_path)
    workspace.left = 1
    job = run_on(workspace, tmp_path, Jobs())
    assert job.over.wait(10)
    kept = workspace.sections("local", job.order.work_id)
    assert set(kept) == {section.path for section in BRIEF.sections}
    assert "unfinished" in {finding.kind for finding in kept[BRIEF.sections[0].path].findings}
    assert "19次" in kept[BRIEF.sections[0].path].text


# ---- edits


def test_checking_one_edit_holds_up_no_other(
    desk_with: Callable[..., Desk], workspace: Workspace, work_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2, timeout=5)
    monkeypatch.setattr(works, "recheck", lambda *_: (both.wait(), ())[1])
    desk, views = desk_with(), desk_with().state("local", work_id)["sections"]
    saving = [
        threading.Thread(target=desk.save_section, args=("local", work_id, i, f"改{i}。", views[i]["digest"]))
        for i in (0, 1)
    ]
    for thread in saving:
        thread.start()
    for thread in saving:
        thread.join(10)
    assert texts(workspace, work_id) == ["改0。", "改1。"]


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("工作有序推进", "工作有序推进。"),
        ("工作有序推进，\n", "工作有序推进。"),
        ("工作有序推进！", "工作有序推进！"),
        ("要求“件件有回音。”", "要求“件件有回音。”"),
        ("要求“件件有回音”", "要求“件件有回音”。"),
        ("", ""),
    ],
)
def test_what_is_put_back_begins_a_sentence(
    desk_with: Callable[..., Desk], workspace: Workspace, work_id: str, text: str, joined: str
) -> None:
    desk = desk_with()
    path = BRIEF.sections[1].path
    left_out = desk.check_section("local", work_id, 1, "工作有序推进")["findings"]
    key = next(finding["key"] for finding in left_out if finding["kind"] == "dropped")
    blank = DraftSection(path[-1], path, 1, text, findings=findings_of(desk, work_id))
    workspace.save_section("local", work_id, blank)
    assert desk.insert_point("local", work_id, 1, key)["text"] == joined + "受理诉求820件。"


def findings_of(desk: Desk, work_id: str) -> tuple[works.Finding, ...]:
    return works.recheck(desk._pipeline, BRIEF, BRIEF.sections[1], "工作有序推进")
