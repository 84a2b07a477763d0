"""No file over 400 lines, no function over 50, no class over 25 methods. style.md says what to aim for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLACES = ("weihai_command", "widgets", "layers", "resources", "tests")
FILE, FUNCTION, CLASS = 400, 50, 25


def sources(*endings: str) -> list[Path]:
    found = [path for place in PLACES for path in (ROOT / place).rglob("*") if path.suffix in endings]
    return sorted(path for path in [*found, ROOT / "build_installer.py"] if path.suffix in endings)


def too_long(text: str) -> bool:
    return len(text.splitlines()) > FILE


def faults_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION:
                yield f"{node.lineno}: function {node.name} has {length} lines"
        elif isinstance(node, ast.ClassDef):
            count = sum(isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) for part in node.body)
            if count > CLASS:
                yield f"{node.lineno}: class {node.name} has {count} methods"


def test_no_file_is_too_long() -> None:
    long = [f"{path.relative_to(ROOT)}" for path in sources(".py", ".js", ".css", ".html") if too_long(path.read_text(encoding="utf-8"))]
    assert not long, f"over {FILE} lines: {long}"


def test_no_function_or_class_is_too_long() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{fault}" for path in sources(".py") for fault in faults_in(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not found, "\n".join(found)


def test_the_sources_are_seen() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in sources(".py")}
    assert {"build_installer.py", "weihai_command/doctor.py", "tests/conftest.py"} <= names


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("def f():\n" + "    x = 1\n" * 50, "function f has 51 lines"),
        ("class C:\n" + "".join(f"    def m{n}(self): ...\n" for n in range(26)), "class C has 26 methods"),
    ],
)
def test_the_measure_itself(text: str, fault: str) -> None:
    assert fault in " ".join(faults_in(ast.parse(text)))
    assert too_long("x\n" * 401)
    assert not too_long("x\n" * 400)
