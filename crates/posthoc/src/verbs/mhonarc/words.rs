//! MHonArc's command line: its words, and those of them that are not done.

use crate::exit::{Exit, Failure};
use posthoc_archive::source::{MsgSep, Split};
use posthoc_mhonarc::{Refusal, Resources, Word, instead};
use std::ffi::OsString;
use std::path::PathBuf;

/// What is to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mode {
    /// A new archive.
    #[default]
    Create,
    Add,
    Rmm,
    Annotate,
    Scan,
    GenIdx,
    EditIdx,
    Single,
    Explain,
}

/// A command line, read.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pub(super) mode: Mode,
    pub(super) operands: Vec<String>,
    pub(super) folder: Option<PathBuf>,
    pub(super) resource_files: Vec<PathBuf>,
    /// Options that set resources, in their order.
    pub(super) options: Vec<(String, String)>,
    pub(super) variables: Vec<String>,
    pub(super) note: Option<String>,
    pub(super) page: Option<String>,
    pub(super) quiet: bool,
    pub(super) locks: bool,
    pub(super) force: bool,
    pub(super) lock_tries: u32,
    /// Seconds.
    pub(super) lock_delay: u64,
    pub(super) split: Split,
    pub(super) keeps: bool,
    pub(super) mail_times: bool,
    pub(super) packs: bool,
    pub(super) saves: bool,
    pub(super) mode_bits: Option<u32>,
    pub(super) umask: Option<u32>,
    /// Options as they were given.
    pub(super) given: Vec<String>,
    /// The help or the version was asked for.
    pub(super) about: Option<&'static str>,
}

impl Default for Words {
    fn default() -> Self {
        Words {
            mode: Mode::default(),
            operands: Vec::new(),
            folder: None,
            resource_files: Vec::new(),
            options: Vec::new(),
            variables: Vec::new(),
            note: None,
            page: None,
            quiet: false,
            locks: true,
            force: false,
            lock_tries: 10,
            lock_delay: 3,
            split: Split::EveryFrom,
            keeps: false,
            mail_times: false,
            packs: false,
            saves: true,
            mode_bits: None,
            umask: None,
            given: Vec::new(),
            about: None,
        }
    }
}

/// Resources that say how the run is done.
const ELSEWHERE: [&str; 8] = [
    "conlen",
    "fileperms",
    "gzipfiles",
    "keeponrmm",
    "modtime",
    "msgsep",
    "saveresources",
    "umask",
];

/// Options that say what is done and how, and take no value.
const FLAGS: [&str; 43] = [
    "add",
    "afs",
    "annotate",
    "archive",
    "conlen",
    "debug",
    "editidx",
    "explain",
    "fasttempfiles",
    "force",
    "genidx",
    "help",
    "keeponrmm",
    "lock",
    "mbox",
    "mh",
    "modtime",
    "noconlen",
    "nofasttempfiles",
    "nofollowsymlinks",
    "nogzipfiles",
    "nokeeponrmm",
    "nolock",
    "nomodtime",
    "noposixstrftime",
    "noreconvert",
    "nosaveresources",
    "quiet",
    "reconvert",
    "rmm",
    "savemem",
    "saveresources",
    "scan",
    "single",
    "time",
    "url",
    "v",
    "gzipfiles",
    "followsymlinks",
    "noarchive",
    "nourl",
    "readdb",
    "noarg",
];

/// The same that take one.
const VALUES: [&str; 24] = [
    "definevar",
    "definevars",
    "dbfile",
    "dbfileperms",
    "fileperms",
    "footer",
    "gzipexe",
    "header",
    "lockdelay",
    "lockmethod",
    "locktries",
    "maxpgs",
    "mhpattern",
    "msgsep",
    "notedir",
    "notetext",
    "otherindex",
    "outdir",
    "pagenum",
    "perlinc",
    "rcfile",
    "stderr",
    "stdin",
    "stdout",
];

/// Options that are known and not done, and what to use in their place.
const NOT_DONE: [(&str, &str); 15] = [
    (
        "dbfile",
        "the archive in OUTDIR/.posthoc, which takes the database's place",
    ),
    ("followsymlinks", "a path without links"),
    ("footer", "the resources LISTEND and TFOOT"),
    ("header", "the resources LISTBEGIN and THEAD"),
    ("maxpgs", "-idxsize"),
    ("mhpattern", "files named by numbers, as MH has them"),
    ("noarchive", "-single"),
    ("noarg", "a command line that does something"),
    ("notedir", "the folder notes in OUTDIR"),
    ("nourl", "the argument nourl in MIMEARGS"),
    ("perlinc", "the filters that are built in: no Perl is run"),
    ("readdb", "-scan"),
    ("stderr", "the shell's 2>"),
    ("stdin", "the shell's <"),
    ("stdout", "the shell's >"),
];

