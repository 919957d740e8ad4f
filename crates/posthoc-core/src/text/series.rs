//! Patches by their subjects: `[PATCH v3 2/7] bell: ring it twice`.

/// Versions and parts beyond this are no numbers of patches.
const MOST: u32 = 999;

/// What a patch's subject says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatchSubject<'a> {
    /// 1 when none is named.
    pub version: u32,
    /// 0 is the letter that comes with a series; 1 of 1 is a patch alone.
    pub part: u32,
    /// How many parts there are, that letter not counted.
    pub parts: u32,
    /// The words behind the tags; never empty.
    pub title: &'a str,
}

/// Reads a subject; none for an answer, and for what is no patch. Tags of lists before that of the
/// patch are passed over.
pub fn patch_subject(subject: &str) -> Option<PatchSubject<'_>> {
    let mut rest = subject.trim_start();
    let mut found = None;
    for _ in 0..4 {
        let Some(inner) = rest.strip_prefix('[') else {
            break;
        };
        let (tag, after) = inner.split_once(']')?;
        rest = after.trim_start();
        found = found.or_else(|| patch_tag(tag));
    }
    let (version, part, parts) = found?;
    let title = rest.trim();
    (!title.is_empty()).then_some(PatchSubject {
        version,
        part,
        parts,
        title,
    })
}

/// Version, part and parts of `PATCH v3 2/7`.
fn patch_tag(tag: &str) -> Option<(u32, u32, u32)> {
    if tag.len() > 100 {
        return None;
    }
    let lower = tag.to_ascii_lowercase();
    let number = |text: &str| text.parse::<u32>().ok().filter(|n| *n <= MOST);
    let (mut version, mut place) = (None, None);
    let mut is_patch = lower.contains("patch");
    for word in lower.split([' ', ',', ';', '-', '\t']) {
        let word = word.trim_matches(['(', ')', ':']);
        let digits = word
            .strip_prefix("patch")
            .unwrap_or(word)
            .strip_prefix('v')
            .or_else(|| word.strip_prefix("rfcv"));
        if let Some(found) = digits.and_then(number) {
            version = version.or(Some(found.max(1)));
        } else if let Some((part, parts)) = word.split_once('/') {
            let found = number(part).zip(number(parts));
            place = place.or(found.filter(|(part, parts)| part <= parts && *parts > 0));
        }
        is_patch |= word == "rfc" && lower.contains('/');
    }
    let (part, parts) = place.unwrap_or((1, 1));
    (is_patch && (lower.contains("patch") || place.is_some()))
        .then(|| (version.unwrap_or(1), part, parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_of_patches() {
        let check = |subject: &str, expected: Option<(u32, u32, u32, &str)>| {
            let found = patch_subject(subject).map(|p| (p.version, p.part, p.parts, p.title));
            assert_eq!(found, expected, "{subject}");
        };
        check("[PATCH v3 2/7] bell: ring", Some((3, 2, 7, "bell: ring")));
        check("[PATCH] bell: ring", Some((1, 1, 1, "bell: ring")));
        check("[PATCH 00/12] bells", Some((1, 0, 12, "bells")));
        check("[RFC PATCH v2 1/3] bells", Some((2, 1, 3, "bells")));
        check("[PATCHv4 1/3] bells", Some((4, 1, 3, "bells")));
        check("[PATCH (v2) 1/10] bells", Some((2, 1, 10, "bells")));
        check("[PATCH 2/7 v3] bells", Some((3, 2, 7, "bells")));
        check("[PATCH net-next v2 1/2] bells", Some((2, 1, 2, "bells")));
        check("[tower] [PATCH v2] bells", Some((2, 1, 1, "bells")));
        check("[PATCH 1/2] [tower] bells", Some((1, 1, 2, "bells")));
        check("[RFC 1/2] bells", Some((1, 1, 2, "bells")));
        check("Re: [PATCH 1/2] bells", None);
        check("[RFC] bells", None);
        check("[tower] bells", None);
        check("[PATCH 1/2]", None);
        check("[PATCH 8/2] bells", Some((1, 1, 1, "bells")));
        check("[PATCH 1/99999] bells", Some((1, 1, 1, "bells")));
        check("", None);
        check("[", None);
    }
}
