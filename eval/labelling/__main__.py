"""`python -m eval.labelling [--check]`: write the case files anew, or say which are not what their sources say.

Exit 0 all is well, 1 a file differs (with --check) or a source cannot be built.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping

from eval.labelling import CASES, CaseError, facts, fidelity, retrieval, review, sentences

Build = Callable[[], Mapping[str, str]]
BUILDS: tuple[Build, ...] = (facts.files, fidelity.files, retrieval.files, review.files, sentences.files)


def main(arguments: list[str]) -> int:
    """Write or check every file."""
    parser = argparse.ArgumentParser(prog="eval.labelling", description="build or check the case files")
    parser.add_argument("--check", action="store_true", help="compare only")
    check = parser.parse_args(arguments).check
    try:
        files = {name: content for build in BUILDS for name, content in build().items()}
    except CaseError as error:
        print(error, file=sys.stderr)
        return 1
    differing = [name for name, content in files.items() if read(name) != content]
    for name in differing:
        print(f"{name}: {'not what its source says' if check else 'written'}", file=sys.stderr)
        if not check:
            (CASES / name).parent.mkdir(exist_ok=True)
            (CASES / name).write_text(files[name], encoding="utf-8")
    return int(check and bool(differing))


def read(name: str) -> str | None:
    """The file as it is; None when there is none."""
    path = CASES / name
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
