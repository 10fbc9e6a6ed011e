"""The app as it is served, with whatever model the environment names: `real_server.py HOME PORT`."""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.app.server import serve
from assistant.settings import load_settings

if __name__ == "__main__":
    serve(load_settings(Path(sys.argv[1])), port=int(sys.argv[2]))
