//! The verbs: import, deliver, publish, search, show, export, remove, check, rebuild; and the sources.
//!
//! Works on the ports of posthoc-store alone: no backend, no HTTP, no configuration file, no clock
//! (callers pass `now`).
//!
//! The flow: [`source`] gives raw mails; intake decides and records them; [`touched`](publish) says
//! which pages that concerns; [`Reader`] loads a page and has it rendered; [`publish()`] writes
//! every page, a server one.

mod check;
mod deliver;
mod error;
mod export;
mod how_far;
mod import;
mod intake;
mod lists;
mod load;
mod publish;
mod quarantine;
mod reconcile;
mod remove;
mod report;
mod search;
mod show;
pub mod source;
mod spans;
mod tables;
mod touched;
mod watch;

pub use check::{CheckReport, check, mend, rebuild};
pub use deliver::{
    Delivery, Letterbox, Posted, Posting, Waiting, deliver, take_in, take_in_if_free,
};
pub use error::{ArchiveError, Result};
pub use export::{ExportFormat, ExportReport, SourceExport, export, export_source};
pub use how_far::{HowFar, how_far};
pub use import::{ImportOptions, OldNumbers, Progress, import, pipermail_texts};
pub use lists::{Recorded, add_list, record_settings, rename_list, show_list};
pub use load::{
    Answer, Door, Folds, MhonarcKept, MhonarcMails, Reader, Said, Settings, Standing, Status,
    Trouble, door, trouble,
};
/// The ports that the verbs work on, as their callers name them.
pub use posthoc_store::{Order, Piece, Store};
pub use publish::{MhonarcTree, PublishOptions, PublishReport, leaves_folder, publish};
pub use quarantine::{PutAside, aside_bytes, put_aside, release};
pub use reconcile::{Missing, Reconciled, ShownSource, reconcile};
pub use remove::{
    Choice, Chosen, Decided, LoggedRemoval, Named, Quoting, Scope, Trace, Traces, find_traces,
    finish_purges, redact, remove, unremove,
};
pub use report::{Counts, ImportReport, SourceReport};
pub use search::{Found, FoundMails, SearchRequest, Shape, index_words, search_words};
pub use show::{Shown, ShownAttachment, ShownList, ShownPerson, ThreadLine};
pub use watch::{Looked, Watched, Watcher};
