//! `serve`: the archive, or sources that are only looked at.

use crate::access::access;
use crate::args::{Global, ServeArgs};
use crate::config::key::Table;
use crate::config::{Config, refuse};
use crate::exit::{Exit, Failure};
use crate::open::{Opened, Place, absolute, now, place};
use crate::systemd;
use crate::term::{self, Progress};
use crate::theme;
use posthoc_archive::source::{OpenOptions, Source, Split};
use posthoc_archive::{ImportOptions, Store, index_words};
use posthoc_core::page::Audience;
use posthoc_core::route::ListName;
use posthoc_serve::lmtp::Lmtp;
use posthoc_serve::{Access, Listen, Ready, Reload, Reloaded, ServeError, ServeOptions, Wake};
use posthoc_store::StoreError;
use std::io::ErrorKind;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

/// Where the site is when nobody says where.
pub(super) const PORT: u16 = 8025;
/// The list of a scratch archive whose source's name cannot be one.
const NAMELESS: &str = "mail";

pub(crate) fn serve(global: &Global, serve: &ServeArgs) -> Result<Exit, Failure> {
    let mut listen = serve
        .listen
        .clone()
        .unwrap_or_else(|| Listen::TcpOrNextFree((Ipv4Addr::LOCALHOST, PORT).into()));
    let (opened, audience, prefix, access) = if serve.sources.is_empty() {
        let opened = archive(global)?;
        let prefix = prefix(opened.site.base_url.as_deref());
        let set = opened.config.serve.text("listen");
        if let (None, Some(Ok(set))) = (&serve.listen, set.map(crate::args::listen)) {
            listen = set;
        }
        let access = access(&opened.config)?;
        (opened, Audience::Public, prefix, access)
    } else {
        refuse_strangers(&listen)?;
        (
            scratch(global, &serve.sources)?,
            Audience::Operator,
            String::new(),
            Access::default(),
        )
    };
    let options = ServeOptions {
        listen,
        passed: systemd::sockets()?,
        audience,
        path_prefix: prefix,
        access,
        keep_fresh: true,
        lmtp: lmtp(serve, &opened.config),
        watch: match serve.sources.is_empty() {
            true => opened.config.watched(),
            false => Vec::new(),
        },
        folder: Some(opened.dir.clone()),
        wake: Wake::default(),
    };
    let json = global.json;
    let Opened {
        store,
        site,
        limits,
        ..
    } = opened;
    let store: Arc<dyn Store> = store;
    let reload = reload(global, serve.sources.is_empty(), Arc::clone(&store));
    let ready = |ready: Ready<'_>| {
        let Ready { url, lmtp } = ready;
        systemd::tell("READY=1");
        let mail = lmtp.map_or(String::new(), |at| format!("lmtp {at}\n"));
        // Whoever reads the address through a pipe may close it then; the site stays.
        let _ = match json {
            true => term::json(&serde_json::json!({"url": url, "lmtp": lmtp})),
            false => term::print(&format!("{url}\n{mail}")),
        };
        if std::io::IsTerminal::is_terminal(&std::io::stdout()) {
            term::note(global, "open it in a browser; Ctrl-C ends");
        }
    };
    let ending = || systemd::tell("STOPPING=1");
    posthoc_serve::serve(store, site, limits, options, reload, ready, ending)?;
    Ok(Exit::Done)
}

/// The door for mail, where one is wanted; never for sources that are only looked at.
fn lmtp(serve: &ServeArgs, config: &Config) -> Option<Lmtp> {
    let set = config
        .serve
        .text("lmtp")
        .filter(|_| serve.sources.is_empty());
    let set = set.and_then(|text| crate::args::lmtp(text).ok());
    let longest = config.whole(Table::Serve, "lmtp_bytes");
    Some(Lmtp {
        listen: serve.lmtp.clone().or(set)?,
        longest: usize::try_from(longest).unwrap_or(usize::MAX),
        ..Lmtp::default()
    })
}

/// Reads the configuration anew, to the last file, and records what it says of the lists. Sources that
/// are only looked at have nothing to read anew.
fn reload(global: &Global, archive: bool, store: Arc<dyn Store>) -> Reload {
    let global = global.clone();
    Box::new(move || {
        let _reloading = systemd::Reloading::begin();
        if !archive {
            return Err("sources are shown without a configuration".to_owned());
        }
        let read = || -> Result<_, Failure> {
            let place = place(&global)?;
            let face = theme::of(&place.dir);
            let site = crate::open::site(&place.config, Some(&face))?;
            // Nothing is recorded of settings that cannot be taken over.
            theme::layout(&site, &face)?;
            let watch = place.config.watched();
            Ok((site, place.config.limits(), access(&place.config)?, watch))
        };
        let (site, limits, access, watch) = read().map_err(|failure| failure.words().to_owned())?;
        crate::open::record(&global, &*store, &site, &limits);
        Ok(Reloaded {
            path_prefix: prefix(site.base_url.as_deref()),
            site,
            limits,
            access,
            watch,
        })
    })
}

/// The archive, with a word when nobody may see anything of it.
fn archive(global: &Global) -> Result<Opened, Failure> {
    let place = place(global)?;
    let dir = place.dir.clone();
    let opened = place.open().map_err(|failure| match failure.exit {
        Exit::NoInput => Failure::new(
            Exit::NoInput,
            format!(
                "{}; or name a mailbox to look at, as in `posthoc serve my-list.mbox`",
                Failure::from(StoreError::NoArchive(dir)).words()
            ),
        ),
        _ => failure,
    })?;
    opened.refresh(global);
    let settings = opened.settings();
    let lists = opened.reader(&settings)?.lists()?;
    if lists.iter().all(|list| list.visibility == "private") {
        term::note(
            global,
            "no list is public, so there is nothing to see; `posthoc list add --public NAME` makes one \
             public",
        );
    }
    Ok(opened)
}

