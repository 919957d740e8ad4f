//! `theme check`: every kind of page, made with the theme from the archive's own mails.

use super::{examine, style, there};
use crate::args::Global;
use crate::config::nearest;
use crate::exit::{Exit, Failure};
use crate::open::{Place, now, place, site};
use crate::term;
use posthoc_archive::{Door, Folds, Order, Reader, Said, SearchRequest, Settings, Shape, door};
use posthoc_core::message::Limits;
use posthoc_core::page::{
    Asset, Audience, BUILT_IN_TEMPLATES, Layout, OwnLayout, Page, Site, TemplateError, View,
    faults_of_strings,
};
use posthoc_core::route::Route;
use posthoc_embedded::EmbeddedStore;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
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

impl Finding {
    /// One that no page needs to show.
    fn of_file(file: &str, line: Option<usize>, what: String) -> Self {
        Finding {
            file: file.to_owned(),
            line,
            what,
            pages: 0,
            page: None,
        }
    }
}

pub(super) fn check(global: &Global, folder: &Path) -> Result<Exit, Failure> {
    there(folder)?;
    let Place { dir, config } = place(global)?;
    let store = EmbeddedStore::open(&dir)?;
    let site = site(&config, Some(folder))?;
    let mut findings = of_names(&site);
    findings.extend(of_style(&site));
    findings.extend(of_strings(&site));
    let pages = match OwnLayout::strict(&site) {
        Ok(layout) => of_pages(&store, &site, &config.limits(), layout, &mut findings)?,
        // Then no page can be made; what is wrong with texts is told already.
        Err(error) if error.template.ends_with(".ftl") => 0,
        Err(error) => {
            let what = in_words(&error, &site);
            findings.push(Finding::of_file(&error.template, error.line, what));
            0
        }
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

/// Templates that nothing reads: most likely misspelt.
fn of_names(site: &Site) -> Vec<Finding> {
    let known: Vec<&str> = BUILT_IN_TEMPLATES.iter().map(|(name, _)| *name).collect();
    // Those of the site's own that another one includes are read.
    let is_named = |name: &str| {
        site.templates
            .iter()
            .any(|(_, source)| source.contains(name))
    };
    let names = site.templates.iter().map(|(name, _)| name.as_str());
    names
        .filter(|name| !known.contains(name) && !is_named(name))
        .map(|name| Finding::of_file(name, None, nearest::unknown("template", name, &known)))
        .collect()
}

fn of_style(site: &Site) -> Vec<Finding> {
    let Some(sheet) = site.theme.style_sheet() else {
        return Vec::new();
    };
    let mut faults: Vec<(Option<usize>, String)> = style::faults(sheet)
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
    let finding = |(line, what)| Finding::of_file("theme.css", line, what);
    faults.into_iter().map(finding).collect()
}

fn of_strings(site: &Site) -> Vec<Finding> {
    let faults = faults_of_strings(site).into_iter();
    faults
        .map(|fault| Finding::of_file(&fault.template, fault.line, fault.reason))
        .collect()
}

/// Makes pages of every kind and collects what is wrong with them; how many pages.
fn of_pages(
    store: &EmbeddedStore,
    site: &Site,
    limits: &Limits,
    layout: OwnLayout,
    findings: &mut Vec<Finding>,
) -> Result<usize, Failure> {
    let layout = Examining {
        layout,
        pages: AtomicUsize::new(0),
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
    for route in reader.examples(MAILS)? {
        reader.answer(&route)?;
    }
    // Pages that are served and never published: answers, the door.
    for (query, shape) in [
        ("size:0..", Shape::Mails),
        ("size:0..", Shape::Threads),
        ("size:0 size:1", Shape::Mails),
        ("(", Shape::Mails),
    ] {
        let request = SearchRequest {
            query: query.to_owned(),
            lists: Vec::new(),
            order: Order::NewestFirst,
            offset: 0,
            limit: 0,
            snippets: true,
            forms: true,
            now: now(),
        };
        reader.search_answer(None, &request, shape)?;
    }
    let (token, next, said) = ("", "", Some(Said::Wrong));
    for at in [
        Door::Closed { next },
        Door::In { token, next, said },
        Door::Out { name: "ada", token },
    ] {
        door(&settings, &at);
    }
    findings.extend(layout.findings());
    Ok(layout.pages.load(Relaxed))
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
    pages: AtomicUsize,
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
        self.pages.fetch_add(1, Relaxed);
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

    fn assets<'a>(&'a self, site: &'a Site) -> Vec<Asset<'a>> {
        self.layout.assets(site)
    }
}
