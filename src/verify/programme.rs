//! The recorded input with its ids resolved, and a plan on its lines.

use std::collections::HashMap;
use std::ops::Range;

use super::input::{self, Input};
use super::people::{self, Candidate};

/// The largest amount of money: 60 years of it fit into 64 bits.
const LARGEST: i64 = 9_000_000_000_000_000;

/// A candidate line: a pairing, and a need of its site.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// Position of the pairing.
    pub link: usize,
    /// Position of the province.
    pub province: usize,
    /// Position of the site.
    pub site: usize,
    /// Position of the sector.
    pub sector: usize,
    /// Position of the need.
    pub need: usize,
}

/// The input with positions for ids.
#[derive(Debug)]
pub struct Programme<'a> {
    /// As it was recorded.
    pub input: &'a Input,
    /// Candidate lines: the pairings in order, for each the needs of its site in order.
    pub lines: Vec<Line>,
    /// Lines of each pairing.
    pub of_link: Vec<Range<usize>>,
    /// Pairings of each site.
    pub links_at: Vec<Vec<usize>>,
    /// Needs of each site.
    pub needs_at: Vec<Vec<usize>>,
    /// Who may be placed where.
    pub candidates: Vec<Candidate>,
    /// Positions of provinces, sites and sectors.
    ids: [HashMap<&'a str, usize>; 3],
    by_key: HashMap<(usize, usize, usize), usize>,
}

fn sum<'n>(amounts: impl Iterator<Item = &'n i64>) -> i128 {
    amounts.map(|amount| i128::from(*amount)).sum()
}

/// Positions of members; an id that is there twice is told.
pub fn index<'a>(what: &str, ids: impl Iterator<Item = &'a str>) -> Result<HashMap<&'a str, usize>, String> {
    let mut map = HashMap::new();
    for (position, id) in ids.enumerate() {
        if map.insert(id, position).is_some() {
            return Err(format!("input: the {what} '{id}' is there twice"));
        }
    }
    Ok(map)
}

impl<'a> Programme<'a> {
    /// Resolves an input.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of(input: &'a Input) -> Result<Self, String> {
        let ids = [
            index("province", input.provinces.iter().map(|p| p.id.as_str()))?,
            index("site", input.sites.iter().map(|s| s.id.as_str()))?,
            index("sector", input.sectors.iter().map(|k| k.id.as_str()))?,
        ];
        index("rule", input.rules.iter().map(|rule| rule.id.as_str()))?;
        let mut this = Self {
            input,
            lines: Vec::new(),
            of_link: Vec::with_capacity(input.links.len()),
            links_at: vec![Vec::new(); input.sites.len()],
            needs_at: vec![Vec::new(); input.sites.len()],
            candidates: people::candidates(input)?,
            ids,
            by_key: HashMap::new(),
        };
        this.check_numbers()?;
        let mut sectors = Vec::with_capacity(input.needs.len());
        for (position, need) in input.needs.iter().enumerate() {
            let site = this.site(&need.site)?;
            this.needs_at[site].push(position);
            sectors.push(this.sector(&need.sector)?);
        }
        for (position, link) in input.links.iter().enumerate() {
            let (province, site) = (this.province(&link.province)?, this.site(&link.site)?);
            this.links_at[site].push(position);
            let first = this.lines.len();
            for &need in &this.needs_at[site] {
                let line = Line { link: position, province, site, sector: sectors[need], need };
                if this.by_key.insert((province, site, line.sector), this.lines.len()).is_some() {
                    let (p, s) = (&link.province, &link.site);
                    return Err(format!("input: '{p}' and '{s}' are paired twice, or need a sector twice"));
                }
                this.lines.push(line);
            }
            this.of_link.push(first..this.lines.len());
        }
        Ok(this)
    }

    fn check_numbers(&self) -> Result<(), String> {
        let Input { years, provinces, sites, links, needs, sector_capacity, commitments, .. } = self.input;
        let horizon = years.len();
        let amount = |amount: &i64| (0..=LARGEST).contains(amount);
        let whole = |by_year: &[i64]| by_year.len() == horizon && by_year.iter().all(amount);
        let limits = |site: &input::Site| {
            site.absorption.len() == horizon
                && site.absorption.iter().chain([&site.population]).flatten().all(amount)
        };
        let fits = |amounts: &mut dyn Iterator<Item = &i64>| sum(amounts) <= i128::from(LARGEST) * 60;
        let need = |need: &input::Need| {
            amount(&need.amount) && need.weight >= 0 && need.by_year.as_ref().is_none_or(|n| whole(n))
        };
        let good = (1..=60).contains(&horizon)
            && years.windows(2).all(|pair| pair[0] < pair[1])
            && (1..=LARGEST).contains(&self.input.unit)
            && (1..=LARGEST).contains(&self.input.amounts_in)
            && fits(&mut provinces.iter().flat_map(|p| &p.budget))
            && fits(&mut needs.iter().map(|need| &need.amount))
            && fits(&mut commitments.iter().map(|promised| &promised.amount))
            && provinces.iter().all(|p| whole(&p.budget) && (0..=1_000_000).contains(&p.carry_over))
            && sites.iter().all(limits)
            && links.iter().all(|link| (1..=1_000_000).contains(&link.effectiveness))
            && needs.iter().all(need)
            && self.input.parks.iter().all(|park| park.capacity.as_ref().is_none_or(amount))
            && sector_capacity.iter().all(|most| amount(&most.amount))
            && commitments.iter().all(|promised| amount(&promised.amount));
        if good { Ok(()) } else { Err("input: a number or a list of years is out of its range".to_owned()) }
    }

    fn find(&self, which: usize, what: &str, id: &str) -> Result<usize, String> {
        self.ids[which].get(id).copied().ok_or_else(|| format!("there is no {what} '{id}' in the input"))
    }

    /// Position of a province.
    pub fn province(&self, id: &str) -> Result<usize, String> {
        self.find(0, "province", id)
    }

    /// Position of a site.
    pub fn site(&self, id: &str) -> Result<usize, String> {
        self.find(1, "site", id)
    }

    /// Position of a sector.
    pub fn sector(&self, id: &str) -> Result<usize, String> {
        self.find(2, "sector", id)
    }

    /// Position of a year.
    pub fn year(&self, year: i32) -> Result<usize, String> {
        self.input.years.binary_search(&year).map_err(|_| format!("there is no year {year} in the input"))
    }

    /// Position of a candidate line.
    pub fn line(&self, province: &str, site: &str, sector: &str) -> Result<usize, String> {
        let key = (self.province(province)?, self.site(site)?, self.sector(sector)?);
        let none = || format!("'{province}' may not fund '{sector}' at '{site}': no pairing, or no need");
        self.by_key.get(&key).copied().ok_or_else(none)
    }

    /// Number of years.
    pub fn horizon(&self) -> usize {
        self.input.years.len()
    }

    /// Province, site and sector of a line.
    pub fn names(&self, line: usize) -> Vec<String> {
        let Line { province, site, sector, .. } = self.lines[line];
        let Input { provinces, sites, sectors, .. } = self.input;
        vec![provinces[province].id.clone(), sites[site].id.clone(), sectors[sector].id.clone()]
    }

    /// Effectiveness of a line, in millionths.
    pub fn effect(&self, line: usize) -> i128 {
        i128::from(self.input.links[self.lines[line].link].effectiveness)
    }

    /// Money of the last plan on each line.
    pub fn last_plan(&self) -> Result<Vec<i64>, String> {
        let mut last = vec![0_i64; self.lines.len()];
        for input::Commitment { province, site, sector, amount, .. } in &self.input.commitments {
            let before = &mut last[self.line(province, site, sector)?];
            *before = before.checked_add(*amount).ok_or("input: the last plan is too large")?;
        }
        Ok(last)
    }

    /// Whether a line stands in the recorded exclusions.
    pub fn excluded(&self) -> Vec<bool> {
        let Input { provinces, sites, sectors, exclusions, .. } = self.input;
        let is = |wanted: &Option<String>, id: &String| wanted.as_ref().is_none_or(|wanted| wanted == id);
        let forbids = |e: &input::Exclusion, line: &Line| {
            is(&e.province, &provinces[line.province].id)
                && is(&e.site, &sites[line.site].id)
                && is(&e.sector, &sectors[line.sector].id)
        };
        self.lines.iter().map(|line| exclusions.iter().any(|e| forbids(e, line))).collect()
    }
}

