//! People on top of a synthetic instance: posts at every site, secondees who nearly suffice for those of a province's
//! own sites, and the rules on them. The instance itself stays as it was drawn.

use std::fmt::Write as _;

use super::{File, Instance, Shape, whole};
use crate::random::Random;

/// The streams of an instance and of what is laid over it differ.
const STREAM: u64 = 0x7461_6c65_6e74;
/// Stream of single people and posts.
const SINGLE: u64 = 0x7065_6f70_6c65;
/// Ids and names of professions, and who stands in for whom.
const PROFESSIONS: [(&str, &str, &str, &str); 4] = [
    ("doctor", "医生", "Doctor", "nurse=3000"),
    ("engineer", "工程师", "Engineer", ""),
    ("nurse", "护士", "Nurse", "doctor=8000"),
    ("teacher", "教师", "Teacher", ""),
];
/// Secondees of a profession as a share of the posts at a province's own sites.
const SUPPLY: f64 = 0.9;
/// How they are shared out over the grades 1, 2 and 3.
const GRADES: [f64; 3] = [0.3, 0.4, 0.3];
/// Names of skills.
const SKILLS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// Adds groups of secondees and posts to the files of [`super::generate`] for the same shape and seed.
#[must_use]
pub fn with_talent(files: Vec<File>, shape: Shape, seed: u64) -> Vec<File> {
    let instance = Instance::draw(shape, &mut Random::new(seed));
    let mut random = Random::new(seed ^ STREAM);
    let numbers: Vec<[u64; 4]> = (0..shape.sites).map(|_| draw_numbers(&mut random)).collect();
    let all: u64 = numbers.iter().flatten().sum();
    let stage = "[[stages]]\nkind = \"tie_break\"";
    let mut files: Vec<File> = files
        .into_iter()
        .map(|(name, text)| match name {
            "policy.toml" => {
                let text = text.replace(stage, &format!("[[stages]]\nkind = \"fit\"\n\n{stage}"));
                (name, text + &rules(all))
            }
            _ => (name, text),
        })
        .collect();
    files.push(("professions.csv", professions()));
    files.push(("posts.csv", posts(&numbers, &mut random)));
    files.push(("secondees.csv", secondees(&instance, &numbers)));
    files.push(("placements.csv", placements(&instance, &numbers)));
    files
}

/// Adds so many single people and single posts.
#[must_use]
pub fn with_people(mut files: Vec<File>, shape: Shape, seed: u64, number: usize) -> Vec<File> {
    let instance = Instance::draw(shape, &mut Random::new(seed));
    let mut random = Random::new(seed ^ SINGLE);
    let mut people = "person_id,province_id,profession_id,grade,skills\n".to_owned();
    let mut posts = "post_id,site_id,profession_id,grade,priority,skills\n".to_owned();
    for n in 0..number {
        let (site, profession) = (random.position(shape.sites), random.position(PROFESSIONS.len()));
        let (province, grade) = (instance.own[site], 1 + random.below(3));
        let [one, other] = [(); 2].map(|()| SKILLS[random.position(SKILLS.len())]);
        let id = PROFESSIONS[profession].0;
        let _ = writeln!(people, "n{n:06},p{province:03},{id},{grade},{one};{other}");
        let (site, profession) = (random.position(shape.sites), random.position(PROFESSIONS.len()));
        let (grade, priority) = (1 + random.below(3), 100 + 25 * random.below(5));
        let [one, other] = [(); 2].map(|()| SKILLS[random.position(SKILLS.len())]);
        let (id, hundredths) = (PROFESSIONS[profession].0, priority % 100);
        let _ = writeln!(
            posts,
            "q{n:06},s{site:05},{id},{grade},{}.{hundredths:02},{one};{other}",
            priority / 100
        );
    }
    if files.iter().all(|(name, _)| *name != "professions.csv") {
        files.push(("professions.csv", professions()));
    }
    files.push(("people.csv", people));
    files.push(("post_list.csv", posts));
    files
}

