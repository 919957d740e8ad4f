//! A site's own templates.

use crate::{sample, site};
use posthoc_core::page::{Layout, OwnLayout, Page, Site, TemplateError, View};
use posthoc_core::route::Route;

fn with(name: &str, source: &str) -> Result<Page, TemplateError> {
    let site = Site {
        templates: vec![(name.into(), source.into())],
        ..site()
    };
    let layout = OwnLayout::new(&site)?;
    Ok(layout.render(&Route::Home, &View::Home(sample::home()), &site))
}

fn text(page: &Page) -> String {
    String::from_utf8(page.bytes.clone()).unwrap()
}

#[test]
fn a_sites_template_takes_the_place_of_ours() {
    let page = with(
        "home.html",
        "{% extends 'base.html' %}{% block main %}<h1>Mine: {{ lists[0].title }}</h1>{% endblock %}",
    );
    assert!(text(&page.unwrap()).contains("<h1>Mine: Town hall</h1>"));
    let page = with("base.html", "{{ '<' }}{% block main %}{% endblock %}");
    assert!(text(&page.unwrap()).starts_with("&lt;\n<h1>"));
}

#[test]
fn a_broken_template_is_named_with_its_line() {
    let error = with("home.html", "one\n{% if %}\n").unwrap_err();
    assert_eq!(
        (error.template.as_str(), error.line),
        ("home.html", Some(2))
    );
    assert!(
        error
            .to_string()
            .starts_with("template home.html, line 2: "),
        "{error}"
    );
}

#[test]
fn a_template_that_fails_gives_a_page_that_says_so() {
    for source in [
        "\n{{ nothing.at.all }}",
        "{% include 'missing<.html' %}",
        "{% for a in range(9999) %}{% for b in range(9999) %}{{ b }}{% endfor %}{% endfor %}",
    ] {
        let page = text(&with("home.html", source).unwrap());
        assert!(
            page.contains("This page cannot be shown") && page.contains("home.html"),
            "{page}"
        );
        assert!(!page.contains("missing<"), "{page}");
    }
}

#[test]
fn a_page_knows_its_bytes() {
    let page = with("home.html", "x").unwrap();
    assert_eq!(page.media_type, "text/html; charset=utf-8");
    assert_eq!(page.bytes, b"x");
    assert_eq!(page.validator.len(), 32);
    assert_ne!(page.validator, with("home.html", "y").unwrap().validator);
}

/// The built-in tree is made in Rust; this is the same, made from what a template is given.
const TREE: &str = r#"<ol class="tree">
{%- for line in tree %}
<li class="d{{ line.depth }}{% if line.elsewhere %} elsewhere{% endif %}">{% if line.level %}<span class="lv">level {{ line.level }} </span>{% endif %}
{%- if line.ghost %}<span class="ghost">a mail that is not in the archive</span>
{%- elif line.current %}<a class="here" aria-current="page" href="{{ line.href }}"><bdi>{{ line.author.name }}</bdi> <time datetime="{{ line.rfc3339 }}">{{ line.day }}</time></a>
{%- else %}<a href="{{ line.href }}" title="{{ line.subject }}"><bdi>{{ line.author.name }}</bdi> <time datetime="{{ line.rfc3339 }}">{{ line.day }}</time></a>
{%- endif %}</li>
{%- endfor %}
</ol>
"#;

#[test]
fn a_tree_of_ones_own_is_given_every_line() {
    let view = View::Message(Box::new(sample::message()));
    let route = Route::Message(sample::town(), sample::volume("2025-November"), 45);
    let page = |site: &Site| {
        let layout = OwnLayout::new(site).unwrap();
        text(&layout.render(&route, &view, site))
    };
    let own = Site {
        templates: vec![("tree.html".into(), TREE.into())],
        ..site()
    };
    assert_eq!(page(&own), page(&site()));
    assert!(page(&own).contains("class=\"ghost\""));
}
