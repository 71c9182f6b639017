//! A small scenario as plain numbers, written as a folder that the program reads.

use std::fmt::Write as _;
use std::path::Path;

use allot::domain::Scenario;

/// A donor: `p1`, `p2` … by position.
#[derive(Debug, Clone)]
pub struct Province {
    /// Amounts by year.
    pub capacity: Vec<i64>,
    /// Hundredths of a year's rest that the next year may use.
    pub carry_over: i64,
}

/// A recipient: `s1`, `s2` … by position.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its region.
    pub region: &'static str,
    /// Persons.
    pub population: Option<i64>,
    /// The same amount each year.
    pub absorption: Option<i64>,
}

/// A park: an enclave where it shares its benefits, else a joint park.
#[derive(Debug, Clone)]
pub struct Park {
    /// Where it is.
    pub host: usize,
    /// What it admits.
    pub sectors: Vec<usize>,
    /// The most over the horizon.
    pub capacity: Option<i64>,
    /// Site, basis points.
    pub shares: Vec<(usize, i64)>,
}

/// A group of secondees: `g1`, `g2` … by position.
#[derive(Debug, Clone)]
pub struct Secondees {
    /// Who sends them.
    pub province: usize,
    /// `d1`, for whom `d2` may stand in at 0.4, or `d2`, by position.
    pub profession: usize,
    /// Persons.
    pub number: i64,
    /// Halves of full time.
    pub halves: i64,
}

/// A group of posts, also for half a day: `j1`, `j2` … by position.
#[derive(Debug, Clone)]
pub struct Posts {
    /// Where.
    pub site: usize,
    /// As that of secondees.
    pub profession: usize,
    /// Full-time posts.
    pub number: i64,
    /// Hundredths.
    pub priority: i64,
    /// Fewest persons of one province together.
    pub team: Option<i64>,
}

/// A small scenario. Sectors are `k1`, `k2` …; positions stand for members everywhere.
#[derive(Debug, Clone)]
pub struct World {
    /// How many years, from 2026.
    pub years: usize,
    /// Currency in one unit of money.
    pub unit: i64,
    /// Currency in one amount of a table.
    pub amounts_in: i64,
    /// Donors.
    pub provinces: Vec<Province>,
    /// Recipients.
    pub sites: Vec<Site>,
    /// Groups of each sector, separated by `;`.
    pub sectors: Vec<&'static str>,
    /// Province, site, hundredths of effectiveness.
    pub pairings: Vec<(usize, usize, i64)>,
    /// Site, sector, amount.
    pub needs: Vec<(usize, usize, i64)>,
    /// Province, sector, the most that it can supply.
    pub sector_capacity: Vec<(usize, usize, i64)>,
    /// Site, hundredths of weight.
    pub site_weights: Vec<(usize, i64)>,
    /// Province, site, sector, year (position) or any, amount.
    pub commitments: Vec<(usize, usize, usize, Option<usize>, i64)>,
    /// Province, site, sector; `None` is all.
    pub exclusions: Vec<(Option<usize>, Option<usize>, Option<usize>)>,
    /// Industry of each sector, `i1`, `i2` … by number, all of section `I`; sectors beyond the list have none.
    pub industries: Vec<Option<usize>>,
    /// Pairs of neighbouring sites.
    pub neighbours: Vec<(usize, usize)>,
    /// Parks: `m1`, `m2` … by position.
    pub parks: Vec<Park>,
    /// Groups of secondees.
    pub secondees: Vec<Secondees>,
    /// Groups of posts.
    pub posts: Vec<Posts>,
    /// The last plan's teams: province, site, profession, persons.
    pub last: Vec<(usize, usize, usize, i64)>,
}

