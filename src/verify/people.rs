//! People: who may be placed where and how well, the placements of a plan, and the most that posts can earn at
//! prices. What rules say of them stands with the other rules.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::exact::{MICRO, add, down, mul, sub, up};
use super::input::{Input, Posts, Secondees};
use super::site::Why;

/// Largest number of persons, posts, months or grades.
const LARGEST: i64 = 1_000_000_000;

/// Secondees who may be placed in posts.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Position of the secondees.
    pub secondees: usize,
    /// Position of the posts.
    pub posts: usize,
    /// How well, in millionths; over 0.
    pub fit: i128,
    /// The most persons.
    pub most: i128,
    /// Its team: those of one province at one site in posts of one profession. Numbered as they come.
    pub team: usize,
}

/// The product of two numbers in millionths, to the nearest.
fn times(a: i128, b: i128) -> i128 {
    down(a * b + MICRO / 2, MICRO)
}

/// How well a group fills posts, in millionths: profession, less what each missing grade loses.
fn fit(input: &Input, group: &Secondees, posts: &Posts) -> i128 {
    let Some(profession) = input.professions.iter().find(|own| own.id == posts.profession) else { return 0 };
    if group.months < posts.months || group.full_time < posts.full_time {
        return 0;
    }
    let own = if group.profession == posts.profession { Some(MICRO) } else { None };
    let other = profession.substitutes.iter().find(|(other, _)| *other == group.profession);
    let fit = own.or(other.map(|(_, fit)| i128::from(*fit))).unwrap_or(0);
    let missing = i128::from((posts.grade - group.grade).max(0));
    times(fit, (MICRO - i128::from(profession.grade_loss) * missing).max(0))
}

/// All candidates, by secondees and posts.
///
/// # Errors
/// When a number is out of its range, or an id is there twice.
pub fn candidates(input: &Input) -> Result<Vec<Candidate>, String> {
    let number = |number: &i64| (0..=LARGEST).contains(number);
    let share = |share: &i64| (0..=1_000_000).contains(share);
    let good = input.secondees.iter().all(|group| {
        number(&group.number)
            && group.grade.abs() <= LARGEST
            && number(&group.months)
            && (1..=1_000_000).contains(&group.full_time)
    }) && input.posts.iter().all(|group| {
        number(&group.number)
            && group.grade.abs() <= LARGEST
            && number(&group.months)
            && number(&group.priority)
            && share(&group.full_time)
            && group.team.as_ref().is_none_or(number)
    }) && input.teams.iter().all(|team| number(&team.number))
        && input.professions.iter().all(|own| {
            (0..=LARGEST).contains(&own.grade_loss) && own.substitutes.iter().all(|(_, fit)| share(fit))
        });
    if !good {
        return Err("input: a number about people is out of its range".to_owned());
    }
    super::programme::index("group of secondees", input.secondees.iter().map(|group| group.id.as_str()))?;
    super::programme::index("group of posts", input.posts.iter().map(|group| group.id.as_str()))?;
    super::programme::index("profession", input.professions.iter().map(|own| own.id.as_str()))?;
    let mut at_site: HashMap<&str, Vec<usize>> = HashMap::new();
    for (position, posts) in input.posts.iter().enumerate() {
        at_site.entry(&posts.site).or_default().push(position);
    }
    let mut sites: HashMap<&str, Vec<&str>> = HashMap::new();
    for link in &input.links {
        sites.entry(&link.province).or_default().push(&link.site);
    }
    let mut found = Vec::new();
    for (secondees, group) in input.secondees.iter().enumerate() {
        let linked = sites.get(group.province.as_str()).into_iter().flatten();
        for &posts in linked.filter_map(|site| at_site.get(site)).flatten() {
            let fit = fit(input, group, &input.posts[posts]);
            if fit > 0 {
                let room = i128::from(input.posts[posts].number) * MICRO / i128::from(group.full_time);
                let most = i128::from(group.number).min(room);
                found.push(Candidate { secondees, posts, fit, most, team: 0 });
            }
        }
    }
    found.sort_unstable_by_key(|candidate| (candidate.secondees, candidate.posts));
    let mut teams = HashMap::new();
    for candidate in &mut found {
        let (group, posts) = (&input.secondees[candidate.secondees], &input.posts[candidate.posts]);
        let next = teams.len();
        candidate.team = *teams.entry((&group.province, &posts.site, &posts.profession)).or_insert(next);
    }
    Ok(found)
}

