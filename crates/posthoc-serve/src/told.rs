//! What the system tells a program that stays.

use std::io;
use std::sync::mpsc::{Receiver, channel};
use tokio::signal::unix::{SignalKind, signal};

/// What was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Finish and end: SIGTERM or SIGINT.
    End,
    /// Read the settings anew: SIGHUP.
    Reload,
}

/// Signals as they come. From now on none of these three ends the program by itself.
///
/// # Errors
/// The system gives no thread or takes no handler.
pub fn told() -> io::Result<Receiver<Told>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    let (tell, told) = channel();
    let (mut terminate, mut interrupt, mut hangup) = {
        let _runtime = runtime.enter();
        (
            signal(SignalKind::terminate())?,
            signal(SignalKind::interrupt())?,
            signal(SignalKind::hangup())?,
        )
    };
    std::thread::Builder::new()
        .name("posthoc-told".to_owned())
        .spawn(move || {
            runtime.block_on(async move {
                loop {
                    let what = tokio::select! {
                        _ = terminate.recv() => Told::End,
                        _ = interrupt.recv() => Told::End,
                        _ = hangup.recv() => Told::Reload,
                    };
                    // Nobody listens any more: the program is about to end.
                    if tell.send(what).is_err() {
                        return;
                    }
                }
            });
        })?;
    Ok(told)
}
