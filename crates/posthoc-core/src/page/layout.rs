//! From a view to the bytes of a page.

use super::{Page, Site, View};
use super::{crawl, feed, pages};
use crate::route::Route;
use crate::text::Html;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};
use std::error::Error as _;
use std::fmt;

/// Turns a view into a page. Total and pure: any view gives a page, and the same route, view and
/// site give the same bytes.
pub trait Layout: Send + Sync {
    /// Renders what was loaded for that route.
    fn render(&self, route: &Route, view: &View, site: &Site) -> Page;
}

/// The templates that are built in, by name. A site's own template of the same name takes the
/// place of one.
pub const BUILT_IN_TEMPLATES: [(&str, &str); 18] = [
    (
        "attachments.html",
        include_str!("templates/attachments.html"),
    ),
    ("base.html", include_str!("templates/base.html")),
    ("footer.html", include_str!("templates/footer.html")),
    ("head.html", include_str!("templates/head.html")),
    ("header.html", include_str!("templates/header.html")),
    ("home.html", include_str!("templates/home.html")),
    ("index.html", include_str!("templates/index.html")),
    ("line.html", include_str!("templates/line.html")),
    ("list.html", include_str!("templates/list.html")),
    ("message.html", include_str!("templates/message.html")),
    ("mid.html", include_str!("templates/mid.html")),
    ("notice.html", include_str!("templates/notice.html")),
    ("person.html", include_str!("templates/person.html")),
    ("search.html", include_str!("templates/search.html")),
    ("sign-in.html", include_str!("templates/sign-in.html")),
    ("stats.html", include_str!("templates/stats.html")),
    ("thread.html", include_str!("templates/thread.html")),
    ("tree.html", include_str!("templates/tree.html")),
];

/// Instructions that one page's templates may run: some hundred times what the longest page needs.
const FUEL: u64 = 5_000_000;

/// A site's template that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// Its name.
    pub template: String,
    /// The line, from 1; none when the template as a whole is at fault.
    pub line: Option<usize>,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template {}", self.template)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for TemplateError {}

/// Posthoc's own layout.
pub struct OwnLayout {
    templates: Environment<'static>,
}

impl fmt::Debug for OwnLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnLayout")
    }
}

impl OwnLayout {
    /// Compiles the templates, the site's own before the built-in ones of the same name.
    ///
    /// # Errors
    ///
    /// A template of the site that cannot be compiled.
    pub fn new(site: &Site) -> Result<Self, TemplateError> {
        Self::with(site, UndefinedBehavior::Lenient)
    }

    /// The same for those who examine templates: a name that nothing stands behind is an error where it
    /// is to be written, because it is most likely misspelt. Published pages leave such a place empty.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn strict(site: &Site) -> Result<Self, TemplateError> {
        Self::with(site, UndefinedBehavior::SemiStrict)
    }

    fn with(site: &Site, undefined: UndefinedBehavior) -> Result<Self, TemplateError> {
        let mut templates = Environment::new();
        templates.set_undefined_behavior(undefined);
        templates.set_auto_escape_callback(|_| AutoEscape::Html);
        templates.set_formatter(|out, _, value| write_value(out, value));
        templates.set_fuel(Some(FUEL));
        let all = BUILT_IN_TEMPLATES
            .iter()
            .map(|(name, source)| ((*name).to_owned(), (*source).to_owned()))
            .chain(site.templates.iter().cloned());
        for (name, source) in all {
            templates
                .add_template_owned(name.clone(), source)
                .map_err(|error| template_error(&name, &error))?;
        }
        Ok(OwnLayout { templates })
    }

    fn html(&self, template: &str, context: Value) -> Result<String, TemplateError> {
        self.templates
            .get_template(template)
            .and_then(|template| template.render(context))
            .map_err(|error| template_error(template, &error))
    }

    /// A page, and what of its templates failed: then the page says so.
    pub fn examined(
        &self,
        route: &Route,
        view: &View,
        site: &Site,
    ) -> (Page, Option<TemplateError>) {
        let mut failed = None;
        let foreign = matches!(view, View::Foreign { .. });
        let (media_type, bytes) = match view {
            View::Foreign { media_type, bytes } => (media_type.as_str(), bytes.clone()),
            View::File { media_type, bytes } => (media_type.as_str(), bytes.clone()),
            View::Feed(view) => (
                "application/atom+xml; charset=utf-8",
                feed::atom(route, view, site).into_bytes(),
            ),
            View::Robots(view) => (
                "text/plain; charset=utf-8",
                crawl::robots(view, site).into_bytes(),
            ),
            View::Sitemap(view) => (
                "application/xml; charset=utf-8",
                crawl::sitemap(view, site).into_bytes(),
            ),
            view => {
                let (template, context) = pages::context(route, view, site);
                let html = self.html(template, context).unwrap_or_else(|error| {
                    let page = failure_page(&error);
                    failed = Some(error);
                    page
                });
                ("text/html; charset=utf-8", html.into_bytes())
            }
        };
        let hash = blake3::hash(&bytes).to_hex();
        let page = Page {
            route: route.clone(),
            foreign,
            media_type: media_type.to_owned(),
            validator: hash[..32].to_owned(),
            bytes,
        };
        (page, failed)
    }
}

impl Layout for OwnLayout {
    fn render(&self, route: &Route, view: &View, site: &Site) -> Page {
        self.examined(route, view, site).0
    }
}

/// Escapes as [`Html`] does, so that there is one way to escape; safe values are `Html` already.
fn write_value(out: &mut minijinja::Output<'_>, value: &Value) -> Result<(), Error> {
    if value.is_none() || value.is_undefined() {
        return Ok(());
    }
    let written = match value.as_str() {
        Some(text) if value.is_safe() => out.write_str(text),
        Some(text) => Html::escape(text, |piece| out.write_str(piece)),
        None => Html::escape(&value.to_string(), |piece| out.write_str(piece)),
    };
    written.map_err(|_| Error::new(ErrorKind::WriteFailure, "cannot write"))
}

fn template_error(template: &str, mut error: &Error) -> TemplateError {
    // Of templates that include one another, the one at fault.
    while let Some(inner) = error.source().and_then(|inner| inner.downcast_ref()) {
        error = inner;
    }
    TemplateError {
        template: error.name().unwrap_or(template).to_owned(),
        line: error.line(),
        reason: error
            .detail()
            .map_or_else(|| error.kind().to_string(), str::to_owned),
    }
}

/// What is shown when a site's template fails: rendering is total.
fn failure_page(error: &TemplateError) -> String {
    let mut html = Html::literal(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <title>This page cannot be shown</title>\n<h1>This page cannot be shown</h1>\n\
         <p>A template of this site is at fault: ",
    );
    html.push_text(&error.to_string());
    html.push_literal("</p>\n</html>\n");
    html.into_string()
}
