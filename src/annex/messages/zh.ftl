# 附件的词句，与 en.ftl 逐条对应。

## Units and years
currency = { $code ->
    [CNY] 元
    [EUR] 欧元
    [GBP] 英镑
    [USD] 美元
   *[other] { $code }
}
unit-one = { $size }{ $currency }
unit-ten-thousand = { $size }万{ $currency }
unit-million = { $size }百万{ $currency }
unit-other = { $size }{ $currency }
years-range = { $first }—{ $last }年
year-one = { $year }年
lines-counted = { $number }条资金线
others = 其他（{ $number }个）
at-least = ≥ { $number }
at-most = ≤ { $number }

## Cover
annex-subtitle = 资金安排建议附件（{ $policy }）
part-cover = 概况
cover-proposal = 本附件由一次求解结果自动生成，是供研究的建议方案，不代替决策。附件中的数字全部取自该结果，各种格式的数字相同。
fact-programme = 项目
fact-scenario = 情景
fact-policy = 政策
fact-years = 期间
fact-unit = 金额单位
fact-date = 日期
fact-version = 软件版本（allot）
fact-status = 方案状态
fact-certified = 证书
fact-hash = 输入数据的 SHA-256
fact-interrupted = 求解过程
interrupted-yes = 被使用者中断，为当时的最好方案
status-optimal = 最优（在要求的差距以内）
status-feasible = 可行（与界的差距大于要求）
status-broken = 取整后有强制规则不满足
status-with-gap = { $status }；{ $gap }
gap-known = 最大差距 { $gap }
gap-unknown = 差距未知
certified-yes = 已验证：独立验证程序以整数运算证明强制规则全部满足，并证明了各阶段的界
certified-no = 未经证书验证

## Stages and metrics
part-stages = 目标阶段
table-stages = 各目标阶段的取值、界和差距
head-stage = 阶段
head-sense = 方向
head-value = 取值
head-bound = 求解器的界
head-gap = 差距
head-proved-gap = 已证明的差距
head-asked-gap = 要求的差距
sense-minimise = 最小
sense-maximise = 最大
stages-note = 各阶段依次求解，后一阶段不得使前一阶段的结果变差（允许的容差除外）。
objective-shortfall = 缺口
objective-coverage = 加权需求满足
objective-fit = 人岗匹配
objective-proportional = 按比例分配
objective-change = 与上期方案的变动
objective-fragmentation = 碎片化（资金线和结对关系数）
objective-blend = 加权综合
part-metrics = 主要指标
table-metrics = 本方案与对照方案的指标
head-metric = 指标
head-this-plan = 本方案
head-last-plan = 上期方案
head-baseline = 基准方案

## Charts
part-charts = 图
chart-flows = 资金流向：支援方—受援地—领域（{ $unit }）
chart-flows-summary = 左为支援方，中为受援地，右为领域，带宽表示金额；成员多时只画最大的，其余合并。数字见“按支援方和受援地”“按受援地和领域”两表。
chart-bars = 受援地资金：对照方案与本方案（{ $unit }）
chart-bars-summary = 每个受援地两根条，上为对照方案，下为本方案；数字见“各受援地”表。
chart-heat = 需求满足率
chart-heat-summary = 行为受援地（受援地多时为地区），列为领域，颜色越深满足率越高，空白表示没有需求。
chart-phases = 分年度资金（{ $unit }）
chart-phases-summary = 每年一列，按领域分段；数字见“各领域分年度”表。
chart-tiles = 各地区资金和满足率（{ $unit }）
chart-tiles-summary = 每个地区一格，按编码排列，不是地图，不表示疆界。数字见“各地区”表。

## Changes
part-changes = 与另一次求解的比较
changes-intro = 与对照结果不同之处，在本附件各处就地标明：取消的加删除线，新增的加下划线；工作簿中另有批注写明原值。图只反映本次结果。下列各表集中列出主要变化。
changes-none = 两次求解的指标、规则和资金线相同。
changes-other-unit = 两次求解的金额单位不同，不作逐项比较。
fact-this-run = 本次
fact-other-run = 对照
rule-told-hard = { $kind } { $parameters }
rule-told-soft = { $kind }（弹性） { $parameters }
was = 原为 { $value }
run-told = 情景 { $scenario }，政策 { $policy }，{ $date }，输入 { $hash }
head-other-run = 对照
head-this-run = 本次
head-mark = 标记
mark-new = 新增
mark-gone = 取消
mark-changed = 变化
table-changed-metrics = 有变化的指标
table-changed-rules = 有变化的规则和参数
table-changed-sites = 有变化的受援地
table-changed-lines = 有变化的资金线
row-all-lines = 全部资金线

