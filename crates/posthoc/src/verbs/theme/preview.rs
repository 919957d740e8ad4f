//! `theme preview`: the archive with the theme, in the operator's own browser.

use super::there;
use crate::args::Global;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::open::{Place, place, site};
use crate::verbs::serve::{PORT, refuse_strangers};
use crate::{term, theme};
use posthoc_core::page::{Audience, Site};
use posthoc_embedded::EmbeddedStore;
use posthoc_serve::{Access, Listen, Passed, Ready, Reload, Reloaded, ServeOptions, Wake};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How often the folder is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Serves all lists to this machine only, until Ctrl-C; takes the theme over again whenever a file of it
/// changes. No archive is changed, no mail is taken.
pub(super) fn preview(
    global: &Global,
    folder: PathBuf,
    listen: Option<Listen>,
) -> Result<Exit, Failure> {
    there(&folder)?;
    let listen =
        listen.unwrap_or_else(|| Listen::TcpOrNextFree((Ipv4Addr::LOCALHOST, PORT).into()));
    refuse_strangers(&listen)?;
    let Place { dir, config } = place(global)?;
    let store = Arc::new(EmbeddedStore::open(&dir)?);
    let limits = config.limits();
    let site = faced(&config, &folder)?;
    let wake = Wake::default();
    let options = ServeOptions {
        listen,
        passed: Passed::default(),
        audience: Audience::Operator,
        path_prefix: String::new(),
        access: Access::default(),
        keep_fresh: false,
        lmtp: None,
        watch: Vec::new(),
        folder: None,
        wake: wake.clone(),
    };
    watch(folder.clone(), wake);
    let reload = reload(global, folder);
    let json = global.json;
    let ready = |ready: Ready<'_>| {
        let _ = match json {
            true => term::json(&serde_json::json!({"url": ready.url})),
            false => term::print(&format!("{}\n", ready.url)),
        };
        term::note(
            global,
            "open it in a browser and load it again after a change; Ctrl-C ends",
        );
    };
    posthoc_serve::serve(store, site, limits, options, reload, ready, || ())?;
    Ok(Exit::Done)
}

/// Wakes the server whenever a file of the folder changes, or one of the texts beside it. The thread ends with
/// the program.
fn watch(folder: PathBuf, wake: Wake) {
    std::thread::spawn(move || {
        let mut before = state(&folder);
        loop {
            std::thread::sleep(LOOK);
            let now = state(&folder);
            if now != before {
                before = now;
                wake.reload();
            }
        }
    });
}

/// Names, sizes and times of change.
fn state(folder: &Path) -> Vec<(String, u64, Option<SystemTime>)> {
    let beside = theme::strings_beside(folder);
    let files = theme::names(folder)
        .into_iter()
        .chain(theme::names(&beside));
    files
        .filter_map(|(name, path)| {
            let about = std::fs::metadata(path).ok()?;
            Some((name, about.len(), about.modified().ok()))
        })
        .collect()
}

/// The site with the theme; its links stay on this machine.
fn faced(config: &Config, folder: &Path) -> Result<Site, Failure> {
    let mut site = site(config, Some(folder))?;
    theme::layout(&site, folder)?;
    site.base_url = None;
    Ok(site)
}

fn reload(global: &Global, folder: PathBuf) -> Reload {
    let global = global.clone();
    Box::new(move || {
        let read = || -> Result<Reloaded, Failure> {
            let Place { config, .. } = place(&global)?;
            Ok(Reloaded {
                site: faced(&config, &folder)?,
                limits: config.limits(),
                path_prefix: String::new(),
                access: Access::default(),
                watch: Vec::new(),
            })
        };
        read().map_err(|failure| failure.words().to_owned())
    })
}
