"""Results as lines of JSON, written as they come: an interrupted run goes on where it stopped."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Record = dict[str, Any]


class Store:
    """A file of records. A record's `key` says what was run, with which limits and which program."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.records: dict[str, Record] = {}
        if path.exists():
            for line in path.read_text().splitlines():
                try:
                    record = json.loads(line)
                except json.JSONDecodeError:  # the line that was being written when the run was stopped
                    continue
                self.records[spelled(record["key"])] = record

    def once(self, key: Record, make: Callable[[], Record]) -> Record:
        """The record of a key: the one on file, or a new one."""
        name = spelled(key)
        if name not in self.records:
            record = {"key": key, **make()}
            with self.path.open("a") as file:
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
            self.records[name] = record
        return self.records[name]


def spelled(key: Record) -> str:
    """A key as text."""
    return json.dumps(key, sort_keys=True)
