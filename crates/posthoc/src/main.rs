//! The binary: flags, configuration, wiring. The only place that names a backend, prints errors and
//! decides exit statuses.
//!
//! 1. `args` is the one table of verbs and flags; help and manual come from it.
//! 2. `config` reads posthoc.toml; `open` finds the archive and opens it.
//! 3. `verbs` has one function a verb: it calls a room's function and says what came out of it.
//! 4. `systemd` takes the sockets that it passes, and tells it how the server stands.
//! 5. `term` writes for people: escaped, paged, with progress; `exit` has the statuses and turns every
//!    error into one line.

mod access;
mod args;
mod config;
mod exit;
mod mailman_templates;
mod open;
mod systemd;
mod term;
mod theme;
mod verbs;

use args::{Cli, Verb};
use clap::{CommandFactory, Parser};
use exit::{Exit, Failure};
use std::ffi::OsString;
use std::process::ExitCode;

/// Pages and mails are thousands of short strings on several threads; this allocator halves what they
/// cost.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let given: Vec<OsString> = std::env::args_os().collect();
    let delivering = args::delivers(&given);
    exit::on_panic(delivering);
    // A bug in a verb unwinds to here, so that its status is ours to choose; the hook has told.
    let done = std::panic::catch_unwind(|| run(&given)).unwrap_or(Err(Failure::told(Exit::Bug)));
    let status = match done {
        Ok(status) => status,
        Err(failure) => failure.tell(),
    };
    if delivering && status != Exit::Done {
        // A mail system returns the mail to its author on anything but these two.
        println!("4.3.0 not accepted now, try again later");
        return Exit::TryLater.into();
    }
    status.into()
}

fn run(given: &[OsString]) -> Result<Exit, Failure> {
    if let Some(words) = args::of_mhonarc(given) {
        return verbs::mhonarc::mhonarc(words);
    }
    let cli = match Cli::try_parse_from(given) {
        Ok(cli) => cli,
        Err(error) => return args::explain(&error),
    };
    let Some(verb) = &cli.verb else {
        term::print(&Cli::command().render_help().to_string())?;
        return Ok(Exit::Done);
    };
    let global = &cli.global;
    match verb {
        Verb::Init => verbs::setup::init(global),
        Verb::List(list) => verbs::list::list(global, list),
        Verb::Config(config) => verbs::config::config(global, config),
        Verb::Import(import) => verbs::import::import(global, import),
        Verb::Arch(arch) => verbs::arch::arch(global, arch),
        Verb::Mhonarc(mhonarc) => verbs::mhonarc::mhonarc(&mhonarc.words),
        Verb::Reconcile(reconcile) => verbs::import::reconcile(global, reconcile),
        Verb::Imports => verbs::import::imports(global),
        Verb::Quarantine(quarantine) => verbs::quarantine::quarantine(global, quarantine),
        Verb::Deliver(deliver) => verbs::deliver::deliver(global, deliver),
        Verb::Serve(serve) => verbs::serve::serve(global, serve),
        Verb::Passwd(passwd) => verbs::passwd::passwd(global, passwd),
        Verb::Theme(theme) => verbs::theme::theme(global, theme),
        Verb::Publish(publish) => verbs::publish::publish(global, publish),
        Verb::Search(search) => verbs::search::search(global, search),
        Verb::Show(show) => verbs::show::show(global, show),
        Verb::Thread(thread) => verbs::show::thread(global, thread),
        Verb::Url(url) => verbs::show::url(global, url),
        Verb::Lists => verbs::show::lists(global),
        Verb::Export(export) => verbs::keep::export(global, export),
        Verb::Remove(remove) => verbs::remove::remove(global, remove),
        Verb::Redact(redact) => verbs::redact::redact(global, redact),
        Verb::Unremove(unremove) => verbs::remove::unremove(global, unremove),
        Verb::VerifyGone(verify) => verbs::remove::verify_gone(global, verify),
        Verb::Removals => verbs::remove::removals(global),
        Verb::Check(check) => verbs::keep::check(global, check),
        Verb::Backup(backup) => verbs::backup::backup(global, backup),
        Verb::Restore(restore) => verbs::backup::restore(global, restore),
        Verb::Doctor => verbs::doctor::doctor(global),
        Verb::Rebuild(rebuild) => verbs::keep::rebuild(global, rebuild),
    }
}
