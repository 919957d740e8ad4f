//! Exit statuses, and the one place that turns errors into a line for people.

use posthoc_archive::ArchiveError;
use posthoc_archive::source::SourceError;
use posthoc_store::StoreError;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::ExitCode;

/// What the caller's shell sees: sysexits(3) where it has a word for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// The answer is no: damage, nothing found, something missing.
    No = 1,
    /// The command line is wrong.
    Usage = 64,
    /// The input is not what it should be.
    BadInput = 65,
    /// There is no such input or archive.
    NoInput = 66,
    /// A bug.
    Bug = 70,
    /// Something cannot be created.
    CannotCreate = 73,
    /// It may work later.
    TryLater = 75,
    /// The system forbids it.
    Permission = 77,
    /// The configuration, or the program's age, is wrong.
    Config = 78,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Why a verb ends early: the status, and one line of what, where, and what to do; no line when it
/// has been told already or nobody is there to read it.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    line: String,
}

impl Failure {
    pub(crate) fn new(exit: Exit, line: impl Into<String>) -> Self {
        Failure {
            exit,
            line: line.into(),
        }
    }

    /// Ends with that status without a word.
    pub(crate) fn told(exit: Exit) -> Self {
        Failure::new(exit, "")
    }

    /// The line.
    pub(crate) fn words(&self) -> &str {
        &self.line
    }

    /// Prints the line.
    pub(crate) fn tell(&self) -> Exit {
        if !self.line.is_empty() {
            eprintln!("posthoc: {}", crate::term::line(&self.line));
        }
        self.exit
    }

    /// An operation on a file that the system refused.
    pub(crate) fn io(action: &str, path: &Path, error: &io::Error) -> Self {
        if error.kind() == ErrorKind::BrokenPipe {
            return Failure::told(Exit::Done);
        }
        let (exit, remedy) = refused(error);
        let path = crate::open::absolute(path);
        Failure::new(
            exit,
            format!(
                "cannot {action} {}: {}; {remedy}",
                path.display(),
                plain(error)
            ),
        )
    }
}

/// The system's word without its number.
pub(crate) fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(at) => text[..at].to_lowercase(),
        None => text,
    }
}

/// What to do about a full disk.
const MAKE_ROOM: &str = "make room and run the same command again; nothing is lost";

/// Status and remedy for what the system says.
fn refused(error: &io::Error) -> (Exit, &'static str) {
    match error.kind() {
        ErrorKind::PermissionDenied => (
            Exit::Permission,
            "run as a user who may, or give the folder to a group that you share",
        ),
        ErrorKind::ReadOnlyFilesystem => (
            Exit::CannotCreate,
            "the disk is mounted read-only; name another folder with -a",
        ),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => (Exit::TryLater, MAKE_ROOM),
        ErrorKind::NotFound => (Exit::NoInput, "check the path"),
        ErrorKind::AlreadyExists => (Exit::CannotCreate, "it is there already; name another"),
        ErrorKind::NotADirectory | ErrorKind::IsADirectory => {
            (Exit::CannotCreate, "check the path")
        }
        _ => (
            Exit::TryLater,
            "see to the disk and run the same command again",
        ),
    }
}

