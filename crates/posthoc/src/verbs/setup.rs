//! `init`.

use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::open::place;
use crate::term;
use posthoc_embedded::{EmbeddedStore, is_archive};
use serde_json::json;

pub(crate) fn init(global: &Global) -> Result<Exit, Failure> {
    let place = place(global)?;
    let dir = place.dir.clone();
    if is_archive(&dir) {
        return Err(Failure::new(
            Exit::CannotCreate,
            format!(
                "{} is an archive already; it was left as it is",
                dir.display()
            ),
        ));
    }
    place.refuse_foreign()?;
    EmbeddedStore::create(&dir)?;
    if global.json {
        term::json(&json!({"archive": dir}))?;
    } else if !global.quiet {
        term::print(&format!(
            "made an empty archive in {}\nnext: posthoc -a {0} import SOURCE…, or list add NAME and deliver\n",
            term::line(&dir.display().to_string())
        ))?;
    }
    Ok(Exit::Done)
}
