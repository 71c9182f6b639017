//! The second resource: specialists whom provinces second (干部人才选派) and the posts that wait for them, over
//! the same links as the money. Ids, professions, grades and skills; nothing else is known of anybody.

use std::collections::BTreeMap;

use super::{Link, PostsId, ProfessionId, ProvinceId, SecondeesId, SiteId, Text};
use crate::units::{MICRO, Ratio};

/// A profession.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profession {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Who else may fill its posts, and how well, by profession.
    pub substitutes: Vec<(ProfessionId, Ratio)>,
    /// Fit lost in its posts for each grade below what a post asks.
    pub grade_loss: Ratio,
}

/// What a secondee offers, or what a post asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qualification {
    /// Which profession.
    pub profession: ProfessionId,
    /// Rank, the higher the more senior.
    pub grade: i64,
    /// Months: how long a secondee stays, how long a post asks for at least.
    pub months: i64,
    /// Share of full time: what a secondee gives, what a post asks at least.
    pub full_time: Ratio,
    /// Skills by name, ascending: those that a person has, those that a post asks. Groups have none.
    pub skills: Vec<String>,
}

/// Secondees of one province who are alike.
#[derive(Debug, Clone)]
pub struct Secondees {
    /// Stable id.
    pub id: String,
    /// Who sends them.
    pub province: ProvinceId,
    /// What each offers.
    pub offers: Qualification,
    /// Persons.
    pub number: i64,
}

/// Posts at one site that are alike.
#[derive(Debug, Clone)]
pub struct Posts {
    /// Stable id.
    pub id: String,
    /// Where.
    pub site: SiteId,
    /// What each asks.
    pub asks: Qualification,
    /// Full-time posts.
    pub number: i64,
    /// Weight of a filled post.
    pub priority: Ratio,
    /// Fewest persons of one province in the posts of this profession at the site, or none of it.
    pub team: Option<i64>,
}

/// A pair of groups that are linked and fit: secondees who may be placed in posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub secondees: SecondeesId,
    /// Where.
    pub posts: PostsId,
    /// How well, over 0 and at most 1.
    pub fit: Ratio,
}

/// Persons of a profession whom a province had at a site in the last plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastTeam {
    /// Who sent them.
    pub province: ProvinceId,
    /// Where.
    pub site: SiteId,
    /// In posts of which profession.
    pub profession: ProfessionId,
    /// Persons.
    pub number: i64,
}

/// One person, for matching one to one.
#[derive(Debug, Clone)]
pub struct Person {
    /// Stable id; not a name.
    pub id: String,
    /// Who sends the person.
    pub province: ProvinceId,
    /// What the person offers.
    pub offers: Qualification,
}

/// One post, for matching one to one.
#[derive(Debug, Clone)]
pub struct SinglePost {
    /// Stable id.
    pub id: String,
    /// Where.
    pub site: SiteId,
    /// What it asks.
    pub asks: Qualification,
    /// Weight.
    pub priority: Ratio,
}

/// A person and a post who are linked and fit: positions in [`Talent::people`] and [`Talent::post_list`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Who.
    pub person: usize,
    /// Which post.
    pub post: usize,
    /// How well, over 0 and at most 1.
    pub fit: Ratio,
}

/// All of it. Lists are sorted by id.
#[derive(Debug, Clone, Default)]
pub struct Talent {
    /// Professions.
    pub professions: Vec<Profession>,
    /// Groups of secondees.
    pub secondees: Vec<Secondees>,
    /// Groups of posts.
    pub posts: Vec<Posts>,
    /// Who may be placed where, by secondees and posts.
    pub candidates: Vec<Candidate>,
    /// The last plan's secondees, by province, site and profession.
    pub last: Vec<LastTeam>,
    /// Persons.
    pub people: Vec<Person>,
    /// Single posts.
    pub post_list: Vec<SinglePost>,
}

impl Talent {
    /// How well somebody with these qualifications fills a post that asks for those, from 0 to 1:
    ///
    /// `profession × max(0, 1 − loss · (grades below)) × (asked skills that are there ÷ asked skills)`,
    ///
    /// with 1 for the post's own profession, its substitutes' fit for others, and 0 for all else; 0 also for a
    /// shorter stay or a smaller share of full time than the post asks. Skills are rounded down to a millionth, the
    /// product to the nearest.
    pub fn fit(&self, offers: &Qualification, asks: &Qualification) -> Ratio {
        if offers.months < asks.months || offers.full_time < asks.full_time {
            return Ratio::ZERO;
        }
        let profession = &self.professions[asks.profession.0];
        let own = (offers.profession == asks.profession).then_some(Ratio::ONE);
        let other = || profession.substitutes.iter().find(|(other, _)| *other == offers.profession);
        let Some(fit) = own.or_else(|| other().map(|(_, fit)| *fit)) else { return Ratio::ZERO };
        let below = (asks.grade - offers.grade).max(0);
        let grade = (MICRO - profession.grade_loss.micros().saturating_mul(below)).max(0);
        let asked = i64::try_from(asks.skills.len()).unwrap_or(i64::MAX);
        let there = asks.skills.iter().filter(|skill| offers.skills.binary_search(skill).is_ok()).count();
        let skills = if asked == 0 { MICRO } else { i64::try_from(there).unwrap_or(0) * MICRO / asked };
        fit.times(Ratio::from_micros(grade)).times(Ratio::from_micros(skills))
    }