fn professions() -> String {
    let mut text = "profession_id,name_zh,name_en,substitutes\n".to_owned();
    for (id, zh, en, substitutes) in PROFESSIONS {
        let _ = writeln!(text, "{id},{zh},{en},{substitutes}");
    }
    text
}

/// Posts at a site by profession; some doctors at every one.
fn draw_numbers(random: &mut Random) -> [u64; 4] {
    std::array::from_fn(|profession| {
        let number = 1 + random.below(6);
        if profession == 0 || random.unit() < 0.75 { number } else { 0 }
    })
}

fn posts(numbers: &[[u64; 4]], random: &mut Random) -> String {
    let mut text = "posts_id,site_id,profession_id,grade,number,priority,team,months,full_time\n".to_owned();
    for (site, numbers) in numbers.iter().enumerate() {
        for ((id, ..), number) in PROFESSIONS.iter().zip(numbers).filter(|(_, number)| **number > 0) {
            let (grade, priority) = (1 + random.below(3), 2 + random.below(3));
            let team = if *id == "doctor" && *number >= 3 { "3" } else { "" };
            let full_time = if random.below(5) == 0 { "0.5" } else { "" };
            let (ones, half) = (priority / 2, if priority % 2 == 0 { "" } else { ".5" });
            let _ = writeln!(
                text,
                "s{site:05}-{id},s{site:05},{id},{grade},{number},{ones}{half},{team},12,{full_time}"
            );
        }
    }
    text
}

fn secondees(instance: &Instance, numbers: &[[u64; 4]]) -> String {
    let mut text = "secondees_id,province_id,profession_id,grade,number,months,full_time\n".to_owned();
    for province in 0..instance.shape.provinces {
        let own = || numbers.iter().zip(&instance.own).filter(move |(_, own)| **own == province);
        for (profession, (id, ..)) in PROFESSIONS.iter().enumerate() {
            let posts: u64 = own().map(|(numbers, _)| numbers[profession]).sum();
            for (grade, share) in (1..).zip(GRADES).filter(|_| posts > 0) {
                let number = whole(posts as f64 * SUPPLY * share).max(1);
                let _ =
                    writeln!(text, "p{province:03}-{id}-{grade},p{province:03},{id},{grade},{number},18,");
            }
            if profession == 0 && posts > 0 {
                let number = whole(posts as f64 * 0.1).max(1);
                let _ = writeln!(text, "p{province:03}-{id}-half,p{province:03},{id},3,{number},18,0.5");
            }
        }
    }
    text
}

/// Two doctors of each province at the first of its own sites that has as many posts.
fn placements(instance: &Instance, numbers: &[[u64; 4]]) -> String {
    let mut text = "province_id,site_id,profession_id,number\n".to_owned();
    for province in 0..instance.shape.provinces {
        let first = (0..numbers.len()).find(|site| instance.own[*site] == province && numbers[*site][0] > 1);
        if let Some(site) = first {
            let _ = writeln!(text, "p{province:03},s{site:05},doctor,2");
        }
    }
    text
}

fn rules(posts: u64) -> String {
    format!(
        r#"
[rules.R31]
rule = "scale_cap"
title = {{ zh = "选派总规模", en = "Scale" }}
number = {}

[rules.R32]
rule = "profession_share"
title = {{ zh = "教师占比", en = "Structure" }}
professions = ["teacher"]
max = 0.25

[rules.R33]
rule = "team_size"
title = {{ zh = "组团式", en = "Teams or none" }}

[rules.R34]
rule = "maximum_vacancy"
title = {{ zh = "空缺上限", en = "Vacancy" }}
share = 0.5

[rules.R35]
rule = "team_continuity"
title = {{ zh = "团队连续", en = "Teams stay" }}
keep = 0.5

[rules.R36]
rule = "requires"
title = {{ zh = "资金与团队同步", en = "Money with its team" }}
of = "line"
select = {{ sectors = ["k00"] }}
professions = ["doctor"]
"#,
        posts * 4 / 5
    )
}
