"""The tables of an instance in memory, joined, as a user of a modelling tool would have them at hand.

Reading and joining are not timed. The tightest limits of each line come ready-made too; `allot` computes them
within its own time.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

SEGMENTS = {0: (0.4, 1.0), 1: (0.35, 0.6), 2: (0.25, 0.25)}
"""Parts of each need: width as a share of it, value of a covered unit. The defaults of `coverage`."""


@dataclass(frozen=True)
class Policy:
    """The numbers of the generator's policy."""

    ticket: float
    lines_per_province: int
    provinces_per_site: int
    focus_sites: int
    focus_share: float
    livelihood_share: float
    region_floor: float
    first_year_share: float


@dataclass(frozen=True)
class Programme:
    """Tables and policy. Rows are named 0, 1, 2 … and point to each other by these numbers."""

    years: list[int]
    provinces: pd.DataFrame
    """capacity (a year), whole (over the horizon)"""
    sites: pd.DataFrame
    """region, key, absorption (a year), links (number), most (money it can take)"""
    links: pd.DataFrame
    """province, site"""
    needs: pd.DataFrame
    """site, sector, amount, weight"""
    lines: pd.DataFrame
    """link, province, site, region, need, effectiveness, livelihood, key, excluded, most, most_a_year"""
    policy: Policy

    @property
    def crowded_provinces(self) -> list[int]:
        """Provinces with more candidate lines than they may fund: the others need no row."""
        counts = self.lines.groupby("province").size()
        return list(counts.index[counts > self.policy.lines_per_province])

    @property
    def crowded_sites(self) -> list[int]:
        """Sites with more links than they may use."""
        return list(self.sites.index[self.sites.links > self.policy.provinces_per_site])


def read(folder: Path) -> Programme:
    """Reads an instance of `allot bench generate`."""
    years = tomllib.loads((folder / "scenario.toml").read_text())["years"]
    policy = read_policy(folder / "policy.toml")
    table = {path.stem: pd.read_csv(path) for path in folder.glob("*.csv")}
    # In the order of the ids, as allot has them: the two models are then alike row by row.
    provinces, sites = by_id(table["provinces"], "province_id"), by_id(table["sites"], "site_id")
    sectors = by_id(table["sectors"], "sector_id")
    number = {"province": numbers(provinces), "site": numbers(sites), "sector": numbers(sectors)}
    weight = {kind: part.set_index("id").weight for kind, part in table["priorities"].groupby("kind")}

    links = table["pairings"].sort_values(["province_id", "site_id"], ignore_index=True)
    links["province"] = links.province_id.map(number["province"])
    links["site"] = links.site_id.map(number["site"])
    provinces["whole"] = provinces.capacity * len(years)
    sites["key"] = sites.groups == "key"
    sites["links"] = links.groupby("site").size()

    needs = table["needs"].sort_values(["site_id", "sector_id"], ignore_index=True)
    needs["site"] = needs.site_id.map(number["site"])
    needs["sector"] = needs.sector_id.map(number["sector"])
    needs["weight"] = (
        needs.site_id.map(weight["site"])
        * needs.sector_id.map(weight["sector"])
        * needs.site.map(sites.region).map(weight["region"])
    )
    lines = join_lines(links, needs, provinces, sites, sectors, table["exclusions"], len(years))
    by_province = lines.groupby(["site", "province"]).most.sum().reset_index()
    by_province["most"] = np.minimum(by_province.most, by_province.province.map(provinces.whole))
    sites["most"] = by_province.groupby("site").most.sum()
    return Programme(years, provinces, sites, links, needs, lines, policy)


def join_lines(
    links: pd.DataFrame,
    needs: pd.DataFrame,
    provinces: pd.DataFrame,
    sites: pd.DataFrame,
    sectors: pd.DataFrame,
    exclusions: pd.DataFrame,
    years: int,
) -> pd.DataFrame:
    """Candidate lines: every need of a site, from every province that may fund the site."""
    left = links.reset_index(names="link")[["link", "province", "site", "effectiveness"]]
    right = needs.reset_index(names="need")[["need", "site", "sector", "amount", "site_id", "sector_id"]]
    lines = left.merge(right, on="site").sort_values(["link", "sector"], ignore_index=True)
    lines["region"] = lines.site.map(sites.region)
    lines["key"] = lines.site.map(sites.key)
    lines["livelihood"] = lines.sector.map(sectors.groups) == "livelihood"
    banned = set(zip(exclusions.site_id, exclusions.sector_id, strict=True))  # of every province
    lines["excluded"] = [pair in banned for pair in zip(lines.site_id, lines.sector_id, strict=True)]
    # Whole units whose effect covers no more than the need; shares are counted in millionths, as allot does.
    millionths = (lines.effectiveness * 1_000_000).round().astype("int64")
    alone = (lines.amount * 1_000_000 // millionths).where(~lines.excluded, 0)
    a_year = np.minimum(lines.province.map(provinces.capacity), lines.site.map(sites.absorption))
    lines["most"] = np.minimum(np.minimum(alone, a_year * years), lines.province.map(provinces.whole))
    lines["most_a_year"] = np.minimum(a_year, alone)
    return lines.drop(columns=["amount", "site_id", "sector_id"])


def read_policy(path: Path) -> Policy:
    """The parameters, by kind of rule."""
    rules = {rule["rule"]: rule for rule in tomllib.loads(path.read_text())["rules"].values()}
    return Policy(
        ticket=rules["minimum_ticket"]["amount"],
        lines_per_province=rules["maximum_lines"]["number"],
        provinces_per_site=rules["maximum_provinces_per_site"]["number"],
        focus_sites=rules["focus_share"]["number"],
        focus_share=rules["focus_share"]["share"],
        livelihood_share=rules["group_share"]["min"],
        region_floor=rules["region_floor"]["amount"],
        first_year_share=rules["phasing"]["path"][0],
    )


def by_id(table: pd.DataFrame, key: str) -> pd.DataFrame:
    """A table in the order of its ids, numbered."""
    return table.sort_values(key, ignore_index=True)


def numbers(table: pd.DataFrame) -> pd.Series:
    """Id to number; the first column is the id."""
    return pd.Series(table.index, index=table.iloc[:, 0])