    /// Every pair of groups whose province and site are linked and that fit, by secondees and posts.
    pub fn candidates_over(&self, links: &[Link]) -> Vec<Candidate> {
        let mut at_site: BTreeMap<SiteId, Vec<PostsId>> = BTreeMap::new();
        for (position, posts) in self.posts.iter().enumerate() {
            at_site.entry(posts.site).or_default().push(PostsId(position));
        }
        let mut candidates = Vec::new();
        for (position, secondees) in self.secondees.iter().enumerate() {
            let first = links.partition_point(|link| link.province < secondees.province);
            let own = links[first..].iter().take_while(|link| link.province == secondees.province);
            for &posts in own.filter_map(|link| at_site.get(&link.site)).flatten() {
                let fit = self.fit(&secondees.offers, &self.posts[posts.0].asks);
                if fit > Ratio::ZERO {
                    candidates.push(Candidate { secondees: SecondeesId(position), posts, fit });
                }
            }
        }
        candidates.sort_unstable_by_key(|candidate| (candidate.secondees, candidate.posts));
        candidates
    }

    /// Every person and every single post whose province and site are linked and who fit, by person and post.
    pub fn pairs_over(&self, links: &[Link]) -> Vec<Pair> {
        let mut at_site: BTreeMap<SiteId, Vec<usize>> = BTreeMap::new();
        for (position, post) in self.post_list.iter().enumerate() {
            at_site.entry(post.site).or_default().push(position);
        }
        let mut pairs = Vec::new();
        for (position, person) in self.people.iter().enumerate() {
            let first = links.partition_point(|link| link.province < person.province);
            let own = links[first..].iter().take_while(|link| link.province == person.province);
            for &post in own.filter_map(|link| at_site.get(&link.site)).flatten() {
                let fit = self.fit(&person.offers, &self.post_list[post].asks);
                if fit > Ratio::ZERO {
                    pairs.push(Pair { person: position, post, fit });
                }
            }
        }
        pairs.sort_unstable_by_key(|pair| (pair.person, pair.post));
        pairs
    }

    /// Share of full time that each of a group gives.
    pub fn full_time(&self, secondees: SecondeesId) -> Ratio {
        self.secondees[secondees.0].offers.full_time
    }

    /// The most persons of a candidate: those that there are, as far as the posts hold them.
    pub fn most_placed(&self, candidate: &Candidate) -> i64 {
        let posts = self.posts[candidate.posts.0].number * MICRO;
        self.secondees[candidate.secondees.0].number.min(posts / self.full_time(candidate.secondees).micros())
    }

    /// Whether there is nobody to send and no post to fill.
    pub fn is_empty(&self) -> bool {
        self.secondees.is_empty() && self.posts.is_empty()
    }

    /// A profession by id.
    pub fn profession(&self, id: &str) -> Option<ProfessionId> {
        self.professions.binary_search_by(|member| member.id.as_str().cmp(id)).ok().map(ProfessionId)
    }

    /// The candidate of two groups, if there is one.
    pub fn candidate(&self, secondees: SecondeesId, posts: PostsId) -> Option<&Candidate> {
        let key = |candidate: &Candidate| (candidate.secondees, candidate.posts);
        let found = self.candidates.binary_search_by_key(&(secondees, posts), key).ok();
        found.map(|position| &self.candidates[position])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talent() -> Talent {
        let profession = |id: &str, substitutes| Profession {
            id: id.to_owned(),
            name: Text::default(),
            substitutes,
            grade_loss: Ratio::from_micros(250_000),
        };
        let nurse_for_doctor = vec![(ProfessionId(1), Ratio::from_micros(300_000))];
        Talent {
            professions: vec![profession("doctor", nurse_for_doctor), profession("nurse", vec![])],
            ..Talent::default()
        }
    }

    fn qualification(profession: usize, grade: i64, skills: &[&str]) -> Qualification {
        Qualification {
            profession: ProfessionId(profession),
            grade,
            months: 12,
            full_time: Ratio::ONE,
            skills: skills.iter().map(|&skill| skill.to_owned()).collect(),
        }
    }

    #[test]
    fn fit_is_profession_times_grade_times_skills() {
        let talent = talent();
        let fit = |offers, asks| talent.fit(&offers, &asks).micros();
        let doctor = |grade| qualification(0, grade, &[]);
        assert_eq!(fit(doctor(3), doctor(3)), MICRO);
        assert_eq!(fit(doctor(9), doctor(3)), MICRO, "more than is asked is no worse");
        assert_eq!([fit(doctor(2), doctor(3)), fit(doctor(1), doctor(9))], [750_000, 0]);
        assert_eq!(fit(qualification(1, 2, &[]), doctor(3)), 225_000);
        assert_eq!(
            fit(doctor(3), qualification(1, 3, &[])),
            0,
            "a substitute is not one the other way round"
        );
        let asks = qualification(0, 3, &["ct", "icu", "mri"]);
        assert_eq!(fit(qualification(0, 3, &["ct", "mri", "x"]), asks.clone()), 666_666);
        assert_eq!(fit(doctor(3), asks), 0);
    }

    #[test]
    fn a_post_asks_for_time() {
        let talent = talent();
        let post = qualification(0, 1, &[]);
        let short = Qualification { months: 11, ..post.clone() };
        let half = Qualification { full_time: Ratio::from_micros(500_000), ..post.clone() };
        assert_eq!([talent.fit(&short, &post), talent.fit(&half, &post)], [Ratio::ZERO; 2]);
        let flexible = Qualification { full_time: Ratio::from_micros(400_000), ..post };
        assert_eq!(talent.fit(&half, &flexible), Ratio::ONE);
    }
}
