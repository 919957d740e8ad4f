//! Rule files for web servers: which paths answer 410 Gone. A host that reads none of them serves the
//! tombstone pages with 200, which say the same to people.

use super::manifest::Manifest;
use super::write::replace;
use crate::error::Result;
use crate::load::{Reader, message_route};
use posthoc_core::page::Site;
use posthoc_core::route::{ListName, Route};
use std::fmt::Write as _;
use std::path::Path;

/// Paths that answer 410: whole ones, and beginnings.
#[derive(Default)]
struct Removed {
    pages: Vec<String>,
    folders: Vec<String>,
}

/// Writes the rule files of the removed mails of these lists; none when nothing is removed and none
/// were there. Returns the paths that changed.
pub(super) fn write_rules(
    reader: &Reader<'_>,
    site: &Site,
    lists: &[ListName],
    out: &Path,
    manifest: &mut Manifest,
    dry_run: bool,
) -> Result<Vec<String>> {
    let removed = removed(reader, lists, &prefix(site))?;
    let mut written = Vec::new();
    for (name, text) in [
        ("nginx-removed.conf", nginx(&removed)),
        ("apache-removed.conf", apache(&removed)),
        ("caddy-removed.conf", caddy(&removed)),
    ] {
        let path = format!("_rules/{name}");
        let known = manifest.hash(&path)?;
        let hash = blake3::hash(text.as_bytes()).to_hex()[..32].to_owned();
        let unused = removed.pages.is_empty() && known.is_none();
        if unused || known.as_ref() == Some(&hash) {
            continue;
        }
        if !dry_run {
            replace(&out.join(&path), text.as_bytes())?;
        }
        manifest.put(&path, hash)?;
        written.push(path);
    }
    Ok(written)
}

/// The path under which the site stands, as its URL says: `/lists`, or nothing.
fn prefix(site: &Site) -> String {
    let url = site.base_url.as_deref().unwrap_or_default();
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    path.trim_end_matches('/').to_owned()
}

fn removed(reader: &Reader<'_>, lists: &[ListName], prefix: &str) -> Result<Removed> {
    let mut removed = Removed::default();
    for name in lists {
        let list = reader.rows.need_list(name.as_str())?;
        for number in reader.rows.taken_down(list.list)? {
            let row = reader.rows.mail(list.list, number)?;
            let Some(row) = row.filter(|row| row.hidden) else {
                continue;
            };
            if let Some(Route::Message(name, volume, number)) = message_route(&list, &row) {
                for route in [
                    Route::Message(name.clone(), volume.clone(), number),
                    Route::Eml(name.clone(), volume.clone(), number),
                    Route::Mbox(name, volume, number),
                ] {
                    removed.pages.push(format!("{prefix}/{}", route.path()));
                }
            }
            let folder = format!("{prefix}/{name}/attachments/{}/", row.key);
            removed.folders.push(folder);
        }
    }
    Ok(removed)
}

/// Letters that mean something in a regular expression, in what paths are made of.
fn escaped(path: &str) -> String {
    path.replace('.', "\\.").replace('+', "\\+")
}

fn nginx(removed: &Removed) -> String {
    let mut text = "\
# In the http block: include this file. In the site's server block:
#   if ($posthoc_removed) { return 410; }
map $uri $posthoc_removed {
    default 0;
"
    .to_owned();
    for page in &removed.pages {
        let _ = writeln!(text, "    \"{page}\" 1;");
    }
    for folder in &removed.folders {
        let _ = writeln!(text, "    \"~^{}\" 1;", escaped(folder));
    }
    text + "}\n"
}

fn apache(removed: &Removed) -> String {
    let mut text = "# In .htaccess or the site's configuration (mod_alias).\n".to_owned();
    for page in &removed.pages {
        let _ = writeln!(text, "RedirectMatch gone \"^{}$\"", escaped(page));
    }
    for folder in &removed.folders {
        let _ = writeln!(text, "RedirectMatch gone \"^{}\"", escaped(folder));
    }
    text
}

fn caddy(removed: &Removed) -> String {
    let mut text = "# In the site's block: import this file.\n".to_owned();
    let folders = removed.folders.iter().map(|folder| format!("{folder}*"));
    for path in removed.pages.iter().cloned().chain(folders) {
        let _ = writeln!(text, "respond \"{path}\" 410");
    }
    text
}
