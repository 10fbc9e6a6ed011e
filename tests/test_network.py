"""Nothing leaves the machine: the jobs run in a network namespace whose only way out is a wire that is listened to."""

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

# The destination and the beginning of every packet that takes the wire: a failure names who was called.
_LISTEN = """
import socket, threading, time
sent = []
def _listen():
    every_protocol = 3  # ETH_P_ALL: a socket for one protocol does not see what goes out
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(every_protocol))
    wire.bind(("out0", every_protocol))
    ready.set()
    while True:
        frame = wire.recv(2048)
        if frame[12:14] == b"\\x08\\x00":
            sent.append(f"{socket.inet_ntoa(frame[30:34])} {frame[34:134]!r}")
ready = threading.Event()
threading.Thread(target=_listen, daemon=True).start()
ready.wait()
"""

_CONTROL = (
    _LISTEN
    + """
try:
    socket.create_connection(("198.51.100.7", 80), timeout=1)
except OSError:
    pass
time.sleep(0.2)
print(len(sent))
"""
)

_JOBS = (
    _LISTEN
    + """
import json, sys
from dataclasses import replace
from pathlib import Path
from assistant.brief import read_brief
from assistant.pipeline import Pipeline
from assistant.settings import load_settings
root, home = Path(sys.argv[1]), Path(sys.argv[2])
pipeline = Pipeline(replace(load_settings(), home=home, llm_model="qwen2.5-coder-0.5b"))
report = pipeline.ingest([root / "data" / "reports"])
hits = pipeline.search("怎么写存在的问题")
brief = read_brief(sorted((root / "data" / "briefs").glob("03-*.md"))[0])
draft = pipeline.draft(brief, seed=1)
import httpx, uvicorn
from assistant.app.server import create_app
config = uvicorn.Config(create_app(pipeline.settings, pipeline), port=7999, loop="asyncio", log_level="error")
server = uvicorn.Server(config)
threading.Thread(target=server.run, daemon=True).start()
while not server.started:
    time.sleep(0.05)
page = httpx.get("http://127.0.0.1:7999/", trust_env=False, timeout=20)
server.should_exit = True
time.sleep(5)  # uploaders of libraries start late
print(json.dumps({
    "sent": sent, "documents": report.documents, "hits": len(hits),
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


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.usefixtures("wire")
def test_ingest_search_draft_and_app_send_nothing(root: Path, tmp_path: Path) -> None:
    result = json.loads(_in_namespace(_JOBS, str(root), str(tmp_path)))
    assert result["sent"] == []
    assert result["documents"] >= 8
    assert result["hits"]
    assert result["sections"]
    assert result["page"] == 200
