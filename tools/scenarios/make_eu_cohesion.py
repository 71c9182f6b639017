"""Writes the tables of scenarios/eu-cohesion from scenarios/eu-cohesion/source.

Run from the root of the repository: python3 tools/scenarios/make_eu_cohesion.py
The README of the scenario says which columns are sourced, derived and illustrative.
"""

from collections import defaultdict
from fractions import Fraction
from pathlib import Path

from tables import read_table, write_table

FOLDER = Path("scenarios/eu-cohesion")
SOURCE = FOLDER / "source" / "erdf_cf_2014_2020_planned.csv"
YEAR = 2014  # stands for 2014-2020
HEADROOM = Fraction(3, 2)  # illustrative: need over the published plan, except technical assistance
EXPECTED_ROWS = 1982

CATEGORY = {
    "More developed": "more",
    "Transition": "transition",
    "Less developed": "less",
    "Outermost or Northern Sparsely Populated": "outermost",
}
CATEGORY_NAMES = {
    "more": ("较发达地区", "more developed regions"),
    "transition": ("过渡地区", "transition regions"),
    "less": ("欠发达地区", "less developed regions"),
    "outermost": ("最外围和北部人口稀疏地区", "outermost and northern sparsely populated regions"),
    "interreg": ("欧洲领土合作", "European territorial cooperation"),
    "cf": ("凝聚基金", "Cohesion Fund"),
}

COUNTRY_ZH = {
    "AT": "奥地利", "BE": "比利时", "BG": "保加利亚", "CY": "塞浦路斯", "CZ": "捷克", "DE": "德国", "DK": "丹麦",
    "EE": "爱沙尼亚", "ES": "西班牙", "FI": "芬兰", "FR": "法国", "GR": "希腊", "HR": "克罗地亚", "HU": "匈牙利",
    "IE": "爱尔兰", "IT": "意大利", "LT": "立陶宛", "LU": "卢森堡", "LV": "拉脱维亚", "MT": "马耳他", "NL": "荷兰",
    "PL": "波兰", "PT": "葡萄牙", "RO": "罗马尼亚", "SE": "瑞典", "SI": "斯洛文尼亚", "SK": "斯洛伐克",
    "TC": "跨国合作（Interreg）", "UK": "英国",
}

THEME_ZH = {
    "01": "研究与创新", "02": "信息通信技术", "03": "中小企业竞争力", "04": "低碳经济", "05": "气候变化适应与风险防范",
    "06": "环境保护与资源效率", "07": "交通与能源网络基础设施", "08": "可持续的高质量就业", "09": "社会包容",
    "10": "教育与职业培训", "11": "高效的公共行政", "12": "最外围和人口稀疏地区", "TA": "技术援助",
}
CONCENTRATION = ("01", "02", "03", "04")
LOW_CARBON = "04"
# Regulation (EU) 1301/2013, Art. 4: least share of themes 01-04, and of theme 04.
THRESHOLDS = {
    "more": (Fraction(80, 100), Fraction(20, 100)),
    "transition": (Fraction(60, 100), Fraction(15, 100)),
    "less": (Fraction(50, 100), Fraction(12, 100)),
}


def level_of(row):
    if row["region_category"] != "VOID":
        return CATEGORY[row["region_category"]]
    return "cf" if row["fund"] == "CF" else "interreg"


def envelope_of(row):
    country = row["country"].lower()
    return f"cf-{country}" if row["fund"] == "CF" else f"erdf-{country}-{level_of(row)}"


def site_of(row):
    return f"{row['programme']}-{level_of(row)}"


def sector_of(theme):
    return "ta" if theme == "TA" else f"to{theme}"


def sector_groups(theme):
    if theme == "TA":
        return "technical-assistance"
    groups = ["concentration"] if theme in CONCENTRATION else []
    if theme == LOW_CARBON:
        groups.append("low-carbon")
    return ";".join([*groups, "thematic"])


def whole_by_envelope(plan, envelope):
    """Whole euros, line by line, whose sum in each envelope is the published sum (largest remainder)."""
    rows = defaultdict(list)
    for key in sorted(plan):
        rows[envelope[key[0]]].append(key)
    whole = {}
    for name, keys in rows.items():
        total = sum(plan[key] for key in keys)
        if total.denominator != 1:
            raise SystemExit(f"{name}: the published total is not whole euros")
        for key in keys:
            whole[key] = plan[key].numerator // plan[key].denominator
        missing = total.numerator - sum(whole[key] for key in keys)
        for key in sorted(keys, key=lambda key: (whole[key] - plan[key], key))[:missing]:
            whole[key] += 1
    return whole


