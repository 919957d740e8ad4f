//! Files of names and argon2id hashes, one account a line: `ada:$argon2id$v=19$…`.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, Params};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Bytes of the longest name.
const LONGEST_NAME: usize = 254;
/// Bytes of the longest password that is looked at.
pub(crate) const LONGEST_PASSWORD: usize = 1_024;
/// KiB of memory that checking a password may take.
const MOST_MEMORY: u32 = 256 << 10;
/// Passes over that memory.
const MOST_PASSES: u32 = 16;
/// Threads that a hash may name; we use one.
const MOST_LANES: u32 = 16;

/// The hash of one account, as it is written in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    hash: String,
}

impl Account {
    /// What changes when the account's line does.
    pub(crate) fn print(&self) -> [u8; 32] {
        *blake3::hash(self.hash.as_bytes()).as_bytes()
    }
}

/// The accounts of a file.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    by_name: BTreeMap<String, Account>,
}

impl Accounts {
    /// Reads a file's text. A line that cannot be used is told, and its account is none.
    pub(crate) fn parse(text: &str) -> (Accounts, Vec<String>) {
        let mut accounts = Accounts::default();
        let mut wrong = Vec::new();
        for (n, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match account(line) {
                Ok((name, account)) => {
                    accounts.by_name.insert(name, account);
                }
                Err(why) => wrong.push(format!("line {}: {why}", n + 1)),
            }
        }
        (accounts, wrong)
    }

    /// The account of a name, in any case.
    pub(crate) fn get(&self, name: &str) -> Option<&Account> {
        self.by_name.get(&name.to_lowercase())
    }

    /// All names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// Any account: what checking a password costs with these.
    pub(crate) fn any(&self) -> Option<&Account> {
        self.by_name.values().next()
    }
}

fn account(line: &str) -> Result<(String, Account), String> {
    let (name, hash) = line
        .split_once(':')
        .ok_or("no colon; an account is NAME:HASH")?;
    checked_name(name)?;
    let again = "posthoc passwd FILE USER writes one that is";
    if !hash.starts_with("$argon2id$") {
        let kind = match hash.get(..4) {
            Some("$2y$" | "$2a$" | "$2b$") => "bcrypt",
            Some("$apr") => "MD5 (apr1)",
            Some("{SHA") => "SHA-1",
            Some(start) if start.starts_with("$1$") => "MD5",
            Some(start) if start.starts_with("$5$") || start.starts_with("$6$") => "SHA-crypt",
            _ => "crypt or plain text",
        };
        return Err(format!(
            "the password of {name:?} is {kind}, which is not taken; {again}"
        ));
    }
    let parsed = PasswordHash::new(hash).ok().filter(is_bearable);
    match parsed {
        Some(_) => Ok((
            name.to_lowercase(),
            Account {
                hash: hash.to_owned(),
            },
        )),
        None => Err(format!(
            "the hash of {name:?} cannot be used (damaged, or too costly); {again}"
        )),
    }
}

/// Whether checking a password against a hash costs what we would spend.
fn is_bearable(hash: &PasswordHash) -> bool {
    Params::try_from(hash).is_ok_and(|params| {
        hash.hash.is_some()
            && hash.salt.is_some()
            && params.m_cost() <= MOST_MEMORY
            && params.t_cost() <= MOST_PASSES
            && params.p_cost() <= MOST_LANES
    })
}

fn checked_name(name: &str) -> Result<(), String> {
    let plain = |c: char| !c.is_control() && c != ':';
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(plain) {
        return Err(format!(
            "{name:?} cannot be a name: 1 to {LONGEST_NAME} bytes without a colon"
        ));
    }
    if name.trim() != name || name.starts_with('#') {
        return Err(format!(
            "{name:?} cannot be a name: it begins with # or has a blank at an end"
        ));
    }
    Ok(())
}

/// Whether a password is an account's. Takes as long when there is no account: `like` is the account
/// whose cost is then paid.
pub(crate) fn is_right(password: &str, account: Option<&Account>, like: Option<&Account>) -> bool {
    let password = password.get(..LONGEST_PASSWORD).unwrap_or(password);
    let like = like.and_then(|account| PasswordHash::new(&account.hash).ok());
    match account.map(|account| PasswordHash::new(&account.hash)) {
        Some(Ok(hash)) => Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok(),
        _ => {
            let params = like.and_then(|hash| Params::try_from(&hash).ok());
            let hasher = params.map_or_else(Argon2::default, Argon2::from);
            let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
            // What comes out is of no interest, only that it took its time.
            let _ = hasher.hash_password_into(password.as_bytes(), &[0; 16], &mut out);
            std::hint::black_box(out);
            false
        }
    }
}

/// Why a password cannot be set.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordError {
    /// The name or the password cannot be one.
    #[error("{0}")]
    Unfit(String),
    /// The file system refuses.
    #[error("cannot {what} {at}: {source}")]
    Io {
        /// What could not be done.
        what: &'static str,
        /// With what.
        at: String,
        /// Why not.
        source: io::Error,
    },
}

