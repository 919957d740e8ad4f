//! The resources of a run: environment, what the archive kept, files, options; the later win.

use super::words::Words;
use crate::exit::{Exit, Failure};
use crate::open::absolute;
use posthoc_core::text::TimeZone;
use posthoc_mhonarc::{Refusal, Resources, Surroundings};
use std::path::{Path, PathBuf};

/// What is read when nobody names it.
const DEFAULT: &str = ".mhonarc.mrc";

/// A word of the environment, where it says something.
pub(super) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Reads all of them, and what of them is not done.
pub(super) fn gather(
    words: &Words,
    folder: &Path,
    kept: &Path,
) -> Result<(Resources, Vec<Refusal>), Failure> {
    let mut refused = Vec::new();
    let mut resources = match std::fs::read(kept) {
        Ok(bytes) => Resources::restored(&bytes).ok_or_else(|| {
            Failure::new(
                Exit::BadInput,
                format!(
                    "{} is damaged; delete it and name the resource files with -rcfile once more",
                    kept.display()
                ),
            )
        })?,
        Err(_) => {
            let mut resources = Resources::default();
            resources.read_environment(&environment);
            resources
        }
    };
    if let Some(file) = default_file() {
        refused.extend(read(&mut resources, &file, folder)?);
    }
    let named = environment("M2H_RCFILE").map(PathBuf::from);
    let files = match words.resource_files.as_slice() {
        [] => named.into_iter().collect(),
        files => files.to_vec(),
    };
    for file in &files {
        let path = found(file, None, folder).unwrap_or_else(|| file.clone());
        refused.extend(read(&mut resources, &path, folder)?);
    }
    for (option, value) in &words.options {
        refused.extend(resources.set_option(option, value.as_bytes()));
    }
    for text in &words.variables {
        resources.define_all(text);
    }
    Ok((resources, refused))
}

/// The resources of other indexes (OTHERINDEXES), each file's on top of those before. A file that is not there is
/// left out with a word.
pub(super) fn others(
    resources: &Resources,
    words: &Words,
    folder: &Path,
) -> Result<Vec<Resources>, Failure> {
    let beside = words.resource_files.first().and_then(|file| file.parent());
    let mut made = Vec::new();
    let mut before = resources.clone();
    for name in resources.other_indexes() {
        let Some(path) = found(Path::new(&name), beside, folder) else {
            let name = crate::term::line(&name);
            eprintln!(
                "posthoc: there is no resource file {name} (OTHERINDEXES); its index is not made"
            );
            continue;
        };
        let mut own = before.for_other_index();
        tell(&read(&mut own, &path, folder)?);
        before = own.clone();
        own.make_one_index();
        made.push(own);
    }
    Ok(made)
}

fn default_file() -> Option<PathBuf> {
    let named = environment("M2H_DEFRCFILE").map(PathBuf::from);
    let file = named.or_else(|| Some(PathBuf::from(environment("HOME")?).join(DEFAULT)))?;
    file.is_file().then_some(file)
}

fn read(resources: &mut Resources, path: &Path, folder: &Path) -> Result<Vec<Refusal>, Failure> {
    let file = std::fs::read(path).map_err(|error| Failure::io("read", path, &error))?;
    let mut include =
        |name: &str| std::fs::read(found(Path::new(name), path.parent(), folder)?).ok();
    Ok(resources.read(&file, &mut include))
}

/// A resource file by its name: as it is, beside the file that includes it, at home, in the archive's folder.
fn found(name: &Path, beside: Option<&Path>, folder: &Path) -> Option<PathBuf> {
    let places = [
        Some(name.to_owned()),
        beside.map(|at| at.join(name)),
        environment("HOME").map(|home| Path::new(&home).join(name)),
        Some(folder.join(name)),
    ];
    places.into_iter().flatten().find(|path| path.is_file())
}

/// What the pages are told of the world around.
pub(super) fn surroundings(folder: &Path) -> Surroundings {
    Surroundings {
        now: crate::open::now(),
        time_zone: machine_zone(),
        environment: std::env::vars_os()
            .map(|(name, value)| {
                (
                    name.to_string_lossy().into_owned(),
                    value.to_string_lossy().into_owned(),
                )
            })
            .collect(),
        folder: folder.display().to_string(),
    }
}

/// The machine's time zone: `$TZ`, else what /etc/localtime leads to, else UTC.
fn machine_zone() -> TimeZone {
    let named = environment("TZ").map(|name| name.trim_start_matches(':').to_owned());
    let linked = || {
        let target = std::fs::canonicalize("/etc/localtime").ok()?;
        let target = absolute(&target).display().to_string();
        Some(target.split_once("zoneinfo/")?.1.to_owned())
    };
    let name = named.or_else(linked);
    name.and_then(|name| TimeZone::named(&name))
        .unwrap_or_else(TimeZone::utc)
}

/// Tells what is not done, each once.
pub(super) fn tell(refused: &[Refusal]) {
    let mut told = Vec::new();
    for refusal in refused
        .iter()
        .filter(|refusal| !refusal.what.is_empty() || !refusal.resource.is_empty())
    {
        if !told.contains(&refusal) {
            eprintln!("posthoc: {}", crate::term::line(&words_for(refusal)));
            told.push(refusal);
        }
    }
}

/// A refusal in one line.
pub(super) fn words_for(refusal: &Refusal) -> String {
    let what = refusal
        .what
        .lines()
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ");
    let what: String = what.chars().take(80).collect();
    let what = match what.is_empty() {
        true => String::new(),
        false => format!(" ({what})"),
    };
    format!(
        "{}{what} is not done; use {}",
        refusal.resource, refusal.instead
    )
}
