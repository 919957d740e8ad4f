//! Who may come in, and by which name: as the operator has set it.

use super::bucket::Rate;
use super::network::Network;
use posthoc_core::route::ListName;
use std::path::PathBuf;

/// Who is believed, who is a member of what, and what a stranger may ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct Access {
    /// Proxies beside those that come over a Unix socket. What they say of a client counts.
    pub trusted_proxies: Vec<Network>,
    /// The header in which a proxy names who is signed in, as in `X-Remote-User`. Believed over a
    /// Unix socket and from [`trusted_proxies`](Access::trusted_proxies) only; the proxy must take
    /// away what clients send under that name.
    pub user_header: Option<String>,
    /// The header in which proxies name a client's address, each adding the one that it sees.
    /// Believed from this machine too, since it opens nothing.
    pub address_header: String,
    /// Accounts of the whole site; who may read which list stands in the lists' members.
    pub htpasswd: Option<PathBuf>,
    /// What lists say of their own.
    pub lists: Vec<ListAccess>,
    /// The names under which this host is asked for, beside the site's own; any when empty.
    pub hosts: Vec<String>,
    /// Answers to searches, for each /24 or /48 of addresses.
    pub search_rate: Rate,
    /// Downloads of volumes and threads, for each /24 or /48 of addresses.
    pub download_rate: Rate,
    /// Who may ask for `/healthz` and `/metrics`, beside this machine.
    pub operators: Vec<Network>,
    /// What is said of each request.
    pub log: RequestLog,
}

/// What the server says of requests, a line each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RequestLog {
    /// Nothing.
    #[default]
    None,
    /// Method, path without its query, status, bytes, time: nothing of who asks.
    Requests,
    /// The client's address too.
    Addresses,
}

impl Default for Access {
    fn default() -> Self {
        let rate = Rate {
            burst: 60,
            per_minute: 60,
        };
        Access {
            trusted_proxies: Vec::new(),
            user_header: None,
            address_header: "X-Forwarded-For".to_owned(),
            htpasswd: None,
            lists: Vec::new(),
            hosts: Vec::new(),
            search_rate: rate,
            download_rate: rate,
            operators: Vec::new(),
            log: RequestLog::None,
        }
    }
}

/// Who may read a private list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListAccess {
    /// Its name.
    pub list: ListName,
    /// Accounts of its own: whoever has one is a member.
    pub htpasswd: Option<PathBuf>,
    /// Which of those that the proxy or the site's accounts name are members; nobody when none.
    pub members: Option<Members>,
}

/// Members of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Members {
    /// Everybody who is signed in.
    SignedIn,
    /// Those in a file: one address or name a line.
    File(PathBuf),
}

impl Access {
    /// Every file of accounts.
    pub(crate) fn account_files(&self) -> impl Iterator<Item = &PathBuf> {
        let own = self.lists.iter().filter_map(|list| list.htpasswd.as_ref());
        self.htpasswd.iter().chain(own)
    }

    /// Whether people can sign in here.
    pub(crate) fn has_accounts(&self) -> bool {
        self.account_files().next().is_some()
    }

    /// Whether anybody may be more than the public.
    pub(crate) fn knows_people(&self) -> bool {
        self.user_header.is_some() || self.has_accounts()
    }
}
