"""Sizes of the synthetic instances, and how long each tool may try."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """A size that `allot bench generate` makes, and the limits that go with it."""

    name: str
    provinces: int
    sites: int
    sectors: int
    years: int
    links: int
    """Provinces that may fund a site; 0: every province."""
    limit: int
    """Seconds that each tool may try."""
    seeds: int | None = None
    """So many of the seeds, where all of them would take hours."""

    def arguments(self, seed: int) -> list[str]:
        """The arguments of `allot bench generate`."""
        numbers = {
            "provinces": self.provinces,
            "sites": self.sites,
            "sectors": self.sectors,
            "years": self.years,
            "links": self.links,
            "seed": seed,
        }
        return [word for name, number in numbers.items() for word in (f"--{name}", str(number))]

    def describe(self) -> str:
        """In words."""
        links = f"{self.links} links a site" if self.links else "every link"
        size = f"{self.provinces} provinces × {self.sites:,} sites × {self.sectors} sectors × {self.years} years"
        return f"{size}, {links}"


SHAPES = {
    shape.name: shape
    for shape in (
        Shape("tiny", 4, 12, 3, 3, links=2, limit=5),
        Shape("2links", 19, 82, 8, 5, links=2, limit=30),
        Shape("all-links", 19, 82, 8, 5, links=0, limit=30),
        Shape("large", 31, 2800, 12, 5, links=3, limit=100, seeds=1),
        Shape("tenfold", 31, 28000, 12, 5, links=3, limit=600, seeds=1),
        # Small enough to be solved to the end by every tool: the models are held against each other on these.
        Shape("check-2links", 4, 12, 3, 3, links=2, limit=60),
        Shape("check-all-links", 4, 6, 3, 2, links=0, limit=60),
    )
}

DEFAULT_SHAPES = ["2links", "all-links", "large"]
DEFAULT_SEEDS = [401, 402, 403, 404, 405]
"""Seeds on which nothing in allot was tuned: keep it so."""

CHECK_SHAPES = ["check-2links", "check-all-links"]
CHECK_SEED = 1
BUILD_SHAPES = ["2links", "all-links"]
"""Shapes for which building is timed; a run without them times it on its own shapes."""