/// Reads `talent.csv` as strictly as it was written: persons by candidate.
///
/// # Errors
/// What is wrong with it, with the row.
pub fn read(input: &Input, candidates: &[Candidate], bytes: &[u8]) -> Result<Vec<i64>, String> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().map_err(|error| format!("talent.csv: {error}"))?;
    if header.iter().take(3).collect::<Vec<_>>() != ["secondees_id", "posts_id", "number"] {
        return Err("talent.csv:1: the columns do not begin with secondees_id,posts_id,number".to_owned());
    }
    let mut people = vec![0_i64; candidates.len()];
    for record in reader.records() {
        let record = record.map_err(|error| format!("talent.csv: {error}"))?;
        let row = record.position().map_or(0, csv::Position::line);
        let wrong = |cause: String| format!("talent.csv:{row}: {cause}");
        let is = |candidate: &Candidate| {
            input.secondees[candidate.secondees].id == record[0]
                && input.posts[candidate.posts].id == record[1]
        };
        let none = || wrong(format!("'{}' may not be placed in '{}'", &record[0], &record[1]));
        let place = candidates.iter().position(is).ok_or_else(none)?;
        if people[place] != 0 {
            return Err(wrong("the placement is there twice".to_owned()));
        }
        let number = record[2].parse().ok().filter(|number| (1..=LARGEST).contains(number));
        people[place] =
            number.ok_or_else(|| wrong(format!("'{}' is not a whole number over 0", &record[2])))?;
    }
    Ok(people)
}

/// What one person of a candidate counts in `fit`, in 10⁻¹⁸: priority, fit and share of full time.
pub fn worth(input: &Input, candidate: &Candidate) -> i128 {
    let (group, posts) = (&input.secondees[candidate.secondees], &input.posts[candidate.posts]);
    i128::from(posts.priority) * candidate.fit * i128::from(group.full_time)
}

/// Most teams of a profession at a site that are looked at with and without; others come for nothing, which can
/// only raise the bound.
const MOST_TEAMS: usize = 10;

/// The most that people can earn at prices: `earns` is what a person of each candidate earns, `comes` what each team
/// costs that comes at all, both in 10⁻¹⁸. Posts of one profession at one site are looked at together.
pub fn best(input: &Input, candidates: &[Candidate], earns: &[i128], comes: &[i128]) -> Result<i128, Why> {
    let mut crews: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for at in (0..candidates.len()).filter(|at| earns[*at] > 0) {
        let posts = &input.posts[candidates[at].posts];
        crews.entry((&posts.site, &posts.profession)).or_default().push(at);
    }
    let mut sum = 0;
    for own in crews.into_values() {
        let teams: BTreeSet<usize> = own.iter().map(|&at| candidates[at].team).collect();
        let mut dear: Vec<usize> = teams.into_iter().filter(|&team| comes[team] > 0).collect();
        dear.truncate(MOST_TEAMS);
        let mut most = 0;
        for set in 0..1_usize << dear.len() {
            let stays = |team: usize| {
                dear.iter().position(|&other| other == team).is_some_and(|bit| set >> bit & 1 == 0)
            };
            let there = own.iter().copied().filter(|&at| !stays(candidates[at].team));
            let mut value = filled(input, candidates, earns, there)?;
            for (_, &team) in dear.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1) {
                value = sub(value, comes[team])?;
            }
            most = most.max(value);
        }
        sum = add(sum, most)?;
    }
    Ok(sum)
}

/// The most that some candidates can earn, each group of posts by itself and filled to its number. A part of a
/// person is rounded up.
fn filled(
    input: &Input,
    candidates: &[Candidate],
    earns: &[i128],
    there: impl Iterator<Item = usize>,
) -> Result<i128, Why> {
    let mut of_posts: BTreeMap<usize, Vec<(i128, i128, i128)>> = BTreeMap::new();
    for at in there {
        let candidate = &candidates[at];
        let time = i128::from(input.secondees[candidate.secondees].full_time);
        of_posts.entry(candidate.posts).or_default().push((earns[at], time, candidate.most));
    }
    let mut sum = 0;
    for (posts, mut own) in of_posts {
        // Who earns most in a share of full time comes first.
        for at in 1..own.len() {
            let mut place = at;
            while place > 0 && mul(own[place - 1].0, own[place].1)? < mul(own[place].0, own[place - 1].1)? {
                own.swap(place - 1, place);
                place -= 1;
            }
        }
        let mut room = i128::from(input.posts[posts].number) * MICRO;
        for (earns, time, most) in own {
            let taken = room.min(most * time);
            sum = add(sum, up(mul(earns, taken)?, time))?;
            room -= taken;
        }
    }
    Ok(sum)
}
