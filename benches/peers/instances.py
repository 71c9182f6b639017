"""Instances: made by `allot bench generate`, exported once as MPS, and the same files for every tool."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .shapes import Shape


@dataclass(frozen=True)
class Instance:
    """Where an instance lies."""

    shape: Shape
    seed: int
    folder: Path

    @property
    def model(self) -> Path:
        """The model as MPS: rows, columns and the objective stage `coverage`."""
        return self.folder.with_suffix(".mps")


def prepare(allot: Path, shape: Shape, seed: int, where: Path) -> Instance:
    """Makes the files, always anew: an older `allot` may have written other ones."""
    instance = Instance(shape, seed, where / f"{shape.name}-{seed}")
    shutil.rmtree(instance.folder, ignore_errors=True)
    where.mkdir(parents=True, exist_ok=True)
    _call(allot, "bench", "generate", *shape.arguments(seed), "--out", str(instance.folder))
    _call(allot, "export", str(instance.folder), "--stage", "coverage", "--to", str(instance.model))
    return instance


def _call(allot: Path, *arguments: str) -> None:
    done = subprocess.run([allot, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"allot {' '.join(arguments)} failed:\n{done.stderr}")
