//! From a request to the lists that whoever sent it may see.

use super::bucket::Buckets;
use super::client::Client;
use super::htpasswd::{Account, Accounts, is_right};
use super::members::Names;
use super::sessions::{Grant, Key, Session, Sessions};
use super::settings::{Access, Members};
use super::throttle::Throttle;
use super::watched::Watched;
use posthoc_core::page::Audience;
use std::path::PathBuf;
use std::sync::Arc;

/// Files that may have an account of the same name: more are not looked at.
const MOST_FILES_OF_ONE: usize = 4;

/// What is remembered from one request to the next. Settings may change meanwhile; this stays.
pub(crate) struct Gate {
    accounts: Watched<Accounts>,
    names: Watched<Names>,
    pub(crate) sessions: Sessions,
    pub(crate) throttle: Throttle,
    pub(crate) searches: Buckets,
    pub(crate) downloads: Buckets,
    /// Of what forms carry; made anew at each start.
    pub(crate) key: [u8; 32],
}

/// Who asks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Who {
    /// The name, when there is one.
    pub(crate) name: Option<String>,
    /// The session, when there is one.
    pub(crate) session: Option<Key>,
    /// What opens lists.
    lists: Vec<posthoc_core::route::ListName>,
}

impl Who {
    /// What this one may see.
    pub(crate) fn audience(&self) -> Audience {
        match self.name {
            Some(_) => Audience::Members(self.lists.clone()),
            None => Audience::Public,
        }
    }
}

impl Gate {
    /// Nobody is signed in, everybody may ask.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub(crate) fn new() -> Result<Self, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(Gate {
            accounts: Watched::new(Accounts::parse),
            names: Watched::new(Names::parse),
            sessions: Sessions::default(),
            throttle: Throttle::new(),
            searches: Buckets::new(),
            downloads: Buckets::new(),
            key,
        })
    }

    /// Who a request comes from: `token` is the session that it names. Reads files.
    pub(crate) fn who(&self, access: &Access, client: &Client, token: Option<&str>) -> Who {
        if let Some(name) = &client.user {
            return self.member(access, name.clone(), true, &[], None);
        }
        let Some((key, session)) = token.and_then(|token| self.sessions.find(token)) else {
            return Who::default();
        };
        let files: Vec<&PathBuf> = access.account_files().collect();
        let holds = |grant: &Grant| {
            let account = files
                .contains(&&grant.file)
                .then(|| self.accounts.get(&grant.file));
            let account = account.as_ref().and_then(|file| file.get(&session.name));
            account.is_some_and(|account| account.print() == grant.print)
        };
        // One that was struck out anywhere signs in again.
        if session.grants.is_empty() || !session.grants.iter().all(holds) {
            self.sessions.end(&key);
            return Who::default();
        }
        let of_site = session
            .grants
            .iter()
            .any(|grant| Some(&grant.file) == access.htpasswd.as_ref());
        self.member(access, session.name, of_site, &session.grants, Some(key))
    }

    /// The lists of a name. Only a name that the whole site knows (`of_site`) is looked for among
    /// members: one list's accounts are that list's own.
    fn member(
        &self,
        access: &Access,
        name: String,
        of_site: bool,
        grants: &[Grant],
        session: Option<Key>,
    ) -> Who {
        let mut lists = Vec::new();
        for list in &access.lists {
            let own = list.htpasswd.as_ref();
            let granted = own.is_some_and(|own| grants.iter().any(|grant| grant.file == *own));
            let is_member = || match &list.members {
                _ if !of_site => false,
                None => false,
                Some(Members::SignedIn) => true,
                Some(Members::File(path)) => self.names.get(path).holds(&name),
            };
            if granted || is_member() {
                lists.push(list.list.clone());
            }
        }
        Who {
            name: Some(name),
            session,
            lists,
        }
    }

    /// The session of a name and a password, when it is right for at least one file. Takes as long
    /// for any name; costs memory and time, so it is called in a lane of its own.
    pub(crate) fn check(&self, access: &Access, name: &str, password: &str) -> Option<Session> {
        let mut files: Vec<(&PathBuf, Arc<Accounts>)> = Vec::new();
        for path in access.account_files() {
            if !files.iter().any(|(known, _)| *known == path) {
                files.push((path, self.accounts.get(path)));
            }
        }
        let like = files.iter().find_map(|(_, file)| file.any());
        // As many as any name has, so that time does not tell how many this one has.
        let looked_at = most_of_one(files.iter().map(|(_, file)| &**file));
        let mut grants = Vec::new();
        let mut own = files
            .iter()
            .filter_map(|(path, file)| Some((path, file.get(name)?)));
        for _ in 0..looked_at {
            let next: Option<(_, &Account)> = own.next();
            let right = is_right(password, next.map(|(_, account)| account), like);
            if let Some((path, account)) = next.filter(|_| right) {
                grants.push(Grant {
                    file: (**path).clone(),
                    print: account.print(),
                });
            }
        }
        (!grants.is_empty()).then(|| Session {
            name: name.to_lowercase(),
            grants,
        })
    }
}

