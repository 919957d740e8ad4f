//! From a view to the bytes of a page.

use super::assets::{Asset, common_assets};
use super::frame::language;
use super::strings::{BUILT_IN_STRINGS, Fault, Strings, faults, is_built_in, unreadable};
use super::templates::compile;
use super::{ListSettings, Page, Site, View};
use super::{crawl, feed, pages};
use crate::route::Route;
use crate::text::Html;
use minijinja::{Environment, Error, UndefinedBehavior, Value};
use std::error::Error as _;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Turns a view into a page. Total and pure: any view gives a page, and the same route, view and
/// site give the same bytes.
pub trait Layout: Send + Sync {
    /// Renders what was loaded for that route.
    fn render(&self, route: &Route, view: &View, site: &Site) -> Page;

    /// The files that its pages of that site need, each at [`Route::Asset`] of its name: style sheet and
    /// scripts, in every language that the site's lists have, and those of its theme.
    fn assets<'a>(&'a self, site: &'a Site) -> Vec<Asset<'a>>;
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

/// A site's template, or its texts in a language, that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// Its name: `message.html`, `strings/de.ftl`.
    pub template: String,
    /// The line, from 1; none when it is at fault as a whole.
    pub line: Option<usize>,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.template.ends_with(".ftl") {
            true => "",
            false => "template ",
        };
        write!(f, "{kind}{}", self.template)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for TemplateError {}

/// Posthoc's own layout.
pub struct OwnLayout {
    /// Templates by name, the site's own behind the built-in ones of the same name.
    sources: Vec<(String, String)>,
    undefined: UndefinedBehavior,
    /// The site's own texts, by language.
    strings: Vec<(String, String)>,
    /// What there is for each language that has texts, made when a page asks for it.
    faces: Vec<(String, OnceLock<Face>)>,
}

/// The pages of one language.
struct Face {
    strings: Arc<Strings>,
    templates: Result<Environment<'static>, TemplateError>,
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
    /// A template of the site that cannot be compiled, or texts that cannot be used.
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
        let built_in = BUILT_IN_TEMPLATES.iter();
        let built_in = built_in.map(|(name, source)| ((*name).to_owned(), (*source).to_owned()));
        // A text that no page asks for any more does no harm; who checks is told of it.
        if let Some(error) = strings_errors(site, unreadable).into_iter().next() {
            return Err(error);
        }
        let languages = BUILT_IN_STRINGS.iter().map(|(name, _)| (*name).to_owned());
        // English stays the first, and a language stands here once.
        let own = site.strings.iter().map(|(name, _)| name);
        let own = own.filter(|name| !is_built_in(name)).cloned();
        let layout = OwnLayout {
            sources: built_in.chain(site.templates.iter().cloned()).collect(),
            undefined,
            strings: site.strings.clone(),
            faces: languages
                .chain(own)
                .map(|name| (name, OnceLock::new()))
                .collect(),
        };
        // The built-in ones are known to be good, and compiled when a page needs them. What is wrong with
        // a template is wrong in every language.
        if !site.templates.is_empty() {
            let face = layout.face(language(None, site));
            face.templates.as_ref().map_err(Clone::clone)?;
        }
        Ok(layout)
    }

    /// The pages of that language, of its first part (`de` of `de-AT`), or English ones.
    fn face(&self, language: &str) -> &Face {
        let first = language.split('-').next().unwrap_or_default();
        let named = |wanted: &str| {
            let mut faces = self.faces.iter();
            faces.find(|(name, _)| name.eq_ignore_ascii_case(wanted))
        };
        let found = named(language).or_else(|| named(first));
        // English is the first of the built-in ones.
        let (name, face) = found.unwrap_or(&self.faces[0]);
        face.get_or_init(|| {
            let own = self
                .strings
                .iter()
                .find(|(own, _)| own.eq_ignore_ascii_case(name));
            let own = own.map(|(_, source)| source.as_str());
            let strings = Arc::new(Strings::new(name, own));
            let sources = self.sources.iter();
            let sources = sources.map(|(name, source)| (name.as_str(), source.as_str()));
            let templates = compile(sources, &strings, self.undefined);
            Face {
                strings,
                templates: templates.map_err(|(name, error)| template_error(&name, &error)),
            }
        })
    }

    /// A page, and what of its templates failed: then the page says so.
    pub fn examined(
        &self,
        route: &Route,
        view: &View,
        site: &Site,
    ) -> (Page, Option<TemplateError>) {
        let mut failed = None;
        let face = || self.face(language(view.list(), site));
        let foreign = matches!(view, View::Foreign { .. });
        let (media_type, bytes) = match view {
            View::Foreign { media_type, bytes } => (media_type.as_str(), bytes.clone()),
            View::File { media_type, bytes } => (media_type.as_str(), bytes.clone()),
            View::Feed(view) => (
                "application/atom+xml; charset=utf-8",
                feed::atom(route, view, site, &face().strings).into_bytes(),
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
                let face = face();
                let (template, context) = pages::context(route, view, site, &face.strings);
                let html = face.html(template, context).unwrap_or_else(|error| {
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

/// What is wrong with a site's own texts, with file and line: where they cannot be read, names that no
/// page asks for, arguments that are not given or left out.
pub fn faults_of_strings(site: &Site) -> Vec<TemplateError> {
    strings_errors(site, faults)
}

fn strings_errors(site: &Site, find: fn(&str, &str) -> Vec<Fault>) -> Vec<TemplateError> {
    let mut errors = Vec::new();
    for (language, source) in &site.strings {
        for fault in find(language, source) {
            errors.push(TemplateError {
                template: format!("strings/{language}.ftl"),
                line: Some(fault.line),
                reason: fault.reason,
            });
        }
    }
    errors
}

impl Face {
    fn html(&self, template: &str, context: Value) -> Result<String, TemplateError> {
        let templates = self.templates.as_ref().map_err(Clone::clone)?;
        templates
            .get_template(template)
            .and_then(|template| template.render(context))
            .map_err(|error| template_error(template, &error))
    }
}

impl Layout for OwnLayout {
    fn render(&self, route: &Route, view: &View, site: &Site) -> Page {
        self.examined(route, view, site).0
    }

    fn assets<'a>(&'a self, site: &'a Site) -> Vec<Asset<'a>> {
        let of_lists = site.lists.values().map(ListSettings::language);
        let languages = of_lists.chain([site.defaults.language()]);
        let mut assets = common_assets();
        for face in languages.map(|language| self.face(language)) {
            for asset in face.strings.scripts().assets() {
                if !assets.contains(&asset) {
                    assets.push(asset);
                }
            }
        }
        assets.extend(site.theme.assets());
        assets
    }
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
