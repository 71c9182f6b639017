"""What the figures were measured on and with."""

import hashlib
import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ["highspy", "PySCIPOpt", "PuLP", "linopy", "pyomo", "cvxpy", "numpy", "pandas", "scipy", "xarray"]


def processor() -> str:
    """The name of the processor, where the system tells it."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def memory_gib() -> float:
    """Memory of the machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def describe() -> str:
    """The machine in a line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{processor()}, {cores} cores, {memory_gib():.0f} GiB, {platform.system()} {platform.release()}"


def versions() -> dict[str, str]:
    """Versions of what is compared, and of what it rests on."""
    found = {"Python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def digest(*files: Path) -> str:
    """A short digest of files: results of another build are not taken over."""
    state = hashlib.sha256()
    for file in files:
        with file.open("rb") as content:
            state.update(hashlib.file_digest(content, "sha256").digest())
    return state.hexdigest()[:12]


def commit(project: Path) -> str:
    """The commit that is checked out, with a plus where files have been changed since."""
    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=project, capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    head = git("rev-parse", "--short", "HEAD")
    return head + ("+" if head and git("status", "--porcelain", "--untracked-files=no") else "")
