//! The doors to an archive. HTTP in front of the verbs: every path is a [`Route`](posthoc_core::route::Route), every answer
//! a page of posthoc-archive. Adds headers, never a byte of a body, and makes no HTML.
//!
//! Entry points: [`serve`] opens a door and stays until it is told to end; [`router`] is the same
//! site as a function from request to response.
//!
//! 1. `listen`: connections, their limits, the end; `passed`: sockets that others opened; `crowd`: how many from where; `patience`: clients
//!    that stand still
//! 2. `skin`: what a request must be; `ask`: what a path and query ask for; `names`: which hosts and
//!    URLs are this site's
//! 3. `gate`: who asks, and what that one may see and how often; `door`: signing in (`cookies`)
//! 4. `site`: asks the archive, in a lane of its own for pages, searches and downloads (`lanes`,
//!    `pool`)
//! 5. `reply`: headers, validators, `coding`
//! 6. `fresh`: beside all that, takes in what is delivered; `current`: settings that are read anew;
//!    `told`: signals, also for programs that stay and serve nothing
//! 7. `metrics`: what is counted for those who run it
//! 8. [`lmtp`]: mail from a mail system, the other way; `mailboxes`: mail that lies in mailboxes of others
//!
//! Not here: TLS (a proxy's work), SMTP (a mail system's).

mod ask;
mod coding;
mod cookies;
mod crowd;
mod current;
mod door;
mod fresh;
mod gate;
mod lanes;
mod listen;
pub mod lmtp;
mod mailboxes;
mod metrics;
mod names;
mod passed;
mod patience;
mod pool;
mod reply;
mod site;
mod skin;
mod told;

pub use current::{Reload, Reloaded, Wake};
pub use gate::{
    Access, ListAccess, Members, Network, NetworkError, PasswordError, Rate, RequestLog,
    check_accounts, set_password,
};
pub use listen::{Listen, Ready, serve, serve_until};
pub use passed::{Passed, Socket};
pub use site::router;
pub use told::{Told, told};

use posthoc_archive::Watched;
use posthoc_core::page::{Audience, TemplateError};
use std::io::{self, Write};
use std::path::PathBuf;

/// How a site is served.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Where.
    pub listen: Listen,
    /// Sockets that are open already, for [`Listen::Passed`].
    pub passed: Passed,
    /// To whom: everybody who can connect is at least this audience. Unless it is the public, nobody
    /// is more, and requests must name this host by an address, as `localhost`, or as the site's URL
    /// does, so that no web page can read the archive through its reader's browser by pointing a name
    /// here.
    pub audience: Audience,
    /// The path under which the site stands, as in the site's URL: `/lists`; empty at the root. For
    /// proxies that pass it on.
    pub path_prefix: String,
    /// Who of the public is more than that, and what strangers may ask for.
    pub access: Access,
    /// Take in delivered mail and keep the index up while serving. An archive that cannot be written
    /// is served all the same.
    pub keep_fresh: bool,
    /// Take mail by LMTP too; the archive must be one that can be written.
    pub lmtp: Option<lmtp::Lmtp>,
    /// Mailboxes that others fill, whose mail is taken in; the archive must be one that can be written.
    pub watch: Vec<Watched>,
    /// The archive's folder, whose size `/metrics` tells.
    pub folder: Option<PathBuf>,
    /// Has it reload, as SIGHUP does.
    pub wake: Wake,
}

/// Why a site cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The address cannot be listened at.
    #[error("cannot listen at {at}: {source}")]
    Listen {
        /// The address.
        at: String,
        /// Why not.
        source: io::Error,
    },
    /// A template of the site cannot be used.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The system gives no threads.
    #[error("cannot start: {0}")]
    Start(io::Error),
}

/// Says a line to whoever runs the server. Never a query: what people look for is theirs.
fn log(line: &str) {
    // A closed standard error is no reason to stop serving.
    let _ = writeln!(io::stderr(), "posthoc: {line}");
}
