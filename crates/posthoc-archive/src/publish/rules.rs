//! Rule files for web servers: which paths answer 410 Gone, and which names of lists lead to others. A
//! host that reads none of them serves the tombstone pages with 200, which say the same to people, and
//! one page at a list's other name. Hosts with a `_redirects` file can redirect by it but not say 410.

use super::manifest::Manifest;
use super::write::replace;
use crate::error::Result;
use crate::load::Reader;
use posthoc_core::page::Site;
use posthoc_core::route::{ListName, Route, Volume};
use std::fmt::Write as _;
use std::path::Path;

/// Writes the rule files of these lists: of removed mails, and of other names; none when there is
/// nothing to say and they were not there. Returns the paths that changed.
pub(super) fn write_rules(
    reader: &Reader<'_>,
    site: &Site,
    lists: &[ListName],
    out: &Path,
    manifest: &mut Manifest,
    dry_run: bool,
) -> Result<Vec<String>> {
    let prefix = prefix(site);
    let removed = removed(reader, lists, &prefix)?;
    let renamed = renamed(reader, lists, &prefix)?;
    let (none, same) = (removed.is_empty(), renamed.is_empty());
    let mut written = Vec::new();
    for (name, text, nothing) in [
        ("nginx-removed.conf", nginx(&removed), none),
        ("apache-removed.conf", apache(&removed), none),
        ("caddy-removed.conf", caddy(&removed), none),
        ("nginx-renamed.conf", nginx_renamed(&renamed), same),
        ("apache-renamed.conf", apache_renamed(&renamed), same),
        ("caddy-renamed.conf", caddy_renamed(&renamed), same),
        ("_redirects", redirects(&renamed), same),
    ] {
        let path = format!("_rules/{name}");
        let known = manifest.hash(&path)?;
        let hash = blake3::hash(text.as_bytes()).to_hex()[..32].to_owned();
        let unused = nothing && known.is_none();
        if unused || known.as_ref() == Some(&hash) {
            continue;
        }
        if !dry_run {
            manifest.begin_file(&path)?;
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

/// Paths that answer 410. Files are not among them: their names tell of what was removed.
fn removed(reader: &Reader<'_>, lists: &[ListName], prefix: &str) -> Result<Vec<String>> {
    let mut removed = Vec::new();
    for name in lists {
        let list = reader.rows.need_list(name.as_str())?;
        for number in reader.rows.taken_down(list.list)? {
            let row = reader.rows.mail(list.list, number)?;
            let Some(row) = row.filter(|row| row.hidden) else {
                continue;
            };
            let page = reader.message_route(&list, &row);
            if let (Some(page), Some(volume)) = (page, Volume::parse(&row.volume)) {
                for route in [
                    page,
                    Route::Eml(name.clone(), volume.clone(), number),
                    Route::Mbox(name.clone(), volume, number),
                ] {
                    removed.push(format!("{prefix}/{}", route.path()));
                }
            }
        }
    }
    Ok(removed)
}

/// Letters that mean something in a regular expression, in what paths are made of.
fn escaped(path: &str) -> String {
    path.replace('.', "\\.").replace('+', "\\+")
}

fn nginx(removed: &[String]) -> String {
    let mut text = "\
# In the http block: include this file. In the site's server block:
#   if ($posthoc_removed) { return 410; }
map $uri $posthoc_removed {
    default 0;
"
    .to_owned();
    for page in removed {
        let _ = writeln!(text, "    \"{page}\" 1;");
    }
    text + "}\n"
}

fn apache(removed: &[String]) -> String {
    let mut text = "# In .htaccess or the site's configuration (mod_alias).\n".to_owned();
    for page in removed {
        let _ = writeln!(text, "RedirectMatch gone \"^{}$\"", escaped(page));
    }
    text
}

fn caddy(removed: &[String]) -> String {
    let mut text = "# In the site's block: import this file.\n".to_owned();
    for path in removed {
        let _ = writeln!(text, "respond \"{path}\" 410");
    }
    text
}

/// Other names of lists and their own, as beginnings of paths.
fn renamed(reader: &Reader<'_>, lists: &[ListName], prefix: &str) -> Result<Vec<(String, String)>> {
    let mut renamed = Vec::new();
    for name in lists {
        for other in reader.other_names(name)? {
            renamed.push((format!("{prefix}/{other}/"), format!("{prefix}/{name}/")));
        }
    }
    Ok(renamed)
}

fn nginx_renamed(renamed: &[(String, String)]) -> String {
    let mut text = "# In the site's server block: include this file.\n".to_owned();
    for (from, to) in renamed {
        let _ = writeln!(
            text,
            "rewrite \"^{}(.*)$\" \"{to}$1\" permanent;",
            escaped(from)
        );
    }
    text
}

fn apache_renamed(renamed: &[(String, String)]) -> String {
    let mut text = "# In .htaccess or the site's configuration (mod_alias).\n".to_owned();
    for (from, to) in renamed {
        let from = escaped(from);
        let _ = writeln!(text, "RedirectMatch permanent \"^{from}(.*)$\" \"{to}$1\"");
    }
    text
}

fn caddy_renamed(renamed: &[(String, String)]) -> String {
    let mut text = "# In the site's block: import this file.\n".to_owned();
    for (n, (from, to)) in renamed.iter().enumerate() {
        let _ = writeln!(
            text,
            "@renamed{n} path_regexp renamed{n} ^{}(.*)$\nredir @renamed{n} {to}{{re.renamed{n}.1}} permanent",
            escaped(from)
        );
    }
    text
}

fn redirects(renamed: &[(String, String)]) -> String {
    let mut text =
        "# For hosts that read it: a copy of this file in the site's folder.\n".to_owned();
    for (from, to) in renamed {
        let _ = writeln!(text, "{from}* {to}:splat 301");
    }
    text
}