## Allocation
part-allocation = 资金安排
allocation-intro = 本方案共安排{ $lines }。金额单位：{ $unit }。各小计、合计均由整数单位相加得出，分毫不差。
part-by-province-and-site = 按支援方和受援地
part-by-site-and-sector = 按受援地和领域
part-by-region = 按地区和领域
part-by-year = 分年度（分步骤实施）
table-province = 各支援方
table-province-site = 按支援方和受援地安排的资金
table-site = 各受援地
table-site-sector = 按受援地和领域安排的资金
table-region = 各地区
table-sector = 各领域
table-year-province = 各支援方分年度
table-year-sector = 各领域分年度
head-province = 支援方
head-site = 受援地
head-region = 地区
head-sector = 领域
head-need = 需求
head-money = 资金
head-covered = 满足率
head-change = 增减
head-capacity = 财力
head-used = 使用率
head-sites = 受援地数
head-lines = 资金线数
row-subtotal = { $name }小计
row-total = 合计

## Concentration
part-concentration = 集中度与分散度
concentration-intro = 资金集中和分散的程度，与对照方案比较；资金线数和结对关系数见“主要指标”。
table-concentration = 集中度与分散度指标
part-focus = 重点受援地
focus-none = 本政策没有规定重点受援地。
focus-intro = 规则{ $rule }：{ $number }个重点受援地的资金占比不低于{ $share }。指定的重点受援地在前，其余按资金多少确定。
focus-of-a-part = 该规则只计一部分资金，重点受援地名单由情景数据确定，此处不列。
table-focus = 重点受援地（规则{ $rule }）
head-share-of-money = 资金占比
head-weight = 平均权重
head-why = 原因
focus-fixed = 政策指定
focus-ranked = 资金第{ $rank }位
part-smallest = 最小的资金线
table-smallest = 最小的{ $number }条资金线

## Rules
part-rules = 规则
rules-intro = 每条规则由独立的复核程序以整数运算在写出的方案上重新测算。“最紧处”是余地最小的一处；有不满足时为缺口最大的一处。
table-rules = 规则、来源、要求、实测和结论
head-rule = 编号
head-title = 规则
head-source = 来源
head-strength = 性质
head-instances = 检查数
head-failing = 不满足
head-tightest = 最紧处
head-where = 对象
head-asked = 要求
head-measured = 实测
head-verdict = 结论
head-price = 代价
head-missing = 差额
strength-hard = 强制
strength-soft = 弹性
verdict-pass = 满足
verdict-fail = 不满足
verdict-short = 未达到
scope-programme = 整个项目
prices-note = 代价是去掉该规则后目标“{ $objective }”最多能改善多少，以区间给出。
prices-none = 未计算规则的代价；用 allot explain 可以计算。
price-about = 约 { $number }
price-between = { $least } 至 { $most }
price-unknown = 未知
part-failing = 不满足的规则
failing-none = 规则全部满足。
table-failing = 不满足之处（差额按金额单位或个数）

## Industry
part-industry = 产业和园区
industry-intro = 领域对应产业的资金，即在受援地建设该产业的资金。区位商大于1表示该地专门化程度高于全部受援地的平均水平。
table-industries = 各产业
table-built = 各受援地的产业
table-parks = 园区
head-code = 代码
head-industry = 产业
head-in-parks = 园区内
head-hhi = 集中度指数
head-quotient = 区位商
head-neighbours = 相邻同业数
head-park = 园区
head-kind = 类别
head-host = 所在地
park-joint = 共建园区
park-demonstration = 示范园区
park-enclave = 飞地园区

## Talent
part-talent = 人才选派
talent-intro = 只列专业、人数和岗位，不含任何个人信息。
table-placements = 选派安排
table-structure = 各地区、各专业的岗位
table-vacant = 未满的岗位
table-idle = 未安排的人员
head-profession = 专业
head-secondees = 人员组
head-posts-group = 岗位组
head-persons = 人数
head-full-time = 全职比例
head-fit = 匹配度
head-posts = 岗位数
head-reach = 可选派
head-filled = 到位
head-vacant = 空缺
head-idle = 未安排
why-nobody-fits = 没有合适的人选
why-not-enough = 人选不足或被其他岗位使用

