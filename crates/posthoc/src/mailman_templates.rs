//! Mailman's template files, read for lists with Pipermail's layout.

use crate::config::Config;
use crate::exit::{Exit, Failure};
use posthoc_core::page::{LayoutName, ListSettings, Site};
use posthoc_core::route::ListName;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes of one template.
const LONGEST: u64 = 1 << 20;
/// Folders in one another, as in `templates/site/fr`.
const DEPTH: usize = 4;
/// Files of one folder of templates.
const MOST: usize = 5_000;

/// Reads the folders that lists name.
pub(crate) fn read(config: &Config, site: &mut Site) -> Result<(), Failure> {
    of_list(config, None, &mut site.defaults)?;
    let mut lists = std::mem::take(&mut site.lists);
    for (name, settings) in &mut lists {
        of_list(config, Some(name), settings)?;
    }
    site.lists = lists;
    Ok(())
}

fn of_list(
    config: &Config,
    name: Option<&ListName>,
    settings: &mut ListSettings,
) -> Result<(), Failure> {
    let folder = config
        .found(name, "templates")
        .and_then(|found| found.path());
    let Some(folder) = folder.filter(|_| settings.layout == LayoutName::Pipermail) else {
        return Ok(());
    };
    if !folder.is_dir() {
        return Err(Failure::new(
            Exit::Config,
            format!(
                "templates = {}: there is no such folder; name one with Mailman's templates, or take the \
                 line away to have the built-in ones",
                folder.display()
            ),
        ));
    }
    let mut files = Vec::new();
    // Of a whole installation these two, not its archives.
    let parts: Vec<PathBuf> = ["lists", "templates"]
        .iter()
        .map(|part| folder.join(part))
        .filter(|part| part.is_dir())
        .collect();
    let mut open: Vec<(PathBuf, usize)> = match parts.is_empty() {
        true => vec![(folder.clone(), 0)],
        false => parts.into_iter().map(|part| (part, 1)).collect(),
    };
    while let Some((at, depth)) = open.pop() {
        let entries = std::fs::read_dir(&at).map_err(|error| Failure::io("read", &at, &error))?;
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() && depth < DEPTH {
                open.push((path, depth + 1));
            } else if let Some(name) = template_name(&folder, &path) {
                let bytes =
                    std::fs::read(&path).map_err(|error| Failure::io("read", &path, &error))?;
                files.push((name, bytes));
            }
        }
        if files.len() > MOST {
            return Err(Failure::new(
                Exit::Config,
                format!(
                    "{} holds more than {MOST} templates; name a folder with Mailman's templates alone",
                    folder.display()
                ),
            ));
        }
    }
    files.sort();
    settings.pipermail.templates = Arc::new(files);
    Ok(())
}

/// A template's path below the folder; none for what cannot be one.
fn template_name(folder: &Path, path: &Path) -> Option<String> {
    let about = std::fs::metadata(path).ok()?;
    let name = path.strip_prefix(folder).ok()?.to_str()?;
    let is_one = about.is_file() && about.len() <= LONGEST && name.ends_with(".html");
    is_one.then(|| name.to_owned())
}
