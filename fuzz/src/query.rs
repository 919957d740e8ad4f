//! Reading and answering a query.

use posthoc_core::query::{
    Doc, Expr, Has, MAX_BYTES, Matcher, Part, Places, Query, Scope, Stems, When, near_words,
    snippet, within,
};
use posthoc_core::text::TimeZone;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A snippet's length in characters.
const SNIPPET: usize = 200;

/// The first line is a query, the rest a mail's text. The query is read or refused at a place that
/// is in it; what is read prints to a form that reads to the same query; every mail is answered,
/// and the snippet is no longer than asked and holds what the text holds. With one more condition the
/// query finds what answers both.
pub fn query(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (typed, rest) = text.split_once('\n').unwrap_or((&text, &text));
    let query = match Query::parse(typed) {
        Ok(query) => query,
        Err(error) => {
            assert!(
                typed.is_char_boundary(error.at),
                "an error beside the query: {error}"
            );
            return;
        }
    };
    let canonical = query.to_string();
    match Query::parse(&canonical) {
        // Written out a query may be longer than what may be asked.
        Err(_) if canonical.len() > MAX_BYTES => {}
        Ok(again) => assert_eq!(again, query, "`{canonical}` is read as another query"),
        Err(error) => panic!("the canonical form `{canonical}` is refused: {error}"),
    }
    answer(&query, rest);
}

fn narrow(query: &Query, doc: &Doc, scope: &Scope<'_>) {
    let finds = |query: &Query| Matcher::new(query.plan(scope)).matches(doc);
    let leaves = [
        within(When::Year(1970)),
        within(When::Month(1970, 2)),
        Expr::List("town-hall".to_owned()),
        Expr::Has(Has::Patch),
    ];
    for leaf in leaves {
        let narrowed = query.narrowed(leaf.clone());
        let both = finds(query) && finds(&Query::of(leaf));
        assert_eq!(
            finds(&narrowed),
            both,
            "`{narrowed}` is not `{query}` and more"
        );
    }
    for word in query.single_words() {
        let Expr::Term { text, .. } = word else {
            panic!("`{word}` is no word");
        };
        if let Some(near) = near_words(text).first() {
            finds(&query.with_word(word, near));
        }
    }
}

fn answer(query: &Query, text: &str) {
    let doc = Doc {
        id: "a@b.example".to_owned(),
        subject: text.chars().take(80).collect(),
        author: "Ana Pereira ana@harbour.example".to_owned(),
        text: text.to_owned(),
        ..Doc::default()
    };
    let (zone, lists) = (
        TimeZone::utc(),
        BTreeMap::from([("town-hall".to_owned(), 0)]),
    );
    let leaves = query.of_catalog().into_iter();
    let standing: Vec<_> = leaves
        .map(|leaf| (leaf.clone(), Arc::new(Places::default())))
        .collect();
    let scope = Scope {
        zone: &zone,
        now: 1_762_000_000,
        lists: &lists,
        standing: &standing,
        stems: Stems::of(Stems::languages()),
    };
    let matcher = Matcher::new(query.plan(&scope));
    assert_eq!(
        matcher.matches(&doc),
        matcher.matches(&doc),
        "asked twice, answered twice"
    );
    narrow(query, &doc, &scope);
    let pieces = snippet(text, query, scope.stems, Part::Text, SNIPPET);
    let length: usize = pieces.iter().map(|piece| piece.text.chars().count()).sum();
    assert!(length <= SNIPPET + 4, "a snippet of {length} characters");
}