/// The stdout of a verb.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::io("write to", Path::new("/dev/stdout"), &error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let (exit, remedy) = match &error {
            StoreError::Io {
                action,
                path,
                source,
            } => return Failure::io(action, path, source),
            StoreError::Locked => (
                Exit::TryLater,
                "another posthoc is writing; wait for it and run the same command again",
            ),
            StoreError::Damaged { .. } => (
                Exit::BadInput,
                "run `posthoc check` for all damage, and `posthoc rebuild` when only derived files are hurt",
            ),
            StoreError::NoRecord(_) => (
                Exit::BadInput,
                "the derived files are not of this journal; run `posthoc rebuild`",
            ),
            StoreError::NoArchive(_) => (
                Exit::NoInput,
                "name the archive with -a DIR, or make one with `posthoc -a DIR init`",
            ),
            StoreError::Newer { .. } => (
                Exit::Config,
                "a later posthoc made it; use that version or a newer one",
            ),
            StoreError::NetworkFs { .. } => (
                Exit::CannotCreate,
                "locks and memory maps cannot be relied on there; use a local disk",
            ),
            full if full.is_full() => (Exit::TryLater, MAKE_ROOM),
            _ => (
                Exit::TryLater,
                "run it again, and `posthoc rebuild` when it stays",
            ),
        };
        Failure::new(exit, format!("{error}; {remedy}"))
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        let exit = match &error {
            SourceError::NoSuch { .. } => Exit::NoInput,
            SourceError::Unreadable { source, .. } => match source.kind() {
                ErrorKind::PermissionDenied => Exit::Permission,
                ErrorKind::NotFound => Exit::NoInput,
                _ => Exit::TryLater,
            },
            _ => Exit::BadInput,
        };
        Failure::new(exit, error.to_string())
    }
}

impl From<ArchiveError> for Failure {
    fn from(error: ArchiveError) -> Self {
        let (exit, remedy) = match error {
            ArchiveError::Store(error) => return error.into(),
            ArchiveError::Source(error) => return error.into(),
            ArchiveError::File {
                action,
                path,
                source,
            } => return Failure::io(action, &path, &source),
            ArchiveError::NoList(_) => (
                Exit::NoInput,
                "`posthoc lists` shows those that are there, `posthoc list add` makes one",
            ),
            ArchiveError::NameTaken(_) => (Exit::CannotCreate, "give another name"),
            ArchiveError::FormerName { .. } => (
                Exit::CannotCreate,
                "give another name, or say --take-over to let it lead to the new list",
            ),
            ArchiveError::BadListName(_) => {
                (Exit::Usage, "give one with --list, as in `--list my-list`")
            }
            ArchiveError::Query(_) => (
                Exit::Usage,
                "`posthoc search --help` shows what can be asked",
            ),
            ArchiveError::Layout(_) => (
                Exit::Config,
                "mend the file in the archive's folder templates/, or take it away",
            ),
            ArchiveError::ForeignFolder(_) => {
                (Exit::CannotCreate, "name an empty folder or a new one")
            }
            ArchiveError::OtherAudience { .. } => (
                Exit::CannotCreate,
                "a folder is for one audience: name another, or say --audience as the first time",
            ),
            ArchiveError::Unknown(_) => (
                Exit::No,
                "give a Message-ID, a key, a URL, or a number with --list NAME",
            ),
            ArchiveError::NoPiece { .. } => (Exit::No, "redact --dry-run lists its parts"),
            ArchiveError::NotKept { .. } => (
                Exit::No,
                "`posthoc export --as-imported` gives an import back whole",
            ),
            ArchiveError::Purged(_) => (Exit::No, "its bytes are destroyed, or about to be"),
            _ => (Exit::TryLater, "run it again"),
        };
        Failure::new(exit, format!("{error}; {remedy}"))
    }
}

/// A panic is a bug: one line that asks for a report. Later panics of the same run say nothing.
pub(crate) fn on_panic(delivering: bool) {
    let once = std::sync::Once::new();
    std::panic::set_hook(Box::new(move |panic| {
        once.call_once(|| {
            let what = panic
                .payload_as_str()
                .unwrap_or("something that has no words");
            let place = panic
                .location()
                .map(|at| format!("{}:{}", at.file(), at.line()))
                .unwrap_or_default();
            let safe = if delivering {
                "the mail stays with the mail system"
            } else {
                "what was archived before is safe"
            };
            let version = env!("CARGO_PKG_VERSION");
            eprintln!(
                "posthoc: this is a bug in posthoc {version}, at {place}: {}; {safe}; please report \
                 this line",
                crate::term::line(what)
            );
        });
    }));
}