/// What is shown to the operator is shown to nobody else.
pub(super) fn refuse_strangers(listen: &Listen) -> Result<(), Failure> {
    match listen {
        Listen::Tcp(at) | Listen::TcpOrNextFree(at) if !at.ip().is_loopback() => Err(Failure::new(
            Exit::Usage,
            format!(
                "{at} can be reached by others, and sources are shown whole; listen at 127.0.0.1, or \
                     import them with --public and serve that"
            ),
        )),
        Listen::Passed(_) => Err(Failure::new(
            Exit::Usage,
            "sources are shown whole, so no socket that others opened is taken for them; listen at 127.0.0.1",
        )),
        _ => Ok(()),
    }
}

/// The path of the site's URL.
fn prefix(url: Option<&str>) -> String {
    let after = url
        .and_then(|url| url.split_once("://"))
        .map(|(_, rest)| rest);
    let path = after.and_then(|rest| rest.find('/').map(|at| &rest[at..]));
    path.unwrap_or_default().trim_end_matches('/').to_owned()
}

/// The scratch archive of these sources, with what is new in them.
fn scratch(global: &Global, sources: &[PathBuf]) -> Result<Opened, Failure> {
    let mut lists = Vec::new();
    for path in sources {
        if path.as_os_str() == "-" {
            let line =
                "standard input can be read only once; give a file, or import it with --list";
            return Err(Failure::new(Exit::Usage, line));
        }
        let about = Source::open(path, &OpenOptions::default())?.description();
        let guess = about.list_name_guess.as_deref().and_then(ListName::new);
        lists.push(guess.or_else(|| ListName::new(NAMELESS)));
    }
    let mut wrong = Vec::new();
    let config = match &global.config {
        Some(file) => Config::read(file, &mut wrong)?,
        None => Config::default(),
    };
    refuse(&wrong)?;
    let dir = cache()?.join(key(sources)?);
    if let Some(parent) = dir.parent() {
        std::fs::create_dir_all(parent).map_err(|error| Failure::io("create", parent, &error))?;
    }
    let opened = Place { dir, config }.open_or_create()?;
    opened.refresh(global);
    let dir = opened.dir.display();
    term::note(
        global,
        &format!("the scratch archive is {dir}; it may be deleted"),
    );
    for (path, list) in sources.iter().zip(lists) {
        let options = ImportOptions {
            list,
            public: false,
            site: opened.site.clone(),
            kind: None,
            split: Split::default(),
            range: None,
            numbers: None,
            as_mhonarc: None,
            index: true,
            dry_run: false,
            honour_no_archive: false,
            now: now(),
            limits: opened.limits.clone(),
        };
        let progress = Progress::new(global, "read");
        let path = std::slice::from_ref(path);
        posthoc_archive::import(opened.store.as_ref(), path, &options, &mut |at| {
            progress.at(at.bytes, at.total.unwrap_or(0), || {
                term::count(at.mails, "mail")
            });
        })?;
    }
    index_words(opened.store.as_ref(), &opened.limits)?;
    Ok(opened)
}

/// `$XDG_CACHE_HOME/posthoc` or `~/.cache/posthoc` (XDG Base Directory Specification; a relative
/// path there counts as not set).
fn cache() -> Result<PathBuf, Failure> {
    let folder = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let cache = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
    cache.map(|cache| cache.join("posthoc")).ok_or_else(|| {
        Failure::new(
            Exit::CannotCreate,
            "no cache folder: neither $XDG_CACHE_HOME nor $HOME is set; set one to an absolute path",
        )
    })
}

/// Names a scratch archive by what its sources are now: path, size and time of change of each, so
/// that a file that was written anew is read anew.
fn key(sources: &[PathBuf]) -> Result<String, Failure> {
    let mut hasher = blake3::Hasher::new();
    for path in sources {
        let path = absolute(path);
        let about = std::fs::metadata(&path).map_err(|error| Failure::io("read", &path, &error))?;
        let changed = about
            .modified()
            .ok()
            .and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok())
            .map_or(0, |since| since.as_nanos());
        hasher.update(path.as_os_str().as_encoded_bytes());
        hasher.update(b"\0");
        hasher.update(&about.len().to_le_bytes());
        hasher.update(&changed.to_le_bytes());
    }
    Ok(hasher.finalize().to_hex()[..20].to_owned())
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        let (exit, remedy) = match &error {
            ServeError::Listen { source, at } => match source.kind() {
                ErrorKind::PermissionDenied => (
                    Exit::Permission,
                    "ports below 1024 are root's, and a socket's folder must be yours; take another with --listen or --lmtp",
                ),
                ErrorKind::AddrInUse => (
                    Exit::TryLater,
                    "another program is there; take another port with --listen",
                ),
                ErrorKind::NotFound if at.starts_with("passed:") => (
                    Exit::CannotCreate,
                    "name it with FileDescriptorName= in the socket's unit, and start that",
                ),
                _ => (Exit::CannotCreate, "take another with --listen"),
            },
            ServeError::Template(_) => (
                Exit::Config,
                "mend the file in the archive's folder templates/, or take it away",
            ),
            _ => (Exit::TryLater, "the machine has too much to do"),
        };
        Failure::new(exit, format!("{error}; {remedy}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_stands_where_its_url_says() {
        for (url, path) in [
            (None, ""),
            (Some("https://example.org"), ""),
            (Some("https://example.org/"), ""),
            (Some("https://example.org/a/lists"), "/a/lists"),
        ] {
            assert_eq!(prefix(url), path);
        }
    }
}