/// In how many files the name that is in most of them is.
fn most_of_one<'a>(files: impl Iterator<Item = &'a Accounts>) -> usize {
    let mut counts = std::collections::HashMap::new();
    for name in files.flat_map(Accounts::names) {
        *counts.entry(name).or_insert(0_usize) += 1;
    }
    let most = counts.into_values().max().unwrap_or(1);
    most.min(MOST_FILES_OF_ONE)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{ListAccess, set_password};
    use super::*;
    use posthoc_core::route::ListName;
    use std::path::Path;

    fn list(name: &str, htpasswd: Option<&Path>, members: Option<Members>) -> ListAccess {
        ListAccess {
            list: ListName::new(name).unwrap(),
            htpasswd: htpasswd.map(Path::to_owned),
            members,
        }
    }

    fn lists(who: &Who) -> String {
        let names: Vec<String> = who.lists.iter().map(|list| list.to_string()).collect();
        names.join(" ")
    }

    #[test]
    fn names_open_lists() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for (file, name, password) in [
            ("site", "ada", "one"),
            ("site", "grace", "two"),
            ("cats", "ada", "three"),
            ("cats", "bob", "four"),
        ] {
            set_password(&at(file), name, password).unwrap();
        }
        std::fs::write(at("members"), "ada\nBob\n").unwrap();
        let access = Access {
            htpasswd: Some(at("site")),
            lists: vec![
                list("cats", Some(&at("cats")), None),
                list("dogs", None, Some(Members::File(at("members")))),
                list("all", None, Some(Members::SignedIn)),
                list("closed", None, None),
            ],
            ..Access::default()
        };
        let gate = Gate::new().unwrap();
        let nobody = Client {
            address: None,
            user: None,
            from_here: false,
        };
        let seen = |name, password| {
            let session = gate.check(&access, name, password)?;
            let token = gate.sessions.begin(session).unwrap();
            Some((gate.who(&access, &nobody, Some(&token)), token))
        };
        let of = |name, password| seen(name, password).map(|(who, _)| lists(&who));
        assert_eq!(of("ada", "one").as_deref(), Some("dogs all"));
        assert_eq!(of("Ada", "three").as_deref(), Some("cats"));
        assert_eq!(of("grace", "two").as_deref(), Some("all"));
        // One list's Bob is not the site's.
        assert_eq!(of("bob", "four").as_deref(), Some("cats"));
        for (name, password) in [("ada", "two"), ("eve", "one"), ("", ""), ("ada", "")] {
            assert_eq!(of(name, password), None);
        }
        let proxied = Client {
            user: Some("BOB".to_owned()),
            ..nobody.clone()
        };
        assert_eq!(lists(&gate.who(&access, &proxied, None)), "dogs all");
        assert_eq!(
            gate.who(&access, &nobody, None).audience(),
            Audience::Public
        );
        // A changed password, an entry that is gone, a file that is gone.
        let (_, ada) = seen("ada", "one").unwrap();
        let (_, bob) = seen("bob", "four").unwrap();
        let still = |token: &str| gate.who(&access, &nobody, Some(token)).name;
        set_password(&at("site"), "ada", "one").unwrap();
        assert_eq!(still(&ada), None);
        assert_eq!(still(&bob).as_deref(), Some("bob"));
        std::fs::remove_file(at("cats")).unwrap();
        assert_eq!(still(&bob), None);
        std::fs::remove_file(at("members")).unwrap();
        assert_eq!(lists(&gate.who(&access, &proxied, None)), "all");
    }
}
