"""Writes the tables of scenarios/wenchuan from scenarios/wenchuan/source.

Run from the root of the repository: python3 tools/scenarios/make_wenchuan.py
The README of the scenario says which columns are sourced, derived and illustrative.
"""

import math
from fractions import Fraction
from pathlib import Path
from statistics import median

from tables import read_table, whole_shares, write_table

FOLDER = Path("scenarios/wenchuan")
SOURCE = FOLDER / "source"

RATE = "0.01"  # sourced: the 1% rule
YEARS = 3

# Illustrative: Shenzhen's part of Guangdong's expenditure, and what it is rounded to (10,000 yuan).
SHENZHEN_SHARE = Fraction(22, 100)
SHENZHEN_STEP = 100

# Illustrative constants of the need formula.
DONOR_SHARE = Fraction(36, 100)  # part of planned reconstruction that donors are asked for
TIER_FACTOR = {"extreme": Fraction(1), "severe": Fraction(65, 100)}
BASE_SHARE = Fraction(1, 2)  # part of a site's need that does not depend on its casualties
INJURED_WEIGHT = Fraction(1, 10)
ABSORPTION_SHARE = Fraction(45, 100)
CROSS_EFFECTIVENESS = "0.85"

PLANNED_INVESTMENT = "Wenchuan county: planned reconstruction investment"

GROUPS_OF_PROVINCE = {
    "anhui": "central",
    "beijing": "east;municipality",
    "chongqing": "west;municipality",
    "fujian": "east",
    "guangdong": "east",
    "hebei": "east",
    "heilongjiang": "northeast",
    "henan": "central",
    "hubei": "central",
    "hunan": "central",
    "jiangsu": "east",
    "jiangxi": "central",
    "jilin": "northeast",
    "liaoning": "northeast",
    "shandong": "east",
    "shanghai": "east;municipality",
    "shanxi": "central",
    "shenzhen": "east;special-zone",
    "tianjin": "east;municipality",
    "zhejiang": "east",
}

REGIONS = {
    "aba": ("阿坝藏族羌族自治州", "Aba Prefecture"),
    "chengdu": ("成都市", "Chengdu"),
    "deyang": ("德阳市", "Deyang"),
    "gansu": ("甘肃省", "Gansu"),
    "guangyuan": ("广元市", "Guangyuan"),
    "mianyang": ("绵阳市", "Mianyang"),
    "shaanxi": ("陕西省", "Shaanxi"),
    "yaan": ("雅安市", "Ya'an"),
}

# Region, whether the county is well known as a mountain county, and illustrative population.
SITES = {
    "anxian": ("mianyang", False, 510_000),
    "beichuan": ("mianyang", True, 160_000),
    "chongzhou": ("chengdu", False, 670_000),
    "dujiangyan": ("chengdu", False, 610_000),
    "gansu": ("gansu", False, 1_800_000),
    "hanyuan": ("yaan", True, 320_000),
    "heishui": ("aba", True, 60_000),
    "jiange": ("guangyuan", False, 680_000),
    "jiangyou": ("mianyang", False, 880_000),
    "lixian": ("aba", True, 45_000),
    "maoxian": ("aba", True, 110_000),
    "mianzhu": ("deyang", False, 510_000),
    "pengzhou": ("chengdu", False, 800_000),
    "pingwu": ("mianyang", True, 185_000),
    "qingchuan": ("guangyuan", True, 245_000),
    "shaanxi": ("shaanxi", False, 1_200_000),
    "shifang": ("deyang", False, 430_000),
    "songpan": ("aba", True, 70_000),
    "wenchuan": ("aba", True, 105_000),
    "xiaojin": ("aba", True, 80_000),
}
AREAS = {"gansu", "shaanxi"}

# Donors whose site is alone in its region, and the county of a neighbouring region that they may also help.
NEIGHBOUR_OF_SINGLE = {"hanyuan": "chongzhou", "gansu": "qingchuan", "shaanxi": "qingchuan"}

