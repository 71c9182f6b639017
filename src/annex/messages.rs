//! The words of an annex: one catalogue a language, in the format of Project Fluent, which knows plurals.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};

use super::Lang;
use crate::domain::Text;

const ZH: &str = include_str!("messages/zh.ftl");
const EN: &str = include_str!("messages/en.ftl");

/// What is put into a message.
#[derive(Debug, Clone, Copy)]
pub enum Arg<'a> {
    /// A number, that may ask for a plural; shown with grouped digits.
    Count(usize),
    /// Something that reads the same in every language, such as a code or an amount.
    Plain(&'a str),
    /// Something that does not.
    Text(&'a Text),
}

/// The catalogues.
pub struct Messages {
    zh: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Messages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Messages").finish_non_exhaustive()
    }
}

/// A bundle of one catalogue. What cannot be parsed in it is left out; the tests look that there is no such entry.
fn bundle(language: LanguageIdentifier, source: &str) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new(vec![language]);
    // No invisible marks for text that runs both ways: none does here, and they would stand in tables.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => {
            #[allow(clippy::cast_possible_truncation)]
            let whole = number.value as i64;
            Some(super::number::grouped(whole))
        }
        _ => None,
    }));
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

impl Default for Messages {
    fn default() -> Self {
        Self { zh: bundle(langid!("zh"), ZH), en: bundle(langid!("en"), EN) }
    }
}

impl Messages {
    /// A message.
    pub fn say(&self, key: &str) -> Text {
        self.with(key, &[])
    }

    /// A message with something put into it.
    pub fn with(&self, key: &str, args: &[(&str, Arg<'_>)]) -> Text {
        Text { zh: self.in_language(Lang::Zh, key, args), en: self.in_language(Lang::En, key, args) }
    }

    /// A message in one language; the key itself where the catalogue has none, which the tests rule out.
    pub fn in_language(&self, lang: Lang, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let bundle = match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut values = FluentArgs::new();
        for (name, arg) in args {
            let value = match arg {
                Arg::Count(number) => FluentValue::from(*number),
                Arg::Plain(text) => FluentValue::from(*text),
                Arg::Text(text) => FluentValue::from(lang.of(text)),
            };
            values.set(*name, value);
        }
        bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use super::*;

    /// Keys of a catalogue, each with the names that are put into it.
    fn entries(source: &str) -> BTreeMap<String, BTreeSet<String>> {
        FluentResource::try_new(source.to_owned()).expect("no entry that cannot be parsed");
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut current = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((key, _)) = line.split_once(" =")
                && !key.starts_with(' ')
            {
                key.clone_into(&mut current);
                assert!(found.insert(current.clone(), BTreeSet::new()).is_none(), "{current} stands twice");
            }
            for part in line.split('$').skip(1) {
                let name: String =
                    part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
                found.get_mut(&current).expect("an entry").insert(name);
            }
        }
        found
    }

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(entries(ZH), entries(EN));
    }

    /// Text between quotation marks in a source file.
    fn literals(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                literals(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source");
                found.extend(text.split('"').skip(1).map(str::to_owned));
                for call in [".say(\"", ".with(\""] {
                    for (_, rest) in text.match_indices(call).map(|(at, _)| text.split_at(at + call.len())) {
                        let key = rest.split('"').next().unwrap_or_default();
                        assert!(entries(EN).contains_key(key), "{}: no message {key}", path.display());
                    }
                }
            }
        }
    }

    #[test]
    fn every_message_is_used_and_every_used_one_is_there() {
        let mut used = BTreeSet::new();
        literals(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/annex"), &mut used);
        literals(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/annex/content"), &mut used);
        let unused: Vec<_> = entries(EN).into_keys().filter(|key| !used.contains(key)).collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn plurals_and_grouping_are_right() {
        let messages = Messages::default();
        let lines = |n: usize| messages.with("lines-counted", &[("number", Arg::Count(n))]);
        assert_eq!(
            (lines(1).en, lines(1952).en),
            ("1 funded line".to_owned(), "1,952 funded lines".to_owned())
        );
        assert_eq!(lines(1952).zh, "1,952条资金线");
    }
}
