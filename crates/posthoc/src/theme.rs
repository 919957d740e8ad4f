//! Reading a folder of templates, with a style sheet, a logo and an icon, and the folder of texts beside it.

use crate::exit::{Exit, Failure};
use posthoc_core::page::{OwnLayout, Site, THEME_FILE_BYTES, TemplateError, Theme, is_language};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The folder in an archive that changes how its pages look.
pub(crate) const FOLDER: &str = "templates";

/// The folder beside it that changes the words of its pages.
pub(crate) const STRINGS: &str = "strings";
/// What the names of its files end with.
pub(crate) const FLUENT: &str = ".ftl";

/// The folder of an archive's theme.
pub(crate) fn of(dir: &Path) -> PathBuf {
    dir.join(FOLDER)
}

/// The folder of texts beside a folder of templates.
pub(crate) fn strings_beside(folder: &Path) -> PathBuf {
    folder.parent().unwrap_or(folder).join(STRINGS)
}

/// Has `site` look as the folder says: its `*.html`, and the files that [`Theme`] knows; and speak as the
/// folder of texts beside it says. A folder that is not there changes nothing.
pub(crate) fn read(folder: &Path, site: &mut Site) -> Result<(), Failure> {
    let (mut templates, mut files) = (Vec::new(), Vec::new());
    for (name, path) in names(folder) {
        if is_template(&name) {
            let source = std::fs::read_to_string(&path)
                .map_err(|error| Failure::io("read", &path, &error))?;
            templates.push((name, source));
        } else if Theme::knows(&name) {
            files.push((name, bytes(&path)?));
        }
    }
    site.templates = templates;
    site.strings = strings(&strings_beside(folder))?;
    site.theme = Theme::new(files)
        .map_err(|error| Failure::new(Exit::Config, format!("{}: {error}", folder.display())))?;
    Ok(())
}

/// The texts of a folder: language and source.
fn strings(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let mut strings = Vec::new();
    for (name, path) in names(folder) {
        let Some(language) = name.strip_suffix(FLUENT) else {
            continue;
        };
        let refused = |why: &str| Failure::new(Exit::Config, format!("{}: {why}", path.display()));
        if !is_language(language) {
            return Err(refused(
                "a file of texts is named by its language, as in de.ftl or pt-BR.ftl",
            ));
        }
        let bytes = bytes(&path)?;
        if bytes.len() > THEME_FILE_BYTES {
            return Err(refused("more than 1 MiB of texts; take out what is none"));
        }
        let source = String::from_utf8(bytes).map_err(|_| refused("not UTF-8; save it so"))?;
        strings.push((language.to_owned(), source));
    }
    Ok(strings)
}

/// The names of a folder's files and where they are, sorted.
pub(crate) fn names(folder: &Path) -> Vec<(String, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let named = paths.filter_map(|path| {
        let name = path.file_name()?.to_str()?.to_owned();
        Some((name, path))
    });
    let mut names: Vec<_> = named.collect();
    names.sort();
    names
}

/// Whether a file of that name is a template.
fn is_template(name: &str) -> bool {
    name.ends_with(".html") && !name.starts_with('.')
}

/// A file's bytes, one more than a theme's file may have at most.
fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = || {
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path)?;
        file.take(THEME_FILE_BYTES as u64 + 1)
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(|error| Failure::io("read", path, &error))
}

/// The folder in which a file stands that cannot be used.
fn folder_of<'a>(error: &TemplateError, folder: &'a Path) -> &'a Path {
    match error.template.ends_with(FLUENT) {
        true => folder.parent().unwrap_or(folder),
        false => folder,
    }
}

/// The templates, compiled.
pub(crate) fn layout(site: &Site, folder: &Path) -> Result<OwnLayout, Failure> {
    OwnLayout::new(site).map_err(|error| {
        Failure::new(
            Exit::Config,
            format!(
                "{}: {error}; mend it, or take the file away to have the built-in one",
                folder_of(&error, folder).display()
            ),
        )
    })
}