/// Whole units on candidate lines, and persons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// By line and year, line after line.
    pub cells: Vec<i64>,
    /// By line.
    pub totals: Vec<i64>,
    /// Persons by candidate.
    pub people: Vec<i64>,
}

impl Money {
    /// Reads `plan.csv`, and `talent.csv` where there are people, as strictly as they were written.
    ///
    /// # Errors
    /// What is wrong with them, with the row.
    pub fn read(programme: &Programme<'_>, bytes: &[u8], talent: Option<&[u8]>) -> Result<Self, String> {
        let mut reader = csv::Reader::from_reader(bytes);
        let header = reader.headers().map_err(|error| format!("plan.csv: {error}"))?;
        if header != vec!["province_id", "site_id", "sector_id", "year", "amount"] {
            return Err(
                "plan.csv:1: the columns are not province_id,site_id,sector_id,year,amount".to_owned()
            );
        }
        let years = programme.horizon();
        let mut cells = vec![0_i64; programme.lines.len() * years];
        for record in reader.records() {
            let record = record.map_err(|error| format!("plan.csv: {error}"))?;
            let row = record.position().map_or(0, csv::Position::line);
            let wrong = |cause: String| format!("plan.csv:{row}: {cause}");
            let line = programme.line(&record[0], &record[1], &record[2]).map_err(wrong)?;
            let year = record[3].parse().map_err(|_| wrong(format!("'{}' is not a year", &record[3])))?;
            let cell = &mut cells[line * years + programme.year(year).map_err(wrong)?];
            if *cell != 0 {
                return Err(wrong("the line and year are there twice".to_owned()));
            }
            let amount = record[4].parse().ok().filter(|amount| (1..=LARGEST).contains(amount));
            *cell = amount.ok_or_else(|| wrong(format!("'{}' is not a whole amount over 0", &record[4])))?;
        }
        if sum(cells.iter()) > i128::from(LARGEST) * 60 {
            return Err("plan.csv: all money together is too much to count".to_owned());
        }
        let totals = cells.chunks(years).map(|cells| cells.iter().sum()).collect();
        let Input { secondees, posts, .. } = programme.input;
        let people = match talent {
            _ if secondees.is_empty() && posts.is_empty() => Vec::new(),
            Some(bytes) => people::read(programme.input, &programme.candidates, bytes)?,
            None => return Err("talent.csv: it is not there, and there are people or posts".to_owned()),
        };
        Ok(Self { cells, totals, people })
    }
}
