//! The check of a matching one to one: nothing of it is believed because a solver said it.

use std::collections::BTreeSet;

use crate::domain::{Pair, Scenario};

/// What is wrong with a matching, in words; empty is what is wanted.
pub fn check_matches(scenario: &Scenario, matched: &[Pair]) -> Vec<String> {
    let talent = &scenario.talent;
    let (mut people, mut posts, mut wrong) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for pair in matched {
        let (person, post) = (&talent.people[pair.person], &talent.post_list[pair.post]);
        if !people.insert(pair.person) {
            wrong.push(format!("'{}' has two posts", person.id));
        }
        if !posts.insert(pair.post) {
            wrong.push(format!("'{}' is filled twice", post.id));
        }
        if scenario.find_link(person.province, post.site).is_none() {
            wrong.push(format!("'{}' is not of a province paired with the site of '{}'", person.id, post.id));
        }
        let fit = talent.fit(&person.offers, &post.asks);
        if fit.micros() == 0 || fit != pair.fit {
            wrong.push(format!("'{}' fits '{}' by {fit}, not by {}", person.id, post.id, pair.fit));
        }
    }
    wrong
}
