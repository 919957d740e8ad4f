//! `theme check`: every kind of page, made with the theme from the archive's own mails.

use super::{examine, style, there};
use crate::args::Global;
use crate::config::nearest;
use crate::exit::{Exit, Failure};
use crate::open::{Place, place, site};
use crate::{term, theme};
use posthoc_archive::{Folds, Reader, Settings};
use posthoc_core::message::Limits;
use posthoc_core::page::{
    Audience, BUILT_IN_TEMPLATES, Layout, OwnLayout, Page, Site, TemplateError, View,
};
use posthoc_core::route::Route;
use posthoc_embedded::EmbeddedStore;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Mails from each end of a volume that are looked at.
const MAILS: usize = 25;
/// A style sheet over that is told: every reader loads it.
const STYLE_BYTES: usize = 20_000;

/// Something that is wrong.
#[derive(Serialize)]
struct Finding {
    /// The template or file; empty when it is the page as a whole.
    file: String,
    /// From 1.
    line: Option<usize>,
    what: String,
    /// Pages where it shows.
    pages: usize,
    /// The first of them.
    page: Option<String>,
}

pub(super) fn check(global: &Global, folder: &Path) -> Result<Exit, Failure> {
    there(folder)?;
    let mut findings = of_names(folder);
    findings.extend(of_style(folder)?);
    let Place { dir, config } = place(global)?;
    let store = EmbeddedStore::open(&dir)?;
    let site = site(&config, Some(folder))?;
    let made = of_pages(&store, &site, &config.limits(), &mut findings);
    let pages = match made {
        Ok(pages) => pages,
        Err(Stopped::Template(finding)) => {
            findings.push(*finding);
            0
        }
        Err(Stopped::Failure(failure)) => return Err(failure),
    };
    told(global, &findings, pages)?;
    Ok(match findings.is_empty() {
        true => Exit::Done,
        false => Exit::No,
    })
}

fn told(global: &Global, findings: &[Finding], pages: usize) -> Result<(), Failure> {
    if global.json {
        return term::json(&serde_json::json!({"pages": pages, "findings": findings}));
    }
    for finding in findings {
        let line = finding.line.map(|line| format!(":{line}"));
        let mut place = format!("{}{}", finding.file, line.unwrap_or_default());
        if place.is_empty() {
            place = "page".to_owned();
        }
        let mut words = format!("{place}: {}", finding.what);
        if let Some(page) = &finding.page {
            words.push_str(&format!(
                " ({}, first /{page})",
                term::count(finding.pages as u64, "page")
            ));
        }
        term::print(&format!("{}\n", term::line(&words)))?;
    }
    let found = match findings.len() {
        0 => "nothing wrong".to_owned(),
        n => term::count(n as u64, "finding"),
    };
    term::print(&format!("{}: {found}\n", term::count(pages as u64, "page")))
}

/// Files that nothing reads: most likely misspelt.
fn of_names(folder: &Path) -> Vec<Finding> {
    let known: Vec<&str> = BUILT_IN_TEMPLATES.iter().map(|(name, _)| *name).collect();
    let mut findings = Vec::new();
    let sources: Vec<String> = theme::names(folder)
        .into_iter()
        .filter(|(name, _)| theme::is_template(name))
        .filter_map(|(_, path)| std::fs::read_to_string(path).ok())
        .collect();
    for (name, _) in theme::names(folder) {
        let is_template = theme::is_template(&name) && !known.contains(&name.as_str());
        // A template of the site's own, which another one includes.
        let is_named = sources.iter().any(|source| source.contains(&name));
        if is_template && !is_named {
            findings.push(Finding {
                what: nearest::unknown("template", &name, &known),
                file: name,
                line: None,
                pages: 0,
                page: None,
            });
        }
    }
    findings
}

fn of_style(folder: &Path) -> Result<Vec<Finding>, Failure> {
    let path = folder.join("theme.css");
    let sheet = match std::fs::read_to_string(&path) {
        Ok(sheet) => sheet,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Failure::io("read", &path, &error)),
    };
    let mut faults: Vec<(Option<usize>, String)> = style::faults(&sheet)
        .into_iter()
        .map(|(line, what)| (Some(line), what))
        .collect();
    if sheet.len() > STYLE_BYTES {
        let what = format!(
            "{} bytes, which every reader loads; keep it under {STYLE_BYTES}",
            sheet.len()
        );
        faults.push((None, what));
    }
    let finding = |(line, what)| Finding {
        file: "theme.css".to_owned(),
        line,
        what,
        pages: 0,
        page: None,
    };
    Ok(faults.into_iter().map(finding).collect())
}

enum Stopped {
    /// A template that cannot be compiled: no page can be made.
    Template(Box<Finding>),
    Failure(Failure),
}

impl<E: Into<Failure>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Stopped::Failure(error.into())
    }
}

/// Makes pages of every kind and collects what is wrong with them.
fn of_pages(
    store: &EmbeddedStore,
    site: &Site,
    limits: &Limits,
    findings: &mut Vec<Finding>,
) -> Result<usize, Stopped> {
    let strict = OwnLayout::strict(site).map_err(|error| {
        Stopped::Template(Box::new(Finding {
            what: in_words(&error, site),
            file: error.template,
            line: error.line,
            pages: 0,
            page: None,
        }))
    })?;
    let layout = Examining {
        layout: strict,
        found: Mutex::default(),
    };
    let folds = Folds::default();
    let settings = Settings {
        site,
        layout: &layout,
        limits,
        folds: &folds,
    };
    let reader = Reader::new(store, &settings, Audience::Operator)?;
    let routes = reader.examples(MAILS)?;
    for route in &routes {
        reader.answer(route)?;
    }
    findings.extend(layout.findings());
    Ok(routes.len())
}

/// What is wrong, with the line as it is written: the engine does not say which name it missed.
fn in_words(error: &TemplateError, site: &Site) -> String {
    let source = site
        .templates
        .iter()
        .find(|(name, _)| *name == error.template);
    let at = error.line.and_then(|line| line.checked_sub(1));
    let line = source
        .zip(at)
        .and_then(|((_, source), at)| source.lines().nth(at));
    match line {
        Some(line) => format!("{}: {}", error.reason, line.trim()),
        None => error.reason.clone(),
    }
}

/// Renders, and keeps what is wrong.
struct Examining {
    layout: OwnLayout,
    /// By template, line and words: pages, and the first of them.
    found: Mutex<BTreeMap<Where, (usize, String)>>,
}

type Where = (String, Option<usize>, String);

impl Examining {
    fn findings(&self) -> Vec<Finding> {
        let found = std::mem::take(&mut *self.found.lock().unwrap_or_else(PoisonError::into_inner));
        let finding = |((file, line, what), (pages, page))| Finding {
            file,
            line,
            what,
            pages,
            page: Some(page),
        };
        found.into_iter().map(finding).collect()
    }
}

impl Layout for Examining {
    fn render(&self, route: &Route, view: &View, site: &Site) -> Page {
        let (page, failed) = self.layout.examined(route, view, site);
        let mut here: Vec<Where> = Vec::new();
        match failed {
            Some(error) => {
                let words = in_words(&error, site);
                here.push((error.template, error.line, words));
            }
            None if !page.foreign && page.media_type.starts_with("text/html") => {
                let html = String::from_utf8_lossy(&page.bytes);
                let faults = examine::faults(&html).into_iter();
                here.extend(faults.map(|what| (String::new(), None, what)));
            }
            None => {}
        }
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        for place in here {
            let entry = found.entry(place).or_insert_with(|| (0, route.path()));
            entry.0 += 1;
        }
        page
    }
}