## Needs
part-needs = 不予安排和未满足的需求
part-exclusions = 不予安排的资金线
exclusions-none = 没有不予安排的资金线。
table-exclusions = 不予安排的资金线和记录的理由
head-reason = 理由
every-one = 全部
part-unmet = 未满足的需求
unmet-intro = { $all }项需求中有{ $number }项没有安排资金。“没有余地的规则”是与该需求有关、已无余地的规则；确切原因和代价可用 allot explain 求得。
table-unmet = 没有安排资金的需求
table-unmet-site = 各受援地需求的满足情况
head-rules-without-room = 没有余地的规则
why-excluded = 不予安排，理由见上表
why-no-pairing = 没有结对的支援方
why-elsewhere = 目标把资金安排在了别处
why-no-room = 没有余地的规则：{ $rules }

## Assumptions
part-assumptions = 假设、方法和记录
part-provenance = 数据来源
provenance-none = 情景没有说明各列数据的来源。
provenance-intro = 每一列数据标明是有来源、推算还是示例。示例数据不是统计数据。
table-provenance = 各列数据的来源
head-table = 表
head-column = 列
kind-sourced = 有来源
kind-derived = 推算
kind-illustrative = 示例
kind-not-stated = 未说明
part-method = 方法
method-model = 模型：把情景和政策写成混合整数线性模型，每条资金线（支援方、受援地、领域）每年一个金额变量，必要时有是否安排的0—1变量。
method-stages = 阶段：目标按顺序逐个求解，保留每个阶段的取值和界。
method-units = 取整：把小数解变成整数单位，行列合计不变；之后不再改动。
method-audit = 复核：方案写成文件后再读回，每条规则由不接触模型和求解器的程序以整数运算测算。
method-bound = 界：差距是求解器的说法；“已证明的差距”由独立验证程序以整数运算证明。
method-limits = 局限：方案的好坏取决于输入数据；本方案是建议，不代替决策。
part-record = 求解记录
fact-solver = 求解器
solver-named = { $name } { $version }
fact-gap = 要求的差距
fact-threads = 线程数
fact-seed = 随机种子
fact-time-limit = 时间限制（秒）
fact-baseline = 基准方案的政策
fact-override = 更改的输入
table-inputs = 输入文件
head-file = 文件
head-hash = SHA-256
part-glossary = 术语
table-glossary = 术语
head-term = 术语
head-meaning = 含义
term-line = 资金线
meaning-line = 一个支援方在一个受援地资助一个领域。
term-ticket = 单线金额、起点金额
meaning-ticket = 一条资金线在整个期间的金额；起点金额是规则允许的最小值。
term-need = 需求
meaning-need = 受援地在一个领域需要的金额，来自情景数据。
term-coverage = 需求满足率
meaning-coverage = 已满足的需求除以全部需求；超过需求的资金不计。
term-focus = 重点受援地
meaning-focus = 政策要求集中资金的受援地。
term-thinness = 低于起点金额的资金占比
meaning-thinness = 单线金额低于起点金额的资金线的资金占全部资金的比例（撒胡椒面程度）。
term-hhi = 集中度指数
meaning-hhi = 各受援地资金占比的平方和；其倒数是有效受援地数。
term-baseline = 基准方案
meaning-baseline = 用另一政策（通常是按比例分配）在同样数据上得到的方案，用于比较。
term-last-plan = 上期方案
meaning-last-plan = 情景数据中已有的承诺。
term-gap = 差距
meaning-gap = 方案与界的相对距离；任何方案都不会比界更好。
term-certified = 证书
meaning-certified = 一组整数乘子，任何人都可以用独立程序重新验证规则和界。
term-hard = 强制规则、弹性规则
meaning-hard = 强制规则必须满足；弹性规则允许不足，但要付出代价并列出。

## The workbook
xlsx-read-me = 说明
xlsx-charts = 图
amounts-in = 金额单位：{ $unit }

## The page in HTML
ui-contents = 目录
ui-skip = 跳到正文
ui-language = 语言
ui-filter = 筛选
ui-filter-table = 筛选此表
ui-sort = 点击列头排序
ui-rows = 显示{ $number }行
ui-table = 表{ $number }  { $caption }
ui-figure = 图{ $number }  { $caption }
ui-other-language = English
