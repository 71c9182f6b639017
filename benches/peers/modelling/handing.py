"""Hands a finished model to HiGHS: for the check that every tool builds the same one, and as the floor."""

from pathlib import Path

import highspy
import numpy as np
from scipy.sparse import csr_array


def silent() -> highspy.Highs:
    """HiGHS that prints nothing and solves to the end on one thread."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", 1e-9)
    highs.setOptionValue("mip_abs_gap", 0.0)
    return highs


def read_file(path: Path) -> highspy.Highs:
    """A model that a tool wrote as a file."""
    highs = silent()
    if highs.readModel(str(path)) == highspy.HighsStatus.kError:
        raise ValueError(f"HiGHS cannot read {path}")
    return highs


def from_arrays(
    costs: np.ndarray,
    lower: np.ndarray,
    upper: np.ndarray,
    integer: np.ndarray,
    matrix: csr_array,
    row_lower: np.ndarray,
    row_upper: np.ndarray,
) -> highspy.Highs:
    """A model as ready arrays, the matrix by rows."""
    highs = silent()
    status = highs.passModel(
        len(costs),
        len(row_lower),
        matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        costs,
        lower,
        upper,
        row_lower,
        row_upper,
        matrix.indptr[:-1],
        matrix.indices,
        matrix.data,
        integer,
    )
    if status == highspy.HighsStatus.kError:
        raise ValueError("HiGHS refused the arrays")
    return highs