impl Words {
    /// Reads a command line: options may have one dash or two, a value behind `=` or as the next word, and may
    /// be cut short as long as they mean one.
    pub(super) fn read(given: &[OsString]) -> Result<Self, Failure> {
        let mut words = Words::default();
        let mut rest = given.iter().map(|word| word.to_string_lossy().into_owned());
        while let Some(word) = rest.next() {
            if word == "--" {
                words.operands.extend(rest.by_ref());
                break;
            }
            let Some(option) = word.strip_prefix('-').filter(|option| !option.is_empty()) else {
                words.operands.push(word);
                continue;
            };
            let option = option.strip_prefix('-').unwrap_or(option);
            let (name, value) = match option.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (option, None),
            };
            let name = whole(name)?;
            if let Some(instead) = instead_of(&name) {
                return Err(usage(format!("-{name} is not done; use {instead}")));
            }
            let takes_value = VALUES.contains(&name.as_str())
                || matches!(Resources::option(&name), Some(Word::Value));
            let value = match (takes_value, value) {
                (true, None) => rest
                    .next()
                    .ok_or_else(|| usage(format!("-{name} needs a value")))?,
                (_, value) => value.unwrap_or_default(),
            };
            words.take(&name, value)?;
            words.given.push(name);
        }
        Ok(words)
    }

    fn take(&mut self, name: &str, value: String) -> Result<(), Failure> {
        let number = || {
            value
                .parse::<u64>()
                .map_err(|_| usage(format!("-{name} {value}: write a number")))
        };
        let octal = || {
            u32::from_str_radix(value.trim_start_matches('0'), 8)
                .map_err(|_| usage(format!("-{name} {value}: write it in octal, as 0644")))
        };
        match name {
            "add" => self.set_mode(Mode::Add),
            "rmm" => self.set_mode(Mode::Rmm),
            "annotate" => self.set_mode(Mode::Annotate),
            "scan" => self.set_mode(Mode::Scan),
            "genidx" => self.set_mode(Mode::GenIdx),
            "editidx" => self.set_mode(Mode::EditIdx),
            "single" => self.set_mode(Mode::Single),
            "explain" => self.set_mode(Mode::Explain),
            "help" | "v" => self.about = Some(if name == "v" { "version" } else { "help" }),
            "quiet" => self.quiet = true,
            "lock" => self.locks = true,
            "nolock" => self.locks = false,
            "force" => self.force = true,
            "lockdelay" => self.lock_delay = number()?,
            "locktries" => self.lock_tries = number()?.try_into().unwrap_or(u32::MAX),
            "outdir" => self.folder = Some(value.into()),
            "rcfile" => self.resource_files.push(value.into()),
            "definevar" | "definevars" => self.variables.push(value),
            "notetext" => {
                let note = self.note.get_or_insert_default();
                note.push_str(&value);
            }
            "pagenum" => self.page = Some(value),
            "conlen" => self.split = Split::ContentLength,
            "noconlen" => self.split = Split::EveryFrom,
            "msgsep" => {
                let pattern = MsgSep::new(&value)
                    .map_err(|error| usage(format!("-msgsep {value}: {error}")))?;
                self.split = Split::MsgSep(pattern);
            }
            "keeponrmm" => self.keeps = true,
            "nokeeponrmm" => self.keeps = false,
            "gzipfiles" => self.packs = true,
            "nogzipfiles" => self.packs = false,
            "modtime" => self.mail_times = true,
            "nomodtime" => self.mail_times = false,
            "saveresources" => self.saves = true,
            "nosaveresources" => self.saves = false,
            "fileperms" => self.mode_bits = Some(octal()?),
            "umask" => self.umask = Some(octal()?),
            "otherindex" => self.options.push(("otherindexes".to_owned(), value)),
            _ if FLAGS.contains(&name) || VALUES.contains(&name) => {}
            _ => self.options.push((name.to_owned(), value)),
        }
        Ok(())
    }

    /// Takes over what resources say of the run, where the command line says nothing. Answers what is not done.
    ///
    /// # Errors
    /// A value that cannot be one.
    pub(super) fn take_elsewhere(
        &mut self,
        resources: &Resources,
    ) -> Result<Vec<Refusal>, Failure> {
        let mut refused = Vec::new();
        for (name, value) in &resources.elsewhere {
            let value = String::from_utf8_lossy(value).into_owned();
            let option = match value.as_str() {
                "0" => format!("no{}", name.to_ascii_lowercase()),
                _ => name.to_ascii_lowercase(),
            };
            let given =
                |said: &String| said.trim_start_matches("no") == option.trim_start_matches("no");
            match instead_of(&option) {
                Some(instead) => refused.push(Refusal {
                    resource: name.clone(),
                    what: value,
                    instead,
                }),
                None if ELSEWHERE.contains(&option.trim_start_matches("no"))
                    && !self.given.iter().any(given) =>
                {
                    self.take(&option, value)?;
                }
                None => {}
            }
        }
        Ok(refused)
    }

    /// Where several are said, the one that changes less.
    fn set_mode(&mut self, mode: Mode) {
        let weight = |mode: Mode| match mode {
            Mode::Create | Mode::Add => 0,
            Mode::EditIdx => 1,
            Mode::Single => 2,
            Mode::Annotate | Mode::Rmm => 3,
            Mode::Scan | Mode::GenIdx | Mode::Explain => 4,
        };
        if weight(mode) >= weight(self.mode) {
            self.mode = mode;
        }
    }
}