/// A table: its name, its header, its rows.
pub type Sheet = (&'static str, Vec<String>, Vec<Vec<String>>);

fn hundredths(number: i64) -> String {
    format!("{}.{:02}", number / 100, number % 100)
}

fn id(letter: char, position: usize) -> String {
    format!("{letter}{}", position + 1)
}

fn strings<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

impl World {
    /// Every province paired with every site at full effect, every site in need of every sector.
    /// Capacities and absorption are by year, the same for all.
    pub fn full(years: usize, provinces: &[i64], sites: &[&[i64]]) -> Self {
        let province = |&capacity: &i64| Province { capacity: vec![capacity; years], carry_over: 0 };
        let regions = ["north", "south"];
        let site = |s: usize| Site { region: regions[s % 2], population: None, absorption: None };
        let groups = ["livelihood", "industry", ""];
        let needs = |s: usize| sites[s].iter().enumerate().map(move |(k, &amount)| (s, k, amount));
        let sectors = sites.iter().map(|needs| needs.len()).max().unwrap_or(0);
        Self {
            years,
            unit: 1,
            amounts_in: 1,
            provinces: provinces.iter().map(province).collect(),
            sites: (0..sites.len()).map(site).collect(),
            sectors: (0..sectors).map(|k| groups[k.min(2)]).collect(),
            pairings: (0..provinces.len()).flat_map(|p| (0..sites.len()).map(move |s| (p, s, 100))).collect(),
            needs: (0..sites.len()).flat_map(needs).collect(),
            sector_capacity: Vec::new(),
            site_weights: Vec::new(),
            commitments: Vec::new(),
            exclusions: Vec::new(),
            industries: Vec::new(),
            neighbours: Vec::new(),
            parks: Vec::new(),
            secondees: Vec::new(),
            posts: Vec::new(),
            last: Vec::new(),
        }
    }

    /// Its tables, empty ones left out.
    pub fn sheets(&self) -> Vec<Sheet> {
        let mut sheets = self.member_sheets();
        let one = |letter, member: Option<usize>| member.map_or("*".to_owned(), |m| id(letter, m));
        let rows =
            self.pairings.iter().map(|&(p, s, e)| vec![id('p', p), id('s', s), hundredths(e)]).collect();
        sheets.push(("pairings", strings(["province_id", "site_id", "effectiveness"]), rows));
        let rows = self.needs.iter().map(|&(s, k, n)| vec![id('s', s), id('k', k), n.to_string()]).collect();
        sheets.push(("needs", strings(["site_id", "sector_id", "amount"]), rows));
        let most = |&(p, k, most): &(usize, usize, i64)| vec![id('p', p), id('k', k), most.to_string()];
        let header = strings(["province_id", "sector_id", "amount"]);
        sheets.push(("sector_capacity", header, self.sector_capacity.iter().map(most).collect()));
        let weight = |&(s, weight): &(usize, i64)| vec!["site".to_owned(), id('s', s), hundredths(weight)];
        let rows = self.site_weights.iter().map(weight).collect();
        sheets.push(("priorities", strings(["kind", "id", "weight"]), rows));
        let commitment = |&(p, s, k, year, amount): &(usize, usize, usize, Option<usize>, i64)| {
            let year = year.map(|year| (2026 + year).to_string()).unwrap_or_default();
            vec![id('p', p), id('s', s), id('k', k), year, amount.to_string()]
        };
        let header = strings(["province_id", "site_id", "sector_id", "year", "amount"]);
        sheets.push(("commitments", header, self.commitments.iter().map(commitment).collect()));
        let exclusion = |&(p, s, k): &(Option<usize>, Option<usize>, Option<usize>)| {
            vec![one('p', p), one('s', s), one('k', k), "a test".to_owned()]
        };
        let header = strings(["province_id", "site_id", "sector_id", "reason"]);
        sheets.push(("exclusions", header, self.exclusions.iter().map(exclusion).collect()));
        sheets.extend(self.industry_sheets());
        sheets.extend(self.talent_sheets());
        sheets.retain(|(_, _, rows)| !rows.is_empty());
        sheets
    }

    fn talent_sheets(&self) -> [Sheet; 4] {
        let halves = |halves: i64| if halves == 2 { "1" } else { "0.5" }.to_owned();
        let secondees = self.secondees.iter().enumerate().map(|(g, group)| {
            let ids = [id('g', g), id('p', group.province), id('d', group.profession)];
            [ids.to_vec(), vec![group.number.to_string(), halves(group.halves)]].concat()
        });
        let posts = self.posts.iter().enumerate().map(|(j, group)| {
            let ids = [id('j', j), id('s', group.site), id('d', group.profession)];
            let team = group.team.map(|team| team.to_string()).unwrap_or_default();
            let rest = [group.number.to_string(), hundredths(group.priority), team, halves(1)];
            [ids.to_vec(), rest.to_vec()].concat()
        });
        let last = self
            .last
            .iter()
            .map(|&(p, s, k, number)| vec![id('p', p), id('s', s), id('d', k), number.to_string()]);
        let mut professions = vec![strings(["d1", "d1", "d1", "d2=4000"]), strings(["d2", "d2", "d2", ""])];
        if self.secondees.is_empty() && self.posts.is_empty() {
            professions.clear();
        }
        let header = ["secondees_id", "province_id", "profession_id", "number", "full_time"];
        let of_posts = ["posts_id", "site_id", "profession_id", "number", "priority", "team", "full_time"];
        [
            ("professions", strings(["profession_id", "name_zh", "name_en", "substitutes"]), professions),
            ("secondees", strings(header), secondees.collect()),
            ("posts", strings(of_posts), posts.collect()),
            ("placements", strings(["province_id", "site_id", "profession_id", "number"]), last.collect()),
        ]
    }

    fn industry_sheets(&self) -> [Sheet; 3] {
        let mut numbers: Vec<usize> = self.industries.iter().flatten().copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        let division = |number| {
            let code = id('i', number);
            vec![code.clone(), code.clone(), code, "I".to_owned()]
        };
        let mut industries: Vec<Vec<String>> = numbers.into_iter().map(division).collect();
        if !industries.is_empty() {
            industries.push(strings(["I", "I", "I", ""]));
        }
        let pairs = self.neighbours.iter().map(|&(a, b)| vec![id('s', a), id('s', b)]).collect();
        let park = |(m, park): (usize, &Park)| {
            let joined = |cells: Vec<String>| cells.join(";");
            let kind = if park.shares.is_empty() { "joint" } else { "enclave" };
            vec![
                id('m', m),
                id('m', m),
                id('m', m),
                kind.to_owned(),
                id('s', park.host),
                joined(park.sectors.iter().map(|&k| id('k', k)).collect()),
                park.capacity.map(|most| most.to_string()).unwrap_or_default(),
                joined(park.shares.iter().map(|&(s, points)| format!("{}={points}", id('s', s))).collect()),
            ]
        };
        let parks = self.parks.iter().enumerate().map(park).collect();
        let names =
            ["park_id", "name_zh", "name_en", "kind", "host", "sectors", "capacity", "benefit_shares"];
        [
            ("industries", strings(["industry_id", "name_zh", "name_en", "parent"]), industries),
            ("neighbours", strings(["site_a", "site_b"]), pairs),
            ("parks", strings(names), parks),
        ]
    }

    fn member_sheets(&self) -> Vec<Sheet> {
        let mut header = strings(["province_id", "name_zh", "name_en", "carry_over"]);
        header.extend((0..self.years).map(|year| format!("capacity_{}", 2026 + year)));
        let province = |(p, province): (usize, &Province)| {
            let mut row = vec![id('p', p), id('p', p), id('p', p), hundredths(province.carry_over)];
            row.extend(province.capacity.iter().map(i64::to_string));
            row
        };
        let provinces = self.provinces.iter().enumerate().map(province).collect();
        let optional = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        let site = |(s, site): (usize, &Site)| {
            let ids = [id('s', s), id('s', s), id('s', s), site.region.to_owned()];
            [ids.to_vec(), vec![optional(site.population), optional(site.absorption)]].concat()
        };
        let site_header = strings(["site_id", "name_zh", "name_en", "region", "population", "absorption"]);
        let sites = self.sites.iter().enumerate().map(site).collect();
        let sector = |(k, groups): (usize, &&str)| {
            let industry = self.industries.get(k).copied().flatten().map(|i| id('i', i)).unwrap_or_default();
            vec![id('k', k), id('k', k), id('k', k), (*groups).to_owned(), industry]
        };
        let sectors = self.sectors.iter().enumerate().map(sector).collect();
        vec![
            ("provinces", header, provinces),
            ("sites", site_header, sites),
            ("sectors", strings(["sector_id", "name_zh", "name_en", "groups", "industry"]), sectors),
        ]
    }

    /// Its `scenario.toml`.
    pub fn head(&self) -> String {
        let years: Vec<String> = (0..self.years).map(|year| (2026 + year).to_string()).collect();
        format!(
            "id = \"small\"\ntitle = {{ zh = \"小\", en = \"small\" }}\nyears = [{}]\npolicy = \"policy.toml\"\n\
             [money]\ncurrency = \"CNY\"\nunit = {}\namounts_in = {}\n",
            years.join(", "),
            self.unit,
            self.amounts_in
        )
    }

    /// Writes it into a folder.
    pub fn write(&self, folder: &Path) {
        self.write_sheets(folder, &self.sheets());
    }

    /// Writes it with tables as they are given, for example in another order.
    pub fn write_sheets(&self, folder: &Path, sheets: &[Sheet]) {
        std::fs::write(folder.join("scenario.toml"), self.head()).unwrap();
        for (name, header, rows) in sheets {
            let mut text = String::new();
            for row in std::iter::once(header).chain(rows) {
                writeln!(text, "{}", row.join(",")).unwrap();
            }
            std::fs::write(folder.join(format!("{name}.csv")), text).unwrap();
        }
    }

    /// Writes and reads it.
    pub fn load(&self) -> Scenario {
        let folder = tempfile::tempdir().unwrap();
        self.write(folder.path());
        super::load(folder.path())
    }
}
