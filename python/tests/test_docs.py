"""What the documents show of Python runs and prints that; so do the examples."""

import contextlib
import io
import re
import runpy
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MANUAL = ROOT / "docs" / "python.md"
EXAMPLES = sorted((ROOT / "python" / "examples").glob("*.py"))


@pytest.fixture
def fresh_folder(tmp_path, monkeypatch):
    """A folder as a reader has it: with scenarios, without results."""
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def blocks(text):
    """Fenced blocks: language, body, line."""
    for block in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.S | re.M):
        yield block[1], block[2], text.count("\n", 0, block.start()) + 2


def words(text):
    return [" ".join(line.split()) for line in text.splitlines()]


@pytest.mark.parametrize("document", ["README.md", "docs/python.md"])
def test_documents_run_and_print_what_they_show(document, fresh_folder):
    names, printed, run = {"__name__": "__main__"}, None, 0
    for language, body, line in blocks((ROOT / document).read_text(encoding="utf-8")):
        if language == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                # The numbers of lines are those of the document.
                exec(compile("\n" * (line - 1) + body, document, "exec"), names)
            printed, run = out.getvalue(), run + 1
            continue
        if language == "text" and printed is not None:
            missing = [shown for shown in words(body) if shown not in ("", "…") and shown not in words(printed)]
            assert not missing, f"{document}:{line} shows what is not printed:\n{printed}"
        printed = None
    assert run


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples_run_and_are_short(example, fresh_folder, capsys):
    code = [line for line in example.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(code) <= 20
    runpy.run_path(str(example), run_name="__main__")
    assert capsys.readouterr().out


def test_there_is_an_example():
    assert EXAMPLES


def test_every_public_name_is_explained():
    import allot

    text = MANUAL.read_text(encoding="utf-8")
    public = [name for name in allot.__all__ if not name.startswith("_")]
    for kind in (allot.Scenario, allot.Plan, allot.Table):
        public += [name for name in vars(kind) if not name.startswith("_")]
    assert [name for name in public if f"`{name}" not in text and f".{name}" not in text] == []
