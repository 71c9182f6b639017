"""allot beside other tools: the same instances, one after another, on one machine. See `make bench`."""
