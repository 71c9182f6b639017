//! The policy of a synthetic instance: every family of rules, none so tight that there is no plan.

use super::Shape;

pub(super) fn text(shape: Shape, mean_need: f64) -> String {
    let ticket = (mean_need / 4.0).round();
    let focus = shape.sites.div_ceil(4);
    let lines_per_province = (shape.sites * shape.sectors / shape.provinces).max(4) * 3 / 5;
    let region_floor = (mean_need * shape.sectors as f64 * 0.5).round();
    let mut text = format!(
        r#"id = "bench"
title = {{ zh = "合成算例政策", en = "Policy of a synthetic instance" }}

[[stages]]
kind = "coverage"

[[stages]]
kind = "tie_break"

[rules.R1]
rule = "province_budget"
title = {{ zh = "年度财力", en = "Yearly capacity" }}

[rules.R2]
rule = "minimum_ticket"
title = {{ zh = "起点金额", en = "Minimum ticket" }}
amount = {ticket}

[rules.R3]
rule = "maximum_lines"
title = {{ zh = "资金线上限", en = "Few lines of a province" }}
number = {lines_per_province}
per = "province"

[rules.R4]
rule = "maximum_provinces_per_site"
title = {{ zh = "支援方上限", en = "Few provinces at a site" }}
number = 2

[rules.R5]
rule = "focus_share"
title = {{ zh = "重点地区占比", en = "Focus sites" }}
number = {focus}
share = 0.55

[rules.R6]
rule = "group_share"
title = {{ zh = "民生占比", en = "Livelihoods" }}
group = {{ sector_groups = ["livelihood"] }}
per = "province"
min = 0.5

[rules.R7]
rule = "region_floor"
title = {{ zh = "区域保底", en = "Region floor" }}
amount = {region_floor}

[rules.R8]
rule = "need_cap"
title = {{ zh = "不超过需求", en = "No need covered twice" }}

[rules.R9]
rule = "absorption"
title = {{ zh = "承接能力", en = "Absorption" }}

[rules.R10]
rule = "exclusion"
title = {{ zh = "不予安排", en = "Exclusions" }}
"#
    );
    if shape.years > 1 {
        text.push_str(
            r#"
[rules.R11]
rule = "phasing"
title = { zh = "重点先行", en = "Key sites first" }
select = { site_groups = ["key"] }
path = [0.25]
"#,
        );
    }
    text
}
