//! Who is signed in. Held in memory only: a restart signs everybody out.

use data_encoding::BASE64URL_NOPAD;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Sessions at once; the one that was used longest ago gives way.
const MOST: usize = 8_192;
/// Sessions of one name: an account cannot push out the others.
const MOST_OF_ONE: usize = 16;
/// How long a session may rest.
const IDLE: Duration = Duration::from_secs(12 * 3_600);
/// How long a session may last.
const LONGEST: Duration = Duration::from_secs(14 * 24 * 3_600);

/// A session's name in the table: a hash of what the client holds, so that looking it up tells
/// nothing about those of others, byte by byte or otherwise.
pub(crate) type Key = [u8; 32];

/// An account whose password was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) file: PathBuf,
    /// Of the account's line at that time.
    pub(crate) print: [u8; 32],
}

/// One who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) name: String,
    pub(crate) grants: Vec<Grant>,
}

struct Kept {
    session: Session,
    made: Instant,
    used: Instant,
}

impl Kept {
    fn lives(&self, now: Instant) -> bool {
        now.duration_since(self.used) < IDLE && now.duration_since(self.made) < LONGEST
    }
}

/// All of them.
#[derive(Default)]
pub(crate) struct Sessions {
    kept: Mutex<HashMap<Key, Kept>>,
}

impl Sessions {
    /// Begins a session; what comes back is for the client alone.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub(crate) fn begin(&self, session: Session) -> Result<String, getrandom::Error> {
        let token = secret()?;
        let now = Instant::now();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, kept| kept.lives(now));
        let oldest = |kept: &HashMap<Key, Kept>, of: Option<&str>| {
            let those = kept.iter();
            let those = those.filter(|(_, kept)| of.is_none_or(|name| kept.session.name == name));
            let oldest = those.min_by_key(|(_, kept)| kept.used);
            oldest.map(|(key, _)| *key)
        };
        let own = kept
            .values()
            .filter(|kept| kept.session.name == session.name);
        if own.count() >= MOST_OF_ONE
            && let Some(key) = oldest(&kept, Some(&session.name))
        {
            kept.remove(&key);
        }
        if kept.len() >= MOST
            && let Some(key) = oldest(&kept, None)
        {
            kept.remove(&key);
        }
        let value = Kept {
            session,
            made: now,
            used: now,
        };
        kept.insert(key_of(&token), value);
        Ok(token)
    }

    /// The session of a client's token.
    pub(crate) fn find(&self, token: &str) -> Option<(Key, Session)> {
        let key = key_of(token);
        let now = Instant::now();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.get_mut(&key)?;
        if !found.lives(now) {
            kept.remove(&key);
            return None;
        }
        found.used = now;
        Some((key, found.session.clone()))
    }

    /// Ends a session.
    pub(crate) fn end(&self, key: &Key) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(key);
    }
}

fn key_of(token: &str) -> Key {
    *blake3::hash(token.as_bytes()).as_bytes()
}

/// 256 random bits as text that a cookie can carry.
///
/// # Errors
/// The system gives no random bytes.
pub(crate) fn secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn session(name: &str) -> Session {
        Session {
            name: name.to_owned(),
            grants: Vec::new(),
        }
    }

    #[test]
    fn a_session_begins_and_ends() {
        let sessions = Sessions::default();
        let token = sessions.begin(session("ada")).unwrap();
        assert_eq!(token.len(), 43);
        let (key, found) = sessions.find(&token).unwrap();
        assert_eq!(found.name, "ada");
        assert!(sessions.find(&token[1..]).is_none() && sessions.find("").is_none());
        sessions.end(&key);
        assert!(sessions.find(&token).is_none());
    }

    #[test]
    fn the_table_stays_small() {
        let sessions = Sessions::default();
        let first = sessions.begin(session("ada")).unwrap();
        let own = sessions.begin(session("grace")).unwrap();
        for _ in 0..100 {
            sessions.begin(session("ada")).unwrap();
        }
        assert!(sessions.find(&first).is_none());
        assert!(sessions.find(&own).is_some());
        assert_eq!(sessions.kept.lock().unwrap().len(), MOST_OF_ONE + 1);
    }
}
