//! `QuickXplain` (Junker, 2004): a smallest part of a list that cannot hold together, such that each member
//! is needed. With `k` members of `n` it asks about `2k·log₂(n/k) + 2k` times. Earlier items are kept rather
//! than later ones.

/// The positions of such a part. `fails` says whether items cannot hold together; all of them must fail.
///
/// # Errors
/// The first that `fails` gives.
pub(super) fn quickxplain<E>(
    count: usize,
    fails: &mut impl FnMut(&[usize]) -> Result<bool, E>,
) -> Result<Vec<usize>, E> {
    let all: Vec<usize> = (0..count).collect();
    let mut found = part(&mut Vec::new(), false, &all, fails)?;
    found.sort_unstable();
    Ok(found)
}

fn part<E>(
    background: &mut Vec<usize>,
    has_grown: bool,
    candidates: &[usize],
    fails: &mut impl FnMut(&[usize]) -> Result<bool, E>,
) -> Result<Vec<usize>, E> {
    if candidates.is_empty() || (has_grown && fails(background)?) {
        return Ok(Vec::new());
    }
    if candidates.len() == 1 {
        return Ok(candidates.to_vec());
    }
    let (first, second) = candidates.split_at(candidates.len() / 2);
    let size = background.len();
    background.extend_from_slice(first);
    let mut found = part(background, true, second, fails)?;
    background.truncate(size);
    background.extend_from_slice(&found);
    let more = part(background, !found.is_empty(), first, fails)?;
    background.truncate(size);
    found.extend(more);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_member_is_needed() {
        // Fails with 3 and 11 together, or with 5, 6 and 7.
        let fails = |items: &[usize]| {
            let has = |wanted: &[usize]| wanted.iter().all(|item| items.contains(item));
            has(&[3, 11]) || has(&[5, 6, 7])
        };
        let mut asked = 0;
        let mut ask = |items: &[usize]| {
            asked += 1;
            Ok::<_, ()>(fails(items))
        };
        let found = quickxplain(40, &mut ask).expect("no error");
        assert!(found == [3, 11] || found == [5, 6, 7], "{found:?}");
        assert!(asked < 30, "{asked}");
        let nothing = quickxplain(1, &mut |_: &[usize]| Ok::<_, ()>(true)).expect("no error");
        assert_eq!(nothing, [0]);
    }
}
