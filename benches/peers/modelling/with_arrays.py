"""The floor: a model that stands ready as arrays is handed to HiGHS, and nothing is built."""

from pathlib import Path

import highspy
import numpy as np
from scipy.sparse import csc_array, csr_array

from .handing import from_arrays, read_file

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, csr_array, np.ndarray, np.ndarray]


def prepare(model: Path) -> Arrays:
    """The arrays of an exported model; not timed."""
    lp = read_file(model).getLp()
    parts = (np.array(lp.a_matrix_.value_), np.array(lp.a_matrix_.index_), np.array(lp.a_matrix_.start_))
    by_rows = lp.a_matrix_.format_ == highspy.MatrixFormat.kRowwise
    matrix = csr_array((csr_array if by_rows else csc_array)(parts, shape=(lp.num_row_, lp.num_col_)))
    integer = np.array([int(kind == highspy.HighsVarType.kInteger) for kind in lp.integrality_], dtype=np.int32)
    bounds = (np.array(lp.col_lower_), np.array(lp.col_upper_))
    return np.array(lp.col_cost_), *bounds, integer, matrix, np.array(lp.row_lower_), np.array(lp.row_upper_)


def build(arrays: Arrays) -> highspy.Highs:
    """From arrays to a model inside HiGHS."""
    return from_arrays(*arrays)


def to_highs(model: highspy.Highs, _scratch: Path) -> highspy.Highs:
    """It is one."""
    return model


VERSION = f"highspy {highspy.Highs().version()}"
