"""Reading and writing the tables of a scenario: UTF-8, LF, rows in the byte order of their key."""

import csv
from pathlib import Path


def read_table(path):
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_table(path, columns, rows, key):
    """Writes `rows` (tuples in the order of `columns`), sorted by their first `key` cells, which must be unique."""
    rows = sorted(rows, key=lambda row: tuple(str(cell).encode() for cell in row[:key]))
    keys = [row[:key] for row in rows]
    if len(set(keys)) != len(keys):
        raise SystemExit(f"{path}: two rows have the same key")
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def whole_shares(total, weights):
    """Splits a whole `total` by whole `weights` into whole parts that add up (largest remainder, then order)."""
    scale = sum(weights)
    parts = [total * weight // scale for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % scale), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