def report(plan, whole, envelope, level, needs):
    """The figures of the README."""
    changed = {key: whole[key] - amount for key, amount in plan.items() if amount != whole[key]}
    for key, change in sorted(changed.items()):
        print(f"rounded: {key} {float(plan[key]):.2f} -> {whole[key]} ({float(change):+.2f})")
    if any(abs(change) > 1 for change in changed.values()):
        raise SystemExit("a line of the plan is more than one euro from its source")
    print("| category | envelopes | sites | published, EUR | need, EUR | themes 01-04 | theme 04 |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name in CATEGORY_NAMES:
        keys = [key for key in whole if level[key[0]] == name]
        themes = sum(whole[key] for key in keys if key[1] != "ta")
        shares = [sum(whole[key] for key in keys if key[1] in group) / themes
                  for group in ({sector_of(theme) for theme in CONCENTRATION}, {sector_of(LOW_CARBON)})]
        print(f"| {name} | {len({envelope[key[0]] for key in keys})} | {len({key[0] for key in keys})} "
              f"| {sum(whole[key] for key in keys):,} | {sum(needs[key] for key in keys):,} "
              f"| {shares[0]:.1%} | {shares[1]:.1%} |")
    print(f"| **total** | {len(set(envelope.values()))} | {len(envelope)} "
          f"| {sum(whole.values()):,} | {sum(needs.values()):,} | | |")


def report_concentration(whole, envelope, level, needs):
    """The envelopes whose published shares are under Art. 4, and the shares that the needs let them reach."""
    groups = ({sector_of(theme) for theme in CONCENTRATION}, {sector_of(LOW_CARBON)})
    print("| envelope | themes 01-04 | at most | theme 04 | at most | in reach |")
    print("|---|---:|---:|---:|---:|---|")
    for name in sorted(set(envelope.values())):
        keys = [key for key in whole if envelope[key[0]] == name and key[1] != "ta"]
        least = THRESHOLDS.get(level[keys[0][0]])
        themes = sum(whole[key] for key in keys)
        share = [Fraction(sum(whole[key] for key in keys if key[1] in group), themes) for group in groups]
        most = [min(1, Fraction(sum(needs[key] for key in keys if key[1] in group), themes)) for group in groups]
        if least and any(value < bound for value, bound in zip(share, least)):
            reach = "yes" if all(value >= bound for value, bound in zip(most, least)) else "no"
            print(f"| `{name}` | {float(share[0]):.1%} | {float(most[0]):.1%} "
                  f"| {float(share[1]):.1%} | {float(most[1]):.1%} | {reach} |")


def main():
    rows = read_table(SOURCE)
    if len(rows) != EXPECTED_ROWS:
        raise SystemExit(f"{SOURCE}: {len(rows)} rows instead of {EXPECTED_ROWS}")
    plan, envelope, level, title, country = defaultdict(Fraction), {}, {}, {}, {}
    envelope_row, country_en, theme_en = {}, {}, {}
    for row in rows:
        site = site_of(row)
        if envelope.setdefault(site, envelope_of(row)) != envelope_of(row):
            raise SystemExit(f"{site} belongs to two envelopes")
        plan[site, sector_of(row["theme"])] += Fraction(row["eu_amount_eur"])
        level[site] = level_of(row)
        title[site] = " ".join(row["programme_title"].split())
        country[site] = row["country"]
        envelope_row[envelope[site]] = row
        country_en[row["country"]] = row["country_name"]
        theme_en[row["theme"]] = row["theme_name"]

    whole = whole_by_envelope(plan, envelope)
    capacity = defaultdict(int)
    for (site, _), amount in whole.items():
        capacity[envelope[site]] += amount
    needs = {(site, sector): amount if sector == "ta" else -(-amount * HEADROOM.numerator // HEADROOM.denominator)
             for (site, sector), amount in whole.items()}

    provinces = []
    for name, row in envelope_row.items():
        category = level_of(row)
        code, zh, en = row["country"], COUNTRY_ZH[row["country"]], row["country_name"]
        if category == "cf":
            names, groups = (f"凝聚基金·{zh}", f"Cohesion Fund, {en}"), ("cf", code.lower())
        else:
            names = (f"欧洲区域发展基金·{zh}·{CATEGORY_NAMES[category][0]}",
                     f"ERDF, {en}, {CATEGORY_NAMES[category][1]}")
            groups = ("erdf", f"erdf-{category}", code.lower())
        provinces.append((name, *names, ";".join(groups), capacity[name]))
    write_table(FOLDER / "provinces.csv", ("province_id", "name_zh", "name_en", "groups", "capacity"), provinces, 1)
    write_table(FOLDER / "regions.csv", ("region_id", "name_zh", "name_en"),
                [(code.lower(), COUNTRY_ZH[code], en) for code, en in country_en.items()], 1)
    write_table(FOLDER / "sites.csv", ("site_id", "name_zh", "name_en", "region", "level", "groups"),
                [(site, f"{title[site]}（{CATEGORY_NAMES[level[site]][0]}）",
                  f"{title[site]} ({CATEGORY_NAMES[level[site]][1]})", country[site].lower(), level[site],
                  "cf" if level[site] == "cf" else "erdf") for site in envelope], 1)
    write_table(FOLDER / "sectors.csv", ("sector_id", "name_zh", "name_en", "groups"),
                [(sector_of(theme), THEME_ZH[theme], en, sector_groups(theme)) for theme, en in theme_en.items()], 1)
    write_table(FOLDER / "pairings.csv", ("province_id", "site_id", "kind", "effectiveness"),
                [(province, site, "own", "1") for site, province in envelope.items()], 2)
    write_table(FOLDER / "needs.csv", ("site_id", "sector_id", "amount"),
                [(*key, amount) for key, amount in needs.items()], 2)
    write_table(FOLDER / "commitments.csv", ("province_id", "site_id", "sector_id", "amount"),
                [(envelope[site], site, sector, amount) for (site, sector), amount in whole.items()], 3)
    write_table(FOLDER / "published-plan.csv", ("province_id", "site_id", "sector_id", "year", "amount"),
                [(envelope[site], site, sector, YEAR, amount) for (site, sector), amount in whole.items()], 4)
    report(plan, whole, envelope, level, needs)
    report_concentration(whole, envelope, level, needs)


if __name__ == "__main__":
    main()
