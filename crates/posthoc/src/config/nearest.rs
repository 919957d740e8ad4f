//! The name that was probably meant.

/// What to say of a name that is none of these.
pub(crate) fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    let nearest = known.iter().min_by_key(|known| distance(name, known));
    match nearest {
        Some(nearest) if distance(name, nearest) <= 1 + nearest.len() / 3 => {
            format!("unknown {what} {name:?}; did you mean {nearest:?}?")
        }
        _ => format!("unknown {what} {name:?}; known here: {}", known.join(", ")),
    }
}

/// Letters to change, add or leave out between two names (Levenshtein), of the first 40 each.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(40).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().take(40).enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let change = corner + usize::from(ca != *cb);
            corner = row[j + 1];
            row[j + 1] = change.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
