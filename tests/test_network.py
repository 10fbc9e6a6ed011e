"""Nothing leaves the machine: the jobs run in a network namespace whose only way out is a wire that counts packets."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_WIRE = """
set -e
ip link set lo up
ip link add out0 type veth peer name far0
for name in out0 far0; do echo 1 > /proc/sys/net/ipv6/conf/$name/disable_ipv6 2>/dev/null || true; done
ip addr add 192.0.2.1/24 dev out0
ip link set far0 up
ip link set out0 arp off up
ip route add default via 192.0.2.2 dev out0
exec "$@"
"""

_COUNT = """
def packets():
    lines = open("/proc/net/dev").read().splitlines()
    return next(int(line.split(":")[1].split()[9]) for line in lines if line.strip().startswith("out0:"))
"""

_CONTROL = (
    _COUNT
    + """
import socket
before = packets()
try:
    socket.create_connection(("198.51.100.7", 80), timeout=1)
except OSError:
    pass
print(packets() - before)
"""
)

_IDLE = _COUNT + "\nimport time\nbefore = packets()\ntime.sleep(8)\nprint(packets() - before)\n"

_JOBS = (
    _COUNT
    + """
import json, sys
from dataclasses import replace
from pathlib import Path
from assistant.brief import read_brief
from assistant.pipeline import Pipeline
from assistant.settings import load_settings
root, home = Path(sys.argv[1]), Path(sys.argv[2])
before = packets()
pipeline = Pipeline(replace(load_settings(), home=home, llm_model="qwen2.5-coder-0.5b"))
report = pipeline.ingest([root / "data" / "reports"])
hits = pipeline.search("怎么写存在的问题")
brief = read_brief(sorted((root / "data" / "briefs").glob("03-*.md"))[0])
draft = pipeline.draft(brief, seed=1)
import httpx, threading, time, uvicorn
from assistant.app.server import create_app
config = uvicorn.Config(create_app(pipeline.settings, pipeline), port=7999, loop="asyncio", log_level="error")
server = uvicorn.Server(config)
threading.Thread(target=server.run, daemon=True).start()
while not server.started:
    time.sleep(0.05)
page = httpx.get("http://127.0.0.1:7999/", trust_env=False, timeout=20)
server.should_exit = True
time.sleep(1)
print(json.dumps({
    "packets": packets() - before, "documents": report.documents, "hits": len(hits),
    "sections": len(draft.sections), "page": page.status_code,
}))
"""
)


def _in_namespace(script: str, *arguments: str) -> str:
    command = ["unshare", "-n", "bash", "-c", _WIRE, "wire", sys.executable, "-W", "ignore", "-c", script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, env=dict(os.environ), check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def wire() -> None:
    if not (shutil.which("unshare") and shutil.which("ip")):
        pytest.skip("needs unshare and ip to make a network namespace")
    try:
        sent = int(_in_namespace(_CONTROL))
    except AssertionError as error:
        pytest.skip(f"no network namespace here: {error}")
    if not sent:
        pytest.skip("the wire does not notice a connection attempt here, so the test below would prove nothing")
    if int(_in_namespace(_IDLE)):
        pytest.skip("the kernel itself sends packets on the wire here")


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.usefixtures("wire")
def test_ingest_search_draft_and_app_send_nothing(root: Path, tmp_path: Path) -> None:
    result = json.loads(_in_namespace(_JOBS, str(root), str(tmp_path)))
    assert result["packets"] == 0
    assert result["documents"] >= 8
    assert result["hits"]
    assert result["sections"]
    assert result["page"] == 200
