# The words of an annex, entry by entry the same as zh.ftl.

## Units and years
currency = { $code }
unit-one = { $size }{ $currency }
unit-ten-thousand = { $size }{ $currency } 10,000
unit-million = { $size }{ $currency } million
unit-other = { $currency } { $size }
years-range = { $first } to { $last }
year-one = { $year }
lines-counted = { $number ->
    [one] { $number } funded line
   *[other] { $number } funded lines
}
others = { $number ->
    [one] { $number } other
   *[other] { $number } others
}
at-least = ≥ { $number }
at-most = ≤ { $number }

## Cover
annex-subtitle = Annex to the proposed allocation: { $policy }
part-cover = Overview
cover-proposal = This annex is made from one written run. It is a proposal; the decision stays with people. Every figure is of that run, and the same in every format.
fact-programme = Programme
fact-scenario = Scenario
fact-policy = Policy
fact-years = Period
fact-unit = Unit of money
fact-date = Date
fact-version = Version of allot
fact-status = Status
fact-certified = Certificate
fact-hash = SHA-256 of the input
fact-interrupted = Search
interrupted-yes = interrupted by its user; the best plan so far
status-optimal = optimal within the gap that was asked
status-feasible = feasible, further from the bound than was asked
status-broken = a hard rule fails in whole units
status-with-gap = { $status }; { $gap }
gap-known = largest gap { $gap }
gap-unknown = gap not known
certified-yes = certified: an independent verifier proved in integers that every hard rule holds, and a bound for every stage
certified-no = not certified

## Stages and metrics
part-stages = Stages of the objective
table-stages = Value, bound and gap of each stage
head-stage = Stage
head-sense = Sense
head-value = Value
head-bound = Bound of the solver
head-gap = Gap
head-proved-gap = Proved gap
head-asked-gap = Asked gap
sense-minimise = least
sense-maximise = most
stages-note = Stages are solved in order; a later one may not worsen an earlier one beyond its tolerance.
objective-shortfall = Shortfall
objective-coverage = Weighted need covered
objective-fit = Fit of people and posts
objective-proportional = Proportional split
objective-change = Change from the last plan
objective-fragmentation = Fragmentation (lines and links)
objective-blend = Blend
part-metrics = Main figures
table-metrics = Figures of this plan beside those of others
head-metric = Figure
head-this-plan = This plan
head-last-plan = Last plan
head-baseline = Baseline

## Charts
part-charts = Charts
chart-flows = Flow of money: donor, recipient, sector ({ $unit })
chart-flows-summary = Donors on the left, recipients in the middle, sectors on the right; the width of a band is money. Of many members the largest are drawn, the others as one. The figures are in the tables by donor and recipient and by recipient and sector.
chart-bars = Money of recipients: before and now ({ $unit })
chart-bars-summary = Two bars for each recipient, the other plan above and this plan below. The figures are in the table of recipients.
chart-heat = Covered share of need
chart-heat-summary = Rows are recipients (regions, where there are many), columns are sectors; the stronger the colour, the more is covered; blank where there is no need.
chart-phases = Money by year ({ $unit })
chart-phases-summary = One column a year, parted by sector. The figures are in the table by year and sector.
chart-tiles = Money and covered share by region ({ $unit })
chart-tiles-summary = One tile for each region, in the order of ids. It is not a map and shows no borders. The figures are in the table of regions.

## Changes
part-changes = Changes against another run
changes-intro = What differs from the other run is marked wherever it stands in this annex: what is dropped is struck through, what is new is underlined, and in the workbook a note says what stood there. Charts show this run alone. The tables below list the main differences once more.
changes-none = Figures, rules and lines of both runs are the same.
changes-other-unit = The two runs count money in different units, so amounts are not compared.
fact-this-run = This run
fact-other-run = Other run
rule-told-hard = { $kind } { $parameters }
rule-told-soft = { $kind } (soft) { $parameters }
was = was { $value }
run-told = scenario { $scenario }, policy { $policy }, { $date }, input { $hash }
head-other-run = Other run
head-this-run = This run
head-mark = Mark
mark-new = new
mark-gone = dropped
mark-changed = changed
table-changed-metrics = Figures that changed
table-changed-rules = Rules and parameters that changed
table-changed-sites = Recipients that changed
table-changed-lines = Lines that changed
row-all-lines = All lines

