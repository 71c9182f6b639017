"""Studies of many points on any executor.

A study is solved in chains of points (docs/sweep.md). Each chain is a task of plain values for a function of this
module, so that it can be sent to a thread, a process or another machine; whichever takes it, the rows are the same.
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from allot import _allot
from allot._allot import OpenStudy, Table

# Chains that are handed out at a time: enough for some hundred workers, and no more rows in memory than need be.
_WINDOW = 512

Begin = tuple[str, bytes] | None
Chain = tuple[str, list[tuple[str, str]]]


def sweep(
    study: str | os.PathLike[str] | Mapping[str, Any],
    executor: Executor | None = None,
    *,
    out: str | os.PathLike[str] | None = None,
) -> Table:
    """Solves every point of a study: one row a point, in their order (docs/sweep.md has the columns).

    study: a TOML file, or a dict of the same shape, whose paths are relative to the current folder.
    executor: any `concurrent.futures.Executor`, such as a Dask client's `get_executor()`; without one, a thread for
        each core. Workers elsewhere must see the study's files under the same path, unchanged.
    out: a folder for what is done, chain by chain. What is there already is not solved again.

    Raises `InputError` with everything that is wrong before anything is solved; `ChangedError` where a worker has
    other files or another version of allot.
    """
    opened, lines = _start(study, executor, out)
    rows = [row for chain in lines for row in chain.splitlines(keepends=True)]
    # Drawn points are near each other in a chain, not in their numbers.
    return opened.table("".join(sorted(rows, key=lambda row: json.loads(row)["point"])))


def sweep_chains(
    study: str | os.PathLike[str] | Mapping[str, Any],
    executor: Executor | None = None,
    *,
    out: str | os.PathLike[str] | None = None,
) -> Iterator[Table]:
    """The same in pieces, in the order in which they are solved, each as soon as it is there: for studies that are too
    large to be held at once, and for progress. In a piece are points near each other, which where they are drawn are
    not near in their numbers."""
    opened, lines = _start(study, executor, out)
    return (opened.table(chain) for chain in lines)


def _start(
    study: str | os.PathLike[str] | Mapping[str, Any], executor: Executor | None, out: str | os.PathLike[str] | None
) -> tuple[OpenStudy, Iterator[str]]:
    if isinstance(study, Mapping):
        text, file = _allot.study_text(json.dumps(study, allow_nan=False)), os.path.abspath("study")
    else:
        file = os.path.abspath(study)
        text = Path(file).read_text(encoding="utf-8")
    opened = OpenStudy(text, Path(file))
    store = _Store(Path(out)) if out is not None else None
    return opened, _chains(opened, (text, file, opened.key), executor, store)


class _Store:
    """A folder with what is done: `chains/<key>.ndjson` and `plans/<digest>.csv`. A name says what is in a file, so
    writing it twice is writing it once."""

    def __init__(self, folder: Path) -> None:
        self._chains, self._plans = folder / "chains", folder / "plans"
        for part in (self._chains, self._plans):
            part.mkdir(parents=True, exist_ok=True)

    def get(self, key: str) -> str | None:
        try:
            return (self._chains / f"{key}.ndjson").read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def put(self, key: str, chain: Chain) -> None:
        lines, plans = chain
        # The plans first: where there are rows, there are their plans.
        for digest, plan in plans:
            _write(self._plans / f"{digest}.csv", plan)
        _write(self._chains / f"{key}.ndjson", lines)


def _write(path: Path, text: str) -> None:
    if path.exists():
        return
    made, name = tempfile.mkstemp(prefix=".allot-", dir=path.parent)
    try:
        with open(made, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        # As an ordinary file would be made, not with a temporary file's private permissions.
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


# What is sent to workers: the text of the study, its file, and the key that both must have there too.
Sent = tuple[str, str, str]


def begin(sent: Sent) -> Begin:
    """Solves the base of a study."""
    return _allot.begin(*sent)


def run_chain(sent: Sent, number: int, beginning: Begin) -> Chain:
    """Solves a chain of a study."""
    chain = _allot.run_chain(*sent, number, beginning)
    assert chain is not None, "nobody cancelled it"
    return chain


def _chains(opened: OpenStudy, sent: Sent, executor: Executor | None, store: _Store | None) -> Iterator[str]:
    """The rows of each chain in order, as lines of JSON."""
    if executor is not None:
        yield from _work(opened, store, lambda: executor.submit(begin, sent).result(), _submitter(executor, sent))
        return
    cancel = _allot.Cancel()
    with ThreadPoolExecutor(os.cpu_count()) as own:
        try:
            yield from _work(
                opened,
                store,
                lambda: _allot.begin(*sent, cancel),
                lambda number, beginning: own.submit(_allot.run_chain, *sent, number, beginning, cancel),
            )
        finally:
            # Also when nobody wants the rest: threads cannot be left behind.
            cancel.set()
            own.shutdown(cancel_futures=True)


Submit = Callable[[int, Begin], "Future[Chain]"] | Callable[[int, Begin], "Future[Chain | None]"]


def _submitter(executor: Executor, sent: Sent) -> Submit:
    return lambda number, beginning: executor.submit(run_chain, sent, number, beginning)


def _work(opened: OpenStudy, store: _Store | None, start: Callable[[], Begin], submit: Submit) -> Iterator[str]:
    ready: dict[int, str] = {}
    running: dict[Future[Any], int] = {}
    beginning: Begin = None
    begun = False
    handed_out = 0
    try:
        for wanted in range(opened.chains):
            while wanted not in ready:
                while handed_out < opened.chains and len(running) + len(ready) < _WINDOW:
                    done = store.get(opened.chain_key(handed_out)) if store else None
                    if done is not None:
                        ready[handed_out] = done
                    else:
                        if not begun:
                            beginning, begun = start(), True
                        running[submit(handed_out, beginning)] = handed_out
                    handed_out += 1
                if wanted in ready:
                    break
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    number, chain = running.pop(future), future.result()
                    if store:
                        store.put(opened.chain_key(number), chain)
                    ready[number] = chain[0]
            yield ready.pop(wanted)
    finally:
        for future in running:
            future.cancel()
