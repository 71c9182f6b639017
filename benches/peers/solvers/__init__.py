"""One file a solver: each reads an MPS file, solves it and prints its best plan and bound as they change."""
