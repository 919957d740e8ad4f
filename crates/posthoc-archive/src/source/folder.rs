//! The files of a folder, in their order, each judged before it is opened.

use super::detect::is_number;
use super::kind::Kind;
use super::piece::{Reason, Refusal};
use std::cmp::Ordering;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};

/// What stands in a folder.
#[derive(Debug)]
pub(super) enum Entry {
    /// A file to be read.
    File {
        path: PathBuf,
        name: String,
        size: u64,
    },
    /// Something that is not to be opened, or cannot be listed.
    Refused(Refusal),
}

impl Entry {
    /// Its name in the folder, and its bytes where they are to be read.
    pub(super) fn name_and_size(&self) -> (&str, u64) {
        match self {
            Entry::File { name, size, .. } => (name, *size),
            Entry::Refused(refusal) => (refusal.file.as_deref().unwrap_or_default(), 0),
        }
    }
}

/// Lists the files of a folder of this kind, in natural order (numbers by value). Nothing is
/// opened but folders; links to folders are never followed, links to regular files once.
pub(super) fn list(root: &Path, kind: Kind) -> Vec<Entry> {
    let mut found: Vec<(String, Entry)> = Vec::new();
    match kind {
        Kind::Maildir => {
            for part in ["new", "cur"] {
                visit(root, Path::new(part), kind, &mut found);
            }
        }
        _ => {
            let mut folders = vec![PathBuf::new()];
            while let Some(folder) = folders.pop() {
                folders.extend(visit(root, &folder, kind, &mut found));
            }
        }
    }
    // A Maildir's names begin with the time of delivery: its mails are one sequence.
    let key = |name: &'_ str| match (kind, name.split_once('/')) {
        (Kind::Maildir, Some((_, file))) => file.to_owned(),
        _ => name.to_owned(),
    };
    found.sort_by(|(a, _), (b, _)| natural(&key(a), &key(b)).then_with(|| a.cmp(b)));
    found.into_iter().map(|(_, entry)| entry).collect()
}

/// Looks at each entry of one folder; answers the folders in it that belong to this kind.
fn visit(root: &Path, folder: &Path, kind: Kind, found: &mut Vec<(String, Entry)>) -> Vec<PathBuf> {
    let mut inner = Vec::new();
    let entries = match fs::read_dir(root.join(folder)) {
        Ok(entries) => entries,
        Err(error) if kind == Kind::Maildir && error.kind() == std::io::ErrorKind::NotFound => {
            return inner;
        }
        Err(error) => {
            let name = folder.to_string_lossy().into_owned();
            let detail = Some(error.to_string());
            let refused = Refusal::of_file(Reason::Unreadable, name.clone(), detail);
            found.push((name, Entry::Refused(refused)));
            return inner;
        }
    };
    for entry in entries.flatten() {
        let base = entry.file_name().to_string_lossy().into_owned();
        let relative = folder.join(entry.file_name());
        let Ok(file_type) = entry.file_type() else {
            continue;
        };
        if file_type.is_dir() {
            if belongs(kind, &base, true) {
                inner.push(relative);
            }
        } else if belongs(kind, &base, false) {
            let name = relative.to_string_lossy().into_owned();
            let judged = judge(entry.path(), name.clone(), file_type);
            found.push((name, judged));
        }
    }
    inner
}

/// Whether something of that name can hold mails of a source of this kind.
fn belongs(kind: Kind, base: &str, is_dir: bool) -> bool {
    match (kind, is_dir) {
        (Kind::Maildir, false) => !base.starts_with('.'),
        (Kind::MhonarcPages, false) => mhonarc_number(base).is_some(),
        (Kind::Maildir | Kind::Mh | Kind::MhonarcPages, true) => false,
        (Kind::Mh | Kind::Numbered, false) => is_number(base),
        // Sympa keeps LIST/2003-11/arctxt/N.
        (Kind::Numbered, true) => {
            base == "arctxt" || base.starts_with(|c: char| c.is_ascii_digit())
        }
        (Kind::Files | Kind::Mbox, _) => true,
    }
}

/// The number of a mail whose page of MHonArc's has that name: letters (MSGPREFIX), five digits or more, and an
/// ending (HTMLEXT), also packed (GZIPFILES).
pub(crate) fn mhonarc_number(name: &str) -> Option<u32> {
    let name = name.strip_suffix(".gz").unwrap_or(name);
    let (stem, end) = name.split_once('.')?;
    let digits = stem.trim_start_matches(|c: char| !c.is_ascii_digit());
    let is_page = digits.len() >= 5 && digits.len() < stem.len() && !end.contains('.');
    digits.parse().ok().filter(|_| is_page)
}

/// Says whether a directory entry may be opened, from its type alone.
fn judge(path: PathBuf, name: String, file_type: FileType) -> Entry {
    let refuse = |reason, detail| Entry::Refused(Refusal::of_file(reason, name.clone(), detail));
    if !file_type.is_file() && !file_type.is_symlink() {
        return refuse(Reason::SpecialFile, None);
    }
    match fs::metadata(&path) {
        Ok(data) if data.is_file() => Entry::File {
            path,
            name,
            size: data.len(),
        },
        Ok(data) if data.is_dir() => refuse(Reason::Link, Some("a link to a folder".to_owned())),
        Ok(_) => refuse(Reason::SpecialFile, None),
        Err(error) if file_type.is_symlink() => refuse(Reason::Link, Some(error.to_string())),
        Err(error) => refuse(Reason::Unreadable, Some(error.to_string())),
    }
}

/// Compares with runs of digits taken as numbers.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    while let (Some(x), Some(y)) = (a.first(), b.first()) {
        if x.is_ascii_digit() && y.is_ascii_digit() {
            let (left, rest_a) = number(a);
            let (right, rest_b) = number(b);
            let order = left.len().cmp(&right.len()).then_with(|| left.cmp(right));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (rest_a, rest_b);
        } else if x == y {
            (a, b) = (&a[1..], &b[1..]);
        } else {
            return x.cmp(y);
        }
    }
    a.len().cmp(&b.len())
}

/// The run of digits at the start, without leading zeros, and what follows it.
fn number(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text
        .iter()
        .position(|b| !b.is_ascii_digit())
        .unwrap_or(text.len());
    let zeros = text[..end].iter().take_while(|&&b| b == b'0').count();
    (&text[zeros..end], &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sort_by_value() {
        let mut names = ["10", "9", "1/00", "0/10", "0/09", "2003-11/arctxt/2", "02"];
        names.sort_by(|a, b| natural(a, b).then_with(|| a.cmp(b)));
        assert_eq!(mhonarc_number("msg00042.html"), Some(42));
        assert_eq!(mhonarc_number("mail123456.htm.gz"), Some(123_456));
        for other in [
            "msg0042.html",
            "00042.html",
            "maillist.html",
            "msg00042",
            "a00001.tar.x",
        ] {
            assert_eq!(mhonarc_number(other), None, "{other}");
        }
        assert_eq!(
            names,
            ["0/09", "0/10", "1/00", "02", "9", "10", "2003-11/arctxt/2"]
        );
    }
}
