//! `theme start`: files to change.

use crate::args::Global;
use crate::exit::{Exit, Failure};
use crate::term;
use crate::theme::{FLUENT, strings_beside};
use posthoc_core::page::{BUILT_IN_STRINGS, BUILT_IN_TEMPLATES, STYLE_SHEET};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

pub(super) fn start(global: &Global, folder: &Path, templates: &[String]) -> Result<Exit, Failure> {
    let mut files = vec![("theme.css".to_owned(), style_sheet())];
    let mut wanted: Vec<&str> = vec!["header.html", "footer.html"];
    wanted.extend(templates.iter().map(String::as_str));
    for (name, source) in BUILT_IN_TEMPLATES {
        if wanted.contains(&name) {
            files.push((name.to_owned(), source.to_owned()));
        }
    }
    let mut files: Vec<(PathBuf, String)> = files
        .into_iter()
        .map(|(name, content)| (folder.join(name), content))
        .collect();
    let beside = strings_beside(folder);
    for (language, source) in BUILT_IN_STRINGS {
        let name = format!("{language}{FLUENT}");
        if wanted.contains(&name.as_str()) {
            files.push((beside.join(name), source.to_owned()));
        }
    }
    for (path, content) in &files {
        let within = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(within).map_err(|error| Failure::io("create", within, &error))?;
        match OpenOptions::new().write(true).create_new(true).open(path) {
            Ok(mut file) => {
                file.write_all(content.as_bytes())
                    .map_err(|error| Failure::io("write", path, &error))?;
                term::print(&format!("{}\n", path.display()))?;
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                term::note(
                    global,
                    &format!("{} is there already and stays as it is", path.display()),
                );
            }
            Err(error) => return Err(Failure::io("create", path, &error)),
        }
    }
    term::note(
        global,
        "colours and fonts are in theme.css, what stands around every page in header.html and footer.html; \
         logo.svg (or .png, .webp, .jpg) and icon.svg (or .png, .ico) are shown when they are there; then \
         `posthoc theme preview`",
    );
    Ok(Exit::Done)
}

/// Every custom property of the built-in style sheet with its value, in the schemes that it knows, all
/// as comments: a fresh theme changes nothing.
fn style_sheet() -> String {
    let mut sheet =
        "/* Colours and fonts of this site. To change one, take its line out of the comment.\n   \
                     Rules of your own may follow; nothing is loaded from elsewhere. */\n\n"
            .to_owned();
    let blocks = ["", "@media (prefers-color-scheme: dark) "];
    for (block, media) in STYLE_SHEET.split(":root {").skip(1).zip(blocks) {
        let block = block.split('}').next().unwrap_or_default();
        let indent = if media.is_empty() { "  " } else { "    " };
        sheet.push_str(match media {
            "" => ":root {\n",
            _ => "@media (prefers-color-scheme: dark) {\n  :root {\n",
        });
        for property in block.split(';').map(str::trim) {
            if property.starts_with("--") {
                let words: Vec<&str> = property.split_whitespace().collect();
                sheet.push_str(&format!("{indent}/* {}; */\n", words.join(" ")));
            }
        }
        sheet.push_str(match media {
            "" => "}\n\n",
            _ => "  }\n}\n",
        });
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_style_sheet_names_every_colour_and_changes_none() {
        let sheet = style_sheet();
        for name in ["--paper", "--ink", "--link", "--serif", "--mono"] {
            assert!(sheet.contains(&format!("/* {name}: ")), "{name}");
        }
        assert_eq!(sheet.matches("--paper").count(), 2);
        let mut open = 0;
        for line in sheet.lines().map(str::trim) {
            open += line.matches('{').count();
            open -= line.matches('}').count();
            assert!(!line.starts_with("--"), "{line}");
        }
        assert_eq!(open, 0);
        assert_eq!(super::super::style::faults(&sheet), []);
    }
}
