//! As much of Markdown as our documents use: fenced blocks, inline links, headings.

use std::collections::BTreeSet;

/// A fenced block.
pub struct Block {
    /// What stands after the fence.
    pub language: String,
    /// Its lines, without the fence's own indentation.
    pub lines: Vec<String>,
    /// Number of its first line, from 1.
    pub first: usize,
    /// Whether only empty lines stand between it and the block before.
    pub follows_another: bool,
}

/// All fenced blocks, in order.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<(usize, Block)> = None;
    let mut only_empty = false;
    for (number, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        match (&mut open, trimmed.strip_prefix("```")) {
            (None, Some(language)) => {
                let block = Block {
                    language: language.trim().to_owned(),
                    lines: Vec::new(),
                    first: number + 2,
                    follows_another: only_empty,
                };
                open = Some((line.len() - trimmed.len(), block));
            }
            (None, None) => only_empty &= line.trim().is_empty(),
            (Some(_), Some(_)) => {
                blocks.extend(open.take().map(|(_, block)| block));
                only_empty = true;
            }
            (Some((indent, block)), None) => {
                let start = (line.len() - trimmed.len()).min(*indent);
                block.lines.push(line[start..].to_owned());
            }
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    blocks
}

/// Text outside of fenced blocks.
fn prose(text: &str) -> String {
    let mut inside = false;
    let mut kept = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if !inside {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// Targets of inline links.
pub fn links(text: &str) -> Vec<String> {
    let prose = prose(text);
    let targets = prose.split("](").skip(1);
    targets.filter_map(|rest| rest.split_once(')').map(|(target, _)| target.to_owned())).collect()
}

/// Anchors of headings, as GitHub makes them.
pub fn anchors(text: &str) -> BTreeSet<String> {
    let prose = prose(text);
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let heading = line.trim_start_matches('#').trim().to_lowercase();
            let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}
