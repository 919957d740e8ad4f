//! A mail's page as Pipermail writes it.

use posthoc_core::message::{Limits, parse};
use posthoc_pipermail::{
    Article, Content, Language, Placed, Settings, Volume, article, text_entry,
};

/// Any bytes give a page and a text, the same each time; between the marks of the body no tag stands but
/// links and italics.
pub fn pipermail(bytes: &[u8]) {
    let limits = Limits::default();
    for language in [Language::English, Language::Czech] {
        let mut settings = Settings::of("keepers", "lists.example.org");
        settings.language = language;
        let message = parse(bytes, &limits);
        let make = || {
            let placed = Placed {
                number: 7,
                date: 0,
                repeats_id: false,
            };
            let read = Article::read(&message, &placed, &settings);
            let content = Content::read(&message, bytes, &placed, &limits, &settings);
            let mut volume = Volume::default();
            volume.add(read.clone());
            let page = article(&settings, &volume, &read, &content);
            (page, text_entry(&settings, &read, &content))
        };
        let (page, text) = make();
        assert_eq!(
            (&page, &text),
            (&make().0, &make().1),
            "made twice, not the same"
        );
        let find = |word: &str| memchr::memmem::find(&page, word.as_bytes());
        if let (Some(start), Some(end)) = (find("<PRE>"), find("</PRE>")) {
            check_tags(&page[start + 5..end]);
        }
    }
}

fn check_tags(body: &[u8]) {
    for at in memchr::memchr_iter(b'<', body) {
        let known = ["<A HREF=\"", "</A>", "<i>", "</I>"];
        let rest = &body[at..];
        assert!(
            known.iter().any(|tag| rest.starts_with(tag.as_bytes())),
            "a tag of the mail's: {}",
            String::from_utf8_lossy(&rest[..rest.len().min(40)])
        );
    }
}
