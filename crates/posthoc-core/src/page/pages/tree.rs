//! A thread as a tree of lines.

use crate::page::MailLine;
use crate::page::line::Line;
use crate::page::links::Links;
use crate::page::when;
use crate::route::ListName;
use crate::text::Html;
use minijinja::Value;
use minijinja::value::{Enumerator, Object, ObjectRepr};
use std::sync::Arc;

/// The items of the built-in tree. Made in Rust, not by the template: every mail's page has one.
/// `here`: the mails are on this page, and the links lead to their places on it.
pub(super) fn tree_items(
    mails: &[&MailLine],
    list: Option<&ListName>,
    links: &Links,
    here: bool,
) -> Html {
    let mut html = Html::new();
    for mail in mails {
        let line = Line::new(mail, list, links);
        html.push_literal("<li class=\"d");
        html.push_number(line.depth().into());
        html.push_literal(if mail.elsewhere {
            " elsewhere\">"
        } else {
            "\">"
        });
        line.push_level(&mut html);
        if line.ghost() {
            html.push_literal("<span class=\"ghost\">");
            html.push_text(line.ghost_words());
            html.push_literal("</span>");
        } else {
            push_mail(&mut html, &line, here);
        }
        html.push_literal("</li>\n");
    }
    html
}

fn push_mail(html: &mut Html, line: &Line<'_>, here: bool) {
    let href = line.href.as_deref().unwrap_or_default();
    if here {
        html.push_literal("<a href=\"#m");
        html.push_text(&line.mail.key.to_string());
    } else if line.mail.current {
        html.push_literal("<a class=\"here\" aria-current=\"page\" href=\"");
        html.push_text(href);
    } else {
        html.push_literal("<a href=\"");
        html.push_text(href);
        html.push_literal("\" title=\"");
        html.push_text(&line.subject_or_words());
    }
    html.push_literal("\"><bdi>");
    html.push_text(&line.who());
    // The day is in the link, so that two mails of one person have links of different names.
    html.push_literal("</bdi> <time datetime=\"");
    html.push_text(&when::rfc3339(&line.mail.date));
    html.push_literal("\">");
    html.push_text(&line.day());
    html.push_literal("</time></a>");
}

/// The lines for a template of the site's own, made when it asks for them.
#[derive(Debug)]
pub(super) struct Tree {
    mails: Arc<Vec<MailLine>>,
    list: Option<ListName>,
    links: Links,
}

impl Tree {
    pub(super) fn value(
        mails: &Arc<Vec<MailLine>>,
        list: Option<&ListName>,
        links: &Links,
    ) -> Value {
        Value::from_object(Tree {
            mails: Arc::clone(mails),
            list: list.cloned(),
            links: links.clone(),
        })
    }
}

impl Object for Tree {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let mail = self.mails.get(key.as_usize()?)?;
        Some(Line::new(mail, self.list.as_ref(), &self.links).into_value())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.mails.len())
    }
}