# Names, group, illustrative priority, and illustrative thousandths of a site's need: extreme, severe, and what a
# mountain county adds.
SECTORS = {
    "disaster-prevention": ("防灾减灾", "Disaster prevention", "environment", "1.1", 50, 50, 30),
    "ecology": ("生态环境", "Ecology", "environment", "1", 40, 30, 20),
    "education": ("教育", "Education", "livelihood", "1.4", 120, 120, 0),
    "health": ("卫生", "Health", "livelihood", "1.4", 80, 80, 0),
    "housing": ("城乡住房", "Urban and rural housing", "livelihood", "1.5", 270, 250, 0),
    "industry": ("产业重建", "Industry", "industry", "0.8", 70, 90, -30),
    "infrastructure": ("基础设施", "Infrastructure", "infrastructure", "1.1", 110, 120, 0),
    "public-services": ("其他公共服务", "Other public services", "livelihood", "1.2", 70, 70, 0),
    "rural": ("农村建设", "Rural development", "livelihood", "1.2", 90, 110, 0),
    "town": ("城镇建设", "Town development", "infrastructure", "1", 100, 80, -20),
}

EXCLUSIONS = [
    ("*", "maoxian", "industry",
     "Illustrative: narrow valley with many landslide and debris-flow sites, no new industrial land"
     " / 示例：河谷狭窄，滑坡、泥石流隐患点多，不新增工业用地"),
    ("*", "pingwu", "industry",
     "Illustrative: Wanglang nature reserve, giant panda habitat"
     " / 示例：王朗国家级自然保护区，大熊猫栖息地"),
    ("*", "songpan", "industry",
     "Illustrative: Huanglong world heritage site and its headwaters"
     " / 示例：黄龙世界自然遗产地及其水源涵养区"),
]

SITE_PRIORITY = {"extreme": "1.3", "severe": "1"}


def revenues():
    """Expenditure of 2006, in 10,000 yuan, by donor."""
    rows = read_table(SOURCE / "fiscal_expenditure.csv")
    amounts = {row["province_id"]: Fraction(row["y2006"]) * 10_000 for row in rows}
    shenzhen = round(amounts["guangdong"] * SHENZHEN_SHARE / SHENZHEN_STEP) * SHENZHEN_STEP
    amounts["shenzhen"] = shenzhen
    amounts["guangdong"] -= shenzhen
    if any(amount.denominator != 1 for amount in map(Fraction, amounts.values())):
        raise SystemExit("an expenditure is not whole 10,000 yuan")
    return {province: int(amount) for province, amount in amounts.items()}


def severity_scores(tiers):
    """ln(1 + deaths + missing + injured/10), four decimals; a site with no row gets its tier's median."""
    scores = {}
    for row in read_table(SOURCE / "casualties.csv"):
        loss = int(row["deaths"]) + int(row["missing"]) + INJURED_WEIGHT * int(row["injured"])
        scores[row["site_id"]] = Fraction(f"{math.log(1 + loss):.4f}")
    medians = {tier: median(score for site, score in scores.items() if tiers[site] == tier)
               for tier in TIER_FACTOR}
    return {site: scores.get(site, medians[tier]) for site, tier in tiers.items()}


def site_needs(tiers):
    facts = {row["fact"]: row for row in read_table(SOURCE / "facts.csv")}
    planned = Fraction(facts[PLANNED_INVESTMENT]["value"])  # 10,000 yuan
    scores = severity_scores(tiers)
    needs = {}
    for site, tier in tiers.items():
        severity = BASE_SHARE + (1 - BASE_SHARE) * scores[site] / scores["wenchuan"]
        needs[site] = round(planned * DONOR_SHARE * TIER_FACTOR[tier] * severity)
    return needs


def sector_needs(site, tier, need):
    mountain = SITES[site][1]
    weights = [extreme if tier == "extreme" else severe
               for *_, extreme, severe, _ in SECTORS.values()]
    if mountain:
        weights = [weight + extra for weight, (*_, extra) in zip(weights, SECTORS.values())]
    if sum(weights) != 1000:
        raise SystemExit("the sector weights of a site do not add up to 1000")
    return dict(zip(SECTORS, whole_shares(need, weights)))


