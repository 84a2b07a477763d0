"""Data climbs, wishes come down: import-linter's contracts, no cycle at all, and tops that nobody imports.

Imports inside functions and for type checkers count like any other.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("weihai_command", "widgets", "layers", "resources")
# The packages of design.md section 2; every other module right under weihai_command puts parts together.
BELOW_THE_TOP = {"boards", "operations", "sync", "drill", "feeds", "store", "domain"}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, cache_dir=None)


def cycles(edges: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that reach one another (Tarjan's algorithm, without recursion)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []
    for start in edges:
        work = [(start, iter(sorted(edges[start])))] if start not in number else []
        if work:
            number[start] = low[start] = len(number)
            stack.append(start)
        while work:
            node, targets = work[-1]
            step = next(targets, None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    cut = stack.index(node)
                    found += [sorted(stack[cut:])] if len(stack) - cut > 1 else []
                    del stack[cut:]
            elif step not in number:
                number[step] = low[step] = len(number)
                stack.append(step)
                work.append((step, iter(sorted(edges.get(step, ())))))
            elif step in stack:
                low[node] = min(low[node], number[step])
    return found


def is_top(module: str) -> bool:
    """Whether a module is one of those that know everyone: app, cli, doctor …"""
    first, _, rest = module.partition(".")
    return first == "weihai_command" and bool(rest) and rest.split(".")[0] not in BELOW_THE_TOP


def test_contracts() -> None:
    command = "from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run([sys.executable, "-c", command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "KEPT" in done.stdout


def edges_of(graph: grimp.ImportGraph) -> dict[str, set[str]]:
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def test_no_cycle(graph: grimp.ImportGraph) -> None:
    assert len(graph.modules) > 20
    assert cycles(edges_of(graph)) == []


def test_tops_are_known_by_no_one(graph: grimp.ImportGraph) -> None:
    wrong = [
        f"{importer} imports {module}"
        for module in graph.modules
        if is_top(module)
        for importer in graph.find_modules_that_directly_import(module)
        if not is_top(importer) and importer != "weihai_command"
    ]
    assert not wrong, "\n".join(sorted(wrong))


def test_resources_hold_no_code() -> None:
    code = [path.relative_to(ROOT).as_posix() for path in (ROOT / "resources").rglob("*.py")]
    assert code == ["resources/__init__.py"]


def test_cycles_are_found() -> None:
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
    assert cycles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_imports_inside_functions_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "lazy_house"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "one.py").write_text("def late():\n    from lazy_house import two\n    return two\n", encoding="utf-8")
    (folder / "two.py").write_text("from .one import late\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert cycles(edges_of(grimp.build_graph("lazy_house", cache_dir=None))) == [["lazy_house.one", "lazy_house.two"]]
