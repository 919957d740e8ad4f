//! What requests are answered with, and how it is changed while the site is served: all at once.
//! A request takes what is current when it comes and keeps it to its end.

use crate::gate::Access;
use crate::site::App;
use crate::{ServeError, log};
use posthoc_archive::Watched;
use posthoc_core::message::Limits;
use posthoc_core::page::Site;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;

/// Settings that were read anew.
pub struct Reloaded {
    /// The site.
    pub site: Site,
    /// What one mail may cost.
    pub limits: Limits,
    /// As in [`ServeOptions`](crate::ServeOptions).
    pub path_prefix: String,
    /// As in [`ServeOptions`](crate::ServeOptions).
    pub access: Access,
    /// As in [`ServeOptions`](crate::ServeOptions).
    pub watch: Vec<Watched>,
}

/// Reads all settings anew; else says in one line why they cannot be used. Called when SIGHUP comes or
/// [`Wake`] tells, on a thread that may wait, never twice at once.
pub type Reload = Box<dyn FnMut() -> Result<Reloaded, String> + Send>;

/// Has a server reload, as SIGHUP does, from within its process. Calls before it has done so count as
/// one.
#[derive(Clone, Debug, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// Has it reload.
    pub fn reload(&self) {
        self.0.notify_one();
    }
}

/// The current app.
#[derive(Clone)]
pub(crate) struct Current(Arc<RwLock<Arc<App>>>);

impl Current {
    pub(crate) fn new(app: App) -> Self {
        Current(Arc::new(RwLock::new(Arc::new(app))))
    }

    pub(crate) fn now(&self) -> Arc<App> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn set(&self, app: App) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(app);
    }

    /// Takes over what `reload` reads, whole or not at all.
    pub(crate) fn reload(&self, reload: &mut Reload) {
        let fresh = reload().and_then(|fresh| {
            let app = self.now().with(fresh);
            app.map_err(|error: ServeError| error.to_string())
        });
        match fresh {
            Ok(app) => {
                self.set(app);
                log("the settings were read anew");
            }
            Err(why) => log(&format!("the settings stay as they were: {why}")),
        }
    }

    /// Reloads at each SIGHUP, which from now on ends nothing, and when woken. Needs a tokio runtime.
    pub(crate) fn reload_when_told(&self, mut reload: Reload, wake: Wake) -> std::io::Result<()> {
        let mut hangup = signal(SignalKind::hangup())?;
        let current = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    told = hangup.recv() => {
                        if told.is_none() {
                            break;
                        }
                    }
                    () = wake.0.notified() => {}
                }
                let current = current.clone();
                let work = tokio::task::spawn_blocking(move || {
                    current.reload(&mut reload);
                    reload
                });
                reload = match work.await {
                    Ok(reload) => reload,
                    // It panicked and has said so; there is nothing left to read settings with.
                    Err(_) => {
                        return log("the settings stay as they were, and cannot be read anew");
                    }
                };
            }
        });
        Ok(())
    }
}