def own_and_cross(pairs):
    own = [(pair["province_id"], pair["site_id"], "own", "1") for pair in pairs]
    cross = []
    for province, home, *_ in own:
        others = {site for site, (region, *_) in SITES.items() if region == SITES[home][0]} - {home}
        for site in others or {NEIGHBOUR_OF_SINGLE[home]}:
            cross.append((province, site, "cross", CROSS_EFFECTIVENESS))
    return own, cross


def report(pairs, revenue, needs, excluded):
    """The figures of the README."""
    capacity = {province: YEARS * amount // 100 for province, amount in revenue.items()}
    print("| donor | site | tier | capacity, 3 years | need | need ÷ capacity | fundable need ÷ capacity |")
    print("|---|---|---|---:|---:|---:|---:|")
    for pair in pairs:
        have, want = capacity[pair["province_id"]], needs[pair["site_id"]]
        fundable = want - excluded.get(pair["site_id"], 0)
        print(f"| {pair['province_en']} | {pair['site_en']} | {pair['tier']} | {have:,} | {want:,} "
              f"| {want / have:.2f} | {fundable / have:.2f} |")
    have, want = sum(capacity.values()), sum(needs.values())
    print(f"| **total** | | | {have:,} | {want:,} | {want / have:.2f} "
          f"| {(want - sum(excluded.values())) / have:.2f} |")
    sichuan = have - capacity["shenzhen"] - capacity["tianjin"]
    print(f"capacity of the 18 donors in Sichuan: {sichuan:,}")


def main():
    pairs = read_table(SOURCE / "pairs.csv")
    tiers = {pair["site_id"]: pair["tier"] for pair in pairs}
    revenue = revenues()
    needs = site_needs(tiers)
    lines = {site: sector_needs(site, tiers[site], need) for site, need in needs.items()}
    own, cross = own_and_cross(pairs)

    write_table(FOLDER / "provinces.csv",
                ("province_id", "name_zh", "name_en", "groups", "revenue", "rate"),
                [(pair["province_id"], pair["province_zh"], pair["province_en"],
                  GROUPS_OF_PROVINCE[pair["province_id"]], revenue[pair["province_id"]], RATE)
                 for pair in pairs], 1)
    write_table(FOLDER / "regions.csv", ("region_id", "name_zh", "name_en"),
                [(region, *names) for region, names in REGIONS.items()], 1)
    sites = []
    for pair in pairs:
        site = pair["site_id"]
        region, mountain, population = SITES[site]
        sites.append((site, pair["site_zh"], pair["site_en"], region, "area" if site in AREAS else "county",
                      pair["tier"] + (";mountain" if mountain else ""), population,
                      round(ABSORPTION_SHARE * needs[site])))
    write_table(FOLDER / "sites.csv",
                ("site_id", "name_zh", "name_en", "region", "level", "groups", "population", "absorption"), sites, 1)
    write_table(FOLDER / "sectors.csv", ("sector_id", "name_zh", "name_en", "groups"),
                [(sector, zh, en, group) for sector, (zh, en, group, *_) in SECTORS.items()], 1)
    write_table(FOLDER / "pairings.csv", ("province_id", "site_id", "kind", "effectiveness"), own, 2)
    write_table(FOLDER / "pairings-cross.csv", ("province_id", "site_id", "kind", "effectiveness"), own + cross, 2)
    write_table(FOLDER / "needs.csv", ("site_id", "sector_id", "amount"),
                [(site, sector, amount) for site, by_sector in lines.items() for sector, amount in by_sector.items()], 2)
    write_table(FOLDER / "priorities.csv", ("kind", "id", "weight"),
                [("site", site, SITE_PRIORITY[tier]) for site, tier in tiers.items()]
                + [("sector", sector, weight) for sector, (_, _, _, weight, *_) in SECTORS.items()], 2)
    write_table(FOLDER / "exclusions.csv", ("province_id", "site_id", "sector_id", "reason"), EXCLUSIONS, 3)
    report(pairs, revenue, needs, {site: lines[site][sector] for _, site, sector, _ in EXCLUSIONS})


if __name__ == "__main__":
    main()