/// An option by its whole name.
fn whole(given: &str) -> Result<String, Failure> {
    let given = given.to_ascii_lowercase();
    let mut known: Vec<String> = FLAGS
        .iter()
        .chain(&VALUES)
        .map(|name| (*name).to_owned())
        .collect();
    known.push("umask".to_owned());
    known.extend(NOT_DONE.iter().map(|(name, _)| (*name).to_owned()));
    known.extend(Resources::options());
    known.sort();
    known.dedup();
    if known.contains(&given) {
        return Ok(given);
    }
    let mut meant = known.iter().filter(|name| name.starts_with(&given));
    match (meant.next(), meant.next()) {
        (Some(only), None) => Ok(only.clone()),
        (Some(_), Some(_)) => Err(usage(format!(
            "-{given} may mean several options; write it out"
        ))),
        _ => Err(usage(format!(
            "there is no option -{given}; `posthoc mhonarc -help` lists them"
        ))),
    }
}

/// What to use in place of an option or a resource; none where it is done.
pub(super) fn instead_of(name: &str) -> Option<&'static str> {
    let own = NOT_DONE
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    own.map(|(_, instead)| *instead).or_else(|| instead(name))
}

pub(super) fn usage(line: String) -> Failure {
    Failure::new(Exit::Usage, line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Words, String> {
        let given: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        Words::read(&given).map_err(|failure| failure.words().to_owned())
    }

    #[test]
    fn a_command_line_is_read() {
        let words =
            read("-add -quiet -outdir /a -rcfile x -rcfile y --title=T -nothread -idxsize 20 1 2")
                .unwrap();
        assert_eq!(words.mode, Mode::Add);
        assert!(words.quiet);
        assert_eq!(words.folder, Some("/a".into()));
        assert_eq!(words.resource_files, [PathBuf::from("x"), "y".into()]);
        let option = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            words.options,
            [
                option("title", "T"),
                option("nothread", ""),
                option("idxsize", "20")
            ]
        );
        assert_eq!(words.operands, ["1", "2"]);
    }

    #[test]
    fn options_may_be_cut_short() {
        assert_eq!(read("-edit").unwrap().mode, Mode::EditIdx);
        assert_eq!(read("-outd x").unwrap().folder, Some("x".into()));
        assert!(read("-t x").unwrap_err().contains("several"));
    }

    #[test]
    fn what_is_not_done_is_refused_by_name() {
        assert!(read("-gzipfiles").unwrap().packs);
        for name in ["-followsymlinks", "-perlinc x", "-lang de", "-mhpattern x"] {
            let line = read(name).unwrap_err();
            assert!(line.contains("is not done; use "), "{name}: {line}");
        }
        assert!(read("-bogus").unwrap_err().contains("no option -bogus"));
        assert!(read("-outdir").unwrap_err().contains("needs a value"));
    }
}