## Allocation
part-allocation = Allocation
allocation-intro = The plan has { $lines }. Amounts are in { $unit }. Subtotals and totals are sums of whole units and add up exactly.
part-by-province-and-site = By donor and recipient
part-by-site-and-sector = By recipient and sector
part-by-region = By region and by sector
part-by-year = By year (phases)
table-province = Donors
table-province-site = Money by donor and recipient
table-site = Recipients
table-site-sector = Money by recipient and sector
table-region = Regions
table-sector = Sectors
table-year-province = Donors by year
table-year-sector = Sectors by year
head-province = Donor
head-site = Recipient
head-region = Region
head-sector = Sector
head-need = Need
head-money = Money
head-covered = Covered
head-change = Change
head-capacity = Capacity
head-used = Used
head-sites = Recipients
head-lines = Lines
row-subtotal = Subtotal { $name }
row-total = Total

## Concentration
part-concentration = Concentration and thin spreading
concentration-intro = How concentrated the money is, beside other plans. The numbers of lines and pairings are among the main figures.
table-concentration = Concentration and thin spreading
part-focus = Focus sites
focus-none = The policy asks for no focus sites.
focus-intro = { $number ->
    [one] Rule { $rule }: { $number } focus site gets at least { $share } of the money. Fixed ones come first, then those with most money.
   *[other] Rule { $rule }: { $number } focus sites get at least { $share } of the money. Fixed ones come first, then those with most money.
}
focus-of-a-part = The rule counts only a part of the money; which sites are its focus sites is not shown here.
table-focus = Focus sites of rule { $rule }
head-share-of-money = Share of money
head-weight = Mean weight
head-why = Why
focus-fixed = named by the policy
focus-ranked = rank { $rank } by money
part-smallest = Smallest lines
table-smallest = { $number ->
    [one] The smallest line
   *[other] The { $number } smallest lines
}

## Rules
part-rules = Rules
rules-intro = Every rule is measured on the written plan by an independent check in integer arithmetic. The tightest instance is the one with the least room, or that which fails by most.
table-rules = Rules: source, asked, measured, verdict
head-rule = Id
head-title = Rule
head-source = Source
head-strength = Kind
head-instances = Checks
head-failing = Failing
head-tightest = Tightest instance
head-where = Where
head-asked = Asked
head-measured = Measured
head-verdict = Verdict
head-price = Price
head-missing = Missing
strength-hard = hard
strength-soft = soft
verdict-pass = pass
verdict-fail = FAIL
verdict-short = short
scope-programme = programme
prices-note = The price of a rule is how much better the objective “{ $objective }” could be without it, as an interval.
prices-none = Prices of rules were not computed; allot explain computes them.
price-about = about { $number }
price-between = { $least } to { $most }
price-unknown = not known
part-failing = Rules that do not hold
failing-none = Every rule holds.
table-failing = Instances that do not hold (missing in units of money or counts)

## Industry
part-industry = Industry and parks
industry-intro = Money of a sector with an industry builds that industry at its site. A location quotient above 1 says that the site is specialised in it.
table-industries = Industries
table-built = Industries at recipients
table-parks = Parks
head-code = Code
head-industry = Industry
head-in-parks = In parks
head-hhi = HHI
head-quotient = Location quotient
head-neighbours = Neighbours with it
head-park = Park
head-kind = Kind
head-host = Host
park-joint = joint park
park-demonstration = demonstration park
park-enclave = enclave

## Talent
part-talent = Secondees
talent-intro = Professions, numbers and posts; nothing about any person.
table-placements = Placements
table-structure = Posts by region and profession
table-vacant = Posts that stay open
table-idle = Secondees not placed
head-profession = Profession
head-secondees = Secondees
head-posts-group = Posts
head-persons = Persons
head-full-time = Full time
head-fit = Fit
head-posts = Number of posts
head-reach = In reach
head-filled = Filled
head-vacant = Vacant
head-idle = Not placed
why-nobody-fits = nobody fits
why-not-enough = too few, or wanted elsewhere

