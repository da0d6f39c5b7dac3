"""What is said of functions as values is the same in every run.

mypy's inference walks sets of types whose order is that of their addresses; so what it is left to
solve of a generic function, it may solve one way today and another way tomorrow.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from .judges import CONFIGURATION
from .project import Project

PROGRAMS = Path(__file__).parents[1] / "static"
RUNS = 4


def test_every_run_says_the_same(tmp_path: Path, mypy_cache: Path) -> None:
    cache = shutil.copytree(mypy_cache, tmp_path / "cache")
    project = Project(tmp_path)
    said = set()
    for run in range(RUNS):
        for kind in ("accept", "reject"):
            program = (PROGRAMS / kind / "higher_order.py").read_text()
            project.write(f"{kind}.py", f"{program}\n# run {run}\n")
        options = ["--config-file", str(CONFIGURATION), "--cache-dir", str(cache)]
        said.add(tuple(project.run("mypy", *options, "accept.py", "reject.py")))
    (lines,) = said
    programs = (PROGRAMS / "reject" / "higher_order.py").read_text()
    assert len(lines) == programs.count("# E: ")
    assert all(line.startswith("reject.py:") for line in lines)
