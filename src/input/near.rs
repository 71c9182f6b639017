//! "Did you mean …": the known word nearest to a mistyped one.

/// The nearest of the known words, if it is near enough to be meant.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let limit = (length / 3).max(1);
    known
        .into_iter()
        // A word whose length differs by more than the limit cannot be within it: no need to measure.
        .filter(|other| other.chars().count().abs_diff(length) <= limit)
        .map(|other| (strsim::damerau_levenshtein(word, other), other))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, other)| other)
}

/// An action that proposes the nearest word, or lists what there is.
pub(super) fn propose<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(near) = nearest(word, known.clone()) {
        return format!("did you mean '{near}'?");
    }
    let mut names: Vec<&str> = known.into_iter().collect();
    names.sort_unstable();
    format!("there is: {}", listed(&names))
}

/// The first few of a list, and how many more there are.
pub(super) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    const SHOWN: usize = 12;
    let shown = names.iter().take(SHOWN).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => "nothing".to_owned(),
        more if more > SHOWN => format!("{shown} and {} more", more - SHOWN),
        _ => shown,
    }
}

/// A value for a message: cut when it is long, control characters escaped.
pub(super) fn shown(value: &str) -> String {
    const LONGEST: usize = 60;
    let cut: String = value.chars().take(LONGEST).flat_map(char_shown).collect();
    if value.chars().count() > LONGEST { format!("{cut}…") } else { cut }
}

fn char_shown(character: char) -> Vec<char> {
    if character.is_control() { character.escape_default().collect() } else { vec![character] }
}