/// Whether every line of a file of accounts can be used; else what is wrong with the first that
/// cannot.
///
/// # Errors
/// A file that cannot be read; a line that is no account; a hash that is not argon2id.
pub fn check_accounts(file: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("cannot read: {error}"))?;
    match Accounts::parse(&text).1.into_iter().next() {
        Some(wrong) => Err(wrong),
        None => Ok(()),
    }
}

/// Sets the password of an account in a file, which is made when it is not there, for its owner only
/// (mode 0600), and replaced in one step. Other lines stay as they are; every line of that name, in
/// any case, gives way. Hashed with argon2id: 19 MiB of memory, two passes.
///
/// # Errors
/// A name with a colon or a control character, a password that is empty or longer than 1,024 bytes,
/// what the file system refuses.
pub fn set_password(file: &Path, name: &str, password: &str) -> Result<(), PasswordError> {
    checked_name(name).map_err(PasswordError::Unfit)?;
    if password.is_empty() || password.len() > LONGEST_PASSWORD {
        let words = format!("a password has 1 to {LONGEST_PASSWORD} bytes");
        return Err(PasswordError::Unfit(words));
    }
    let io = |what, source| PasswordError::Io {
        what,
        at: file.display().to_string(),
        source,
    };
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| io("make a salt for", io::Error::other(error)))?;
    let hash = Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|error| PasswordError::Unfit(format!("cannot hash this password: {error}")))?;
    let before = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(io("read", error)),
    };
    let folded = name.to_lowercase();
    let is_other = |line: &&str| {
        let of = line.trim().split_once(':').map(|(name, _)| name);
        of.is_none_or(|of| of.to_lowercase() != folded)
    };
    let mut text: String = before
        .lines()
        .filter(is_other)
        .map(|line| format!("{line}\n"))
        .collect();
    text += &format!("{name}:{hash}\n");
    replace(file, text.as_bytes()).map_err(|error| io("write", error))
}

/// Writes a file anew, so that it is the old or the new one at any moment.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays one.
    let file = &std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let new = file.with_file_name(name);
    let write = || {
        let mut options = std::fs::OpenOptions::new();
        let mut out = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&new)?;
        if let Ok(before) = std::fs::metadata(file) {
            // Whoever may read it may go on, but nobody else.
            out.set_permissions(before.permissions())?;
        }
        out.write_all(bytes)?;
        out.sync_all()?;
        std::fs::rename(&new, file)?;
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        std::fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    };
    let written = write();
    if written.is_err() {
        // It may not even have been made.
        let _ = std::fs::remove_file(&new);
    }
    written
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_password_is_set_and_changed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("accounts");
        let read = || {
            let text = std::fs::read_to_string(&file).unwrap();
            let (accounts, wrong) = Accounts::parse(&text);
            assert_eq!(wrong, Vec::<String>::new());
            (text, accounts)
        };
        set_password(&file, "Ada", "first").unwrap();
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::write(&file, "# ours\n".to_owned() + &read().0).unwrap();
        set_password(&file, "grace@example.org", "pass: word ä").unwrap();
        set_password(&file, "ada", "second").unwrap();
        let (text, accounts) = read();
        assert!(text.starts_with("# ours\ngrace@example.org:$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_eq!(text.lines().count(), 3);
        let check = |name: &str, password| is_right(password, accounts.get(name), accounts.any());
        assert!(check("ada", "second") && check("ADA", "second"));
        assert!(check("Grace@example.org", "pass: word ä"));
        assert!(!check("ada", "first") && !check("ada", "") && !check("bob", "second"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn unfit_names_and_passwords() {
        let file = Path::new("/nonexistent/accounts");
        for (name, password) in [
            ("", "x"),
            ("a:b", "x"),
            ("a\nb", "x"),
            ("#a", "x"),
            ("a", ""),
        ] {
            let error = set_password(file, name, password).unwrap_err();
            assert!(matches!(error, PasswordError::Unfit(_)), "{name:?}");
        }
        let long = "x".repeat(LONGEST_PASSWORD + 1);
        assert!(set_password(file, "a", &long).is_err());
        let error = set_password(file, "a", "x").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("cannot write /nonexistent/accounts")
        );
    }

    #[test]
    fn weak_and_costly_hashes_are_refused() {
        let costly =
            "$argon2id$v=19$m=4194304,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA";
        let table = [
            ("a:$2y$05$abcdefghijklmnopqrstuv", "bcrypt"),
            ("a:$apr1$x$y", "MD5"),
            ("a:{SHA}2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "SHA-1"),
            ("a:$6$salt$hash", "SHA-crypt"),
            ("a:rqXexS6ZhobKA", "crypt"),
            ("a:", "plain text"),
            ("a:$argon2id$v=19$m=19456,t=2,p=1$AAAA", "cannot be used"),
            ("a:$argon2id$", "cannot be used"),
            (&format!("a:{costly}"), "too costly"),
            ("nobody", "no colon"),
            (":x", "cannot be a name"),
        ];
        for (line, expected) in table {
            let (accounts, wrong) = Accounts::parse(line);
            assert!(accounts.by_name.is_empty(), "{line}");
            assert!(
                wrong[0].starts_with("line 1: ") && wrong[0].contains(expected),
                "{wrong:?}"
            );
        }
    }
}
