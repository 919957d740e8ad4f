//! What each line of a patch is, and how much a patch changes.

use super::patch::{hunk_counts, is_context_line};

/// What a line of a patch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchLine {
    /// Names a file or says what happens to it.
    File,
    /// Says where in the file: `@@ -1,5 +1,6 @@`.
    Hunk,
    /// Comes.
    Added,
    /// Goes.
    Removed,
    /// Stays, or is something else.
    Context,
}

/// How much a patch changes in one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileStat {
    /// The file's name after the change; before it, for one that goes.
    pub name: String,
    /// Lines that come.
    pub added: u32,
    /// Lines that go.
    pub removed: u32,
}

/// Tells what lines are, one after another. Within a hunk the counts of its head decide, so that a
/// line `-- x` that goes is no file's name.
#[derive(Clone, Debug, Default)]
pub struct PatchReader {
    old: u32,
    new: u32,
    /// A diff with context, not a unified one.
    context: bool,
}

/// Beginnings of lines that speak of a file.
const FILE: [&str; 21] = [
    "diff ",
    "--- ",
    "+++ ",
    "*** ",
    "index ",
    "Index: ",
    "=====",
    "new file ",
    "deleted file ",
    "rename ",
    "copy ",
    "similarity ",
    "dissimilarity ",
    "old mode",
    "new mode",
    "Binary files ",
    "GIT binary patch",
    "Only in ",
    "RCS file",
    "retrieving ",
    "Property changes",
];

impl PatchReader {
    /// What the next line is.
    pub fn read(&mut self, line: &str) -> PatchLine {
        let Some(first) = line.as_bytes().first() else {
            self.stays();
            return PatchLine::Context;
        };
        if self.old > 0 || self.new > 0 {
            match first {
                b'+' if self.new > 0 => {
                    self.new -= 1;
                    return PatchLine::Added;
                }
                b'-' if self.old > 0 => {
                    self.old -= 1;
                    return PatchLine::Removed;
                }
                b' ' | b'\t' | b'\\' => {
                    if *first != b'\\' {
                        self.stays();
                    }
                    return PatchLine::Context;
                }
                // The patch was cut.
                _ => (self.old, self.new) = (0, 0),
            }
        }
        match first {
            b'@' => {
                if let Some(counts) = hunk_counts(line) {
                    (self.old, self.new) = counts;
                    self.context = false;
                }
                PatchLine::Hunk
            }
            b'*' | b'-' if is_context_line(line) => {
                self.context = true;
                PatchLine::Hunk
            }
            b'!' if self.context => PatchLine::Added,
            b' ' => PatchLine::Context,
            b'+' | b'-' if self.context && line.as_bytes().get(1) == Some(&b' ') => match first {
                b'+' => PatchLine::Added,
                _ => PatchLine::Removed,
            },
            _ if FILE.iter().any(|start| line.starts_with(start)) => PatchLine::File,
            b'+' => PatchLine::Added,
            b'-' if line.trim_end() != "--" => PatchLine::Removed,
            _ => PatchLine::Context,
        }
    }

    fn stays(&mut self) {
        self.old = self.old.saturating_sub(1);
        self.new = self.new.saturating_sub(1);
    }
}

/// How much a patch changes, file by file, in order. A file that is named and not changed in its
/// lines (renamed, binary) is there with zeros.
pub fn diffstat<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<FileStat> {
    let mut stats: Vec<FileStat> = Vec::new();
    let mut reader = PatchReader::default();
    let mut old_name = "";
    let mut begun = false;
    for line in lines {
        match reader.read(line) {
            PatchLine::File => {
                if let Some(names) = line.strip_prefix("diff --git ") {
                    begun = true;
                    let name = names.rsplit_once(" b/").map_or(names, |(_, name)| name);
                    stats.push(named(name));
                } else if let Some(name) = line.strip_prefix("--- ") {
                    old_name = file_name(name);
                } else if let Some(name) = line.strip_prefix("*** ") {
                    old_name = file_name(name);
                    begun = true;
                    stats.push(named(old_name));
                } else if let Some(name) = line.strip_prefix("+++ ") {
                    let name = match file_name(name) {
                        "/dev/null" => old_name,
                        name => name,
                    };
                    match stats.last_mut().filter(|_| begun) {
                        Some(stat) => name.clone_into(&mut stat.name),
                        None => stats.push(named(name)),
                    }
                    begun = false;
                }
            }
            PatchLine::Added => {
                stats
                    .iter_mut()
                    .next_back()
                    .into_iter()
                    .for_each(|s| s.added += 1);
            }
            PatchLine::Removed => {
                stats
                    .iter_mut()
                    .next_back()
                    .into_iter()
                    .for_each(|s| s.removed += 1);
            }
            PatchLine::Hunk | PatchLine::Context => {}
        }
    }
    stats
}

fn named(name: &str) -> FileStat {
    FileStat {
        name: name.to_owned(),
        ..FileStat::default()
    }
}

/// The name without its date and the `a/` and `b/` that git puts before it.
fn file_name(name: &str) -> &str {
    let name = name.split('\t').next().unwrap_or(name).trim_end();
    let name = name.split("  ").next().unwrap_or(name);
    name.strip_prefix("a/")
        .or_else(|| name.strip_prefix("b/"))
        .unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_apart() {
        let mut reader = PatchReader::default();
        let table = [
            ("diff --git a/x b/x", PatchLine::File),
            ("--- a/x", PatchLine::File),
            ("+++ b/x", PatchLine::File),
            ("@@ -1,3 +1,3 @@ fn", PatchLine::Hunk),
            (" same", PatchLine::Context),
            ("--- a rule that goes", PatchLine::Removed),
            ("+++ one that comes", PatchLine::Added),
            ("", PatchLine::Context),
            ("--- a/y", PatchLine::File),
            ("@@ -1 +1 @@", PatchLine::Hunk),
            ("cut off", PatchLine::Context),
        ];
        for (line, expected) in table {
            assert_eq!(reader.read(line), expected, "{line}");
        }
    }

    #[test]
    fn changes_are_counted() {
        let check = |text: &str, expected: &[(&str, u32, u32)]| {
            let stats = diffstat(text.lines());
            let found: Vec<_> = stats
                .iter()
                .map(|stat| (stat.name.as_str(), stat.added, stat.removed))
                .collect();
            assert_eq!(found, expected, "{text}");
        };
        check(
            "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n\
             diff --git a/p b/q\nrename from p\nrename to q\ndiff --git a/gone b/gone\n\
             --- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n",
            &[("x", 1, 1), ("q", 0, 0), ("gone", 0, 1)],
        );
        check(
            "--- x.c\tMon\n+++ y.c\tTue\n@@ -0,0 +1 @@\n+x\n",
            &[("y.c", 1, 0)],
        );
        check("", &[]);
    }
}
