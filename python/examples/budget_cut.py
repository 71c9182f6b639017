"""What would a cut of one tenth cost, and which sites would feel it? Run where the folder scenarios/ is."""

import allot

scenario = allot.Scenario.load("scenarios/wenchuan")
before = scenario.solve(gap=0.005, baseline="none")

provinces = scenario.table("provinces").to_pandas()
provinces["revenue"] *= 0.9
scenario.put(provinces=provinces)
after = scenario.solve(gap=0.005, baseline="none")

for name in ("money", "coverage", "lines"):
    print(f"{name:10} {before.metrics[name]:14,.4f} {after.metrics[name]:14,.4f}")
sites = before.table("sites").to_pandas().merge(after.table("sites").to_pandas(), on="id", suffixes=("", "_cut"))
sites["lost"] = sites["money"] - sites["money_cut"]
print(sites.nlargest(5, "lost")[["id", "money", "money_cut", "lost"]].to_string(index=False))
after.write("out/cut")
