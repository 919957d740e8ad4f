//! A volume: its mails in the four orders, and their threads.
//!
//! Pipermail looks for a mail's parent once, when the mail arrives, among the mails of its volume that
//! came before. So a volume is a fold over its mails in the order of their numbers.

use crate::article::Article;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// Levels of answers that indexes show.
const LEVELS: usize = 3;

/// A volume's mails, by the order of their arrival.
#[derive(Clone, Debug, Default)]
pub struct Volume {
    articles: Vec<Article>,
    /// Thread keys, by place in `articles`.
    keys: Vec<String>,
    /// The mail that indexes name for an id; pages of others that bear it stand, unnamed.
    by_id: HashMap<Vec<u8>, usize>,
    /// For each plain subject its mails by date and id.
    by_subject: HashMap<String, BTreeMap<(i64, Vec<u8>), usize>>,
    /// The named mails in the order of threads, made when it is first asked for.
    order: OnceLock<Vec<usize>>,
}

/// An entry of the thread index: a mail, and how deep it stands below the first of its thread.
pub(crate) struct Threaded<'a> {
    pub(crate) article: &'a Article,
    pub(crate) key: &'a str,
    pub(crate) depth: usize,
}

impl Volume {
    /// Takes in the next mail.
    pub fn add(&mut self, article: Article) {
        self.order = OnceLock::new();
        let parent = self.parent(&article);
        let mut key = parent.map_or_else(String::new, |parent| self.keys[parent].clone());
        key.push_str(&format!("{:011}.{}-", article.date, article.number));
        let at = self.articles.len();
        // A mail whose id came before takes its place in the indexes, unless it would answer itself.
        if parent.is_none_or(|parent| self.articles[parent].id != article.id) {
            if let Some(before) = self.by_id.insert(article.id.clone(), at) {
                self.forget(before);
            }
            let subject = self
                .by_subject
                .entry(article.plain_subject.clone())
                .or_default();
            subject.insert((article.date, article.id.clone()), at);
        }
        self.articles.push(article);
        self.keys.push(key);
    }

    fn forget(&mut self, at: usize) {
        let article = &self.articles[at];
        if let Some(subject) = self.by_subject.get_mut(&article.plain_subject) {
            subject.remove(&(article.date, article.id.clone()));
        }
    }

    fn parent(&self, article: &Article) -> Option<usize> {
        if let Some(at) = self.by_id.get(&article.in_reply_to)
            && !article.in_reply_to.is_empty()
        {
            return Some(*at);
        }
        let mut latest: Option<usize> = None;
        for id in &article.references {
            if let Some(at) = self.by_id.get(id)
                && latest.is_none_or(|known| self.articles[*at].date > self.articles[known].date)
            {
                latest = Some(*at);
            }
        }
        latest.or_else(|| {
            let subject = self.by_subject.get(&article.plain_subject)?;
            subject.first_key_value().map(|(_, at)| *at)
        })
    }

    /// Mails that indexes name.
    fn named(&self) -> impl Iterator<Item = (usize, &Article)> {
        let all = self.articles.iter().enumerate();
        all.filter(|(at, article)| self.by_id.get(&article.id) == Some(at))
    }

    /// How many mails the indexes name.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there is no mail.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// All mails in the order of arrival, also those that indexes do not name any more.
    pub fn articles(&self) -> &[Article] {
        &self.articles
    }

    /// The first and the last date.
    pub(crate) fn dates(&self) -> (i64, i64) {
        let dates = || self.named().map(|(_, article)| article.date);
        (dates().min().unwrap_or(0), dates().max().unwrap_or(0))
    }

    pub(crate) fn by_date(&self) -> Vec<&Article> {
        self.sorted(|_| String::new())
    }

    pub(crate) fn by_author(&self) -> Vec<&Article> {
        self.sorted(|article| sorting_author(&article.sorting_author))
    }

    pub(crate) fn by_subject(&self) -> Vec<&Article> {
        self.sorted(|article| article.plain_subject.clone())
    }

    fn sorted(&self, key: impl Fn(&Article) -> String) -> Vec<&Article> {
        let mut all: Vec<&Article> = self.named().map(|(_, article)| article).collect();
        all.sort_by_cached_key(|article| (key(article), article.date, article.id.clone()));
        all
    }

    pub(crate) fn by_thread(&self) -> Vec<Threaded<'_>> {
        let threaded = |at: &usize| Threaded {
            article: &self.articles[*at],
            key: &self.keys[*at],
            depth: (self.keys[*at].matches('-').count() - 1).min(LEVELS),
        };
        self.order().iter().map(threaded).collect()
    }

    fn order(&self) -> &[usize] {
        self.order.get_or_init(|| {
            let mut order: Vec<usize> = self.named().map(|(at, _)| at).collect();
            order.sort_by_key(|at| &self.keys[*at]);
            order
        })
    }

    /// The mail of a number.
    pub fn article(&self, number: u32) -> Option<&Article> {
        self.place(number).map(|at| &self.articles[at])
    }

    /// Numbers rise with the order of arrival.
    fn place(&self, number: u32) -> Option<usize> {
        let found = self
            .articles
            .binary_search_by_key(&number, |article| article.number);
        found.ok()
    }

    /// The mails before and after one in the order of threads; none for one that indexes do not name.
    pub(crate) fn beside(&self, number: u32) -> (Option<&Article>, Option<&Article>) {
        let place = self.place(number);
        match place.filter(|at| self.by_id.get(&self.articles[*at].id) == Some(at)) {
            Some(_) => self.around(number),
            None => (None, None),
        }
    }

    /// The named mails that stand before and after the place of one in the order of threads, also of one
    /// that indexes do not name any more: their pages change when it comes or goes.
    pub fn around(&self, number: u32) -> (Option<&Article>, Option<&Article>) {
        let Some(place) = self.place(number) else {
            return (None, None);
        };
        let order = self.order();
        let at = order.partition_point(|other| self.keys[*other] < self.keys[place]);
        let next = match order.get(at) {
            Some(other) if *other == place => at + 1,
            _ => at,
        };
        let named = |at: usize| order.get(at).map(|at| &self.articles[*at]);
        (at.checked_sub(1).and_then(named), named(next))
    }

    /// Earlier mails that bear the id of one.
    pub fn bore_its_id(&self, number: u32) -> impl Iterator<Item = &Article> {
        let place = self.place(number).unwrap_or(0);
        let (before, rest) = self.articles.split_at(place);
        let id = rest.first().map(|article| &article.id);
        before.iter().filter(move |article| Some(&article.id) == id)
    }
}

/// `Ann van Nother` sorts as `Nother van, Ann`.
fn sorting_author(author: &str) -> String {
    const SMALL: [&str; 4] = ["van", "von", "der", "de"];
    let words: Vec<&str> = author.split_whitespace().collect();
    if author.contains(',') || words.len() < 2 {
        return author.to_owned();
    }
    let mut at = words.len() - 1;
    let one_case = author.to_uppercase() == author || author.to_lowercase() == author;
    let is_small = |word: &str| {
        let begins_small = word.chars().next().is_some_and(|c| c.is_ascii_lowercase());
        SMALL.contains(&word.to_lowercase().as_str()) || (!one_case && begins_small)
    };
    while at > 0 && is_small(words[at - 1]) {
        at -= 1;
    }
    let last = &words[words.len() - 1..];
    let small = &words[at..words.len() - 1];
    format!(
        "{}, {}",
        [last, small].concat().join(" "),
        words[..at].join(" ")
    )
}