## Needs
part-needs = What is excluded and what is not met
part-exclusions = Excluded lines
exclusions-none = No line is excluded.
table-exclusions = Excluded lines with their recorded reasons
head-reason = Reason
every-one = all
part-unmet = Needs that are not met
unmet-intro = { $number ->
    [one] Of { $all } needs { $number } gets no money.
   *[other] Of { $all } needs { $number } get no money.
} The rules named are those about the need that leave no room; allot explain finds the exact cause and its price.
table-unmet = Needs that get no money
table-unmet-site = Needs of each recipient
head-rules-without-room = Rules without room
why-excluded = excluded; the reason is in the table above
why-no-pairing = no donor is paired with it
why-elsewhere = the objective put the money elsewhere
why-no-room = rules without room: { $rules }

## Assumptions
part-assumptions = Assumptions, method and record
part-provenance = Where the data comes from
provenance-none = The scenario does not say where its columns come from.
provenance-intro = Every column is marked as sourced, derived or illustrative. What is illustrative is no statistic.
table-provenance = Where the columns come from
head-table = Table
head-column = Column
kind-sourced = sourced
kind-derived = derived
kind-illustrative = illustrative
kind-not-stated = not stated
part-method = Method
method-model = Model: scenario and policy become a mixed-integer linear model: an amount for each line (donor, recipient, sector) and year, and a yes-or-no decision where a rule or objective asks for one.
method-stages = Stages: objectives are solved in order; the value and the bound of each are kept.
method-units = Whole units: the fractional solution is rounded to whole units such that totals are kept.
method-audit = Audit: the written plan is read back, and every rule is measured in integers by code that has seen neither model nor solver.
method-bound = Bounds: a gap is the solver's claim; a proved gap was proved by a separate verifier in integer arithmetic.
method-limits = Limits: a plan is as good as its input. It is a proposal; the decision stays with people.
part-record = Record of the run
fact-solver = Solver
solver-named = { $name } { $version }
fact-gap = Asked gap
fact-threads = Threads
fact-seed = Seed
fact-time-limit = Time limit in seconds
fact-baseline = Policy of the baseline
fact-override = Changed input
table-inputs = Input files
head-file = File
head-hash = SHA-256
part-glossary = Glossary
table-glossary = Words
head-term = Word
head-meaning = Meaning
term-line = Line
meaning-line = One donor funding one sector at one recipient.
term-ticket = Ticket
meaning-ticket = Money of a line over the period; a rule may ask for a minimum ticket.
term-need = Need
meaning-need = What a recipient needs in a sector, as the scenario says.
term-coverage = Coverage
meaning-coverage = Covered need over all need; money above a need does not count.
term-focus = Focus site
meaning-focus = A recipient on which the policy concentrates money.
term-thinness = Thinness
meaning-thinness = Share of money in lines below the minimum ticket.
term-hhi = Herfindahl-Hirschman index
meaning-hhi = Sum of squared shares of recipients; its inverse is the effective number of recipients.
term-baseline = Baseline
meaning-baseline = The plan of another policy on the same data, usually a proportional split, to compare with.
term-last-plan = Last plan
meaning-last-plan = The commitments that the scenario records.
term-gap = Gap
meaning-gap = Relative distance of plan and bound; no plan is better than the bound.
term-certified = Certificate
meaning-certified = Whole multipliers from which anybody can prove rules and bounds again with a separate program.
term-hard = Hard and soft rules
meaning-hard = A hard rule must hold; a soft one may fall short at a price, and is listed then.

## The workbook
xlsx-read-me = Read me
xlsx-charts = Charts
amounts-in = Amounts in { $unit }

## The page in HTML
ui-contents = Contents
ui-skip = Skip to the text
ui-language = Language
ui-filter = Filter
ui-filter-table = Filter this table
ui-sort = Select a head to sort
ui-rows = Rows shown: { $number }
ui-table = Table { $number }. { $caption }
ui-figure = Figure { $number }. { $caption }
ui-other-language = 中文
