//! Puts a string into every field of a view that a stranger may have written.

use posthoc_core::message::{Block, MessageId};
use posthoc_core::page::*;
use posthoc_core::query::Fault;
use std::sync::Arc;

pub(crate) fn poison(view: &mut View, with: &str) {
    match view {
        View::Home(view) => {
            chrome(&mut view.chrome, with);
            view.lists.iter_mut().for_each(|list| list_line(list, with));
        }
        View::List(view) => {
            chrome(&mut view.chrome, with);
            list_line(&mut view.line, with);
            for thread in &mut view.recent {
                line(&mut thread.first, with);
                line(&mut thread.last, with);
            }
            view.part = TakingPart {
                address: Some(with.to_owned()),
                subscribe: Some(with.to_owned()),
                closed: None,
            };
        }
        View::Index(view) => {
            chrome(&mut view.chrome, with);
            for group in &mut view.groups {
                group.label = with.into();
                lines(&mut group.lines, with);
                for file in group.files.iter_mut().flat_map(|mail| &mut mail.files) {
                    with.clone_into(&mut file.name);
                    with.clone_into(&mut file.media_type);
                }
            }
            for cut in &mut view.cuts {
                cut.label = with.into();
            }
        }
        View::Attachments(view) => chrome(&mut view.chrome, with),
        View::Author(view) => {
            chrome(&mut view.chrome, with);
            person(&mut view.person, with);
            view.addresses = vec![with.to_owned()];
            lines(&mut view.mails, with);
        }
        View::Stats(view) => {
            chrome(&mut view.chrome, with);
            for thread in &mut view.longest {
                line(&mut thread.first, with);
            }
            for busy in &mut view.busiest {
                person(&mut busy.person, with);
            }
        }
        View::Message(view) => message(view, with),
        View::Thread(view) => {
            chrome(&mut view.chrome, with);
            with.clone_into(&mut view.subject);
            for mail in &mut view.mails {
                line(&mut mail.line, with);
                mail.body.iter_mut().for_each(|view| body(view, with));
            }
        }
        View::Feed(view) => {
            chrome(&mut view.chrome, with);
            for entry in &mut view.entries {
                line(&mut entry.line, with);
                entry.id = MessageId(with.into());
                body(&mut entry.body, with);
            }
        }
        View::Search(view) => {
            chrome(&mut view.chrome, with);
            with.clone_into(&mut view.query);
            with.clone_into(&mut view.order);
            if let Some(error) = &mut view.error {
                error.fault = Fault::NoDate(with.to_owned());
            }
            for hit in &mut view.hits {
                line(&mut hit.line, with);
                hit.snippet
                    .iter_mut()
                    .for_each(|(text, _)| with.clone_into(text));
            }
            view.lists.iter_mut().for_each(|list| list_line(list, with));
        }
        View::MidPage(view) => chrome(view, with),
        View::Notice(view) => {
            chrome(&mut view.chrome, with);
            view.title = with.into();
            view.words.push(with.into());
            view.links
                .iter_mut()
                .for_each(|(words, _)| *words = with.into());
            lines(&mut view.choices, with);
        }
        View::SignIn(view) => {
            view.title = with.into();
            view.words.push(with.into());
            match &mut view.form {
                SignInForm::Link { next } => with.clone_into(next),
                SignInForm::In { token, next } => {
                    with.clone_into(token);
                    with.clone_into(next);
                }
                SignInForm::Out { token } => with.clone_into(token),
                SignInForm::None => {}
            }
        }
        View::Robots(view) => view.lists.iter_mut().for_each(|list| head(list, with)),
        // Nothing in it is anybody's words.
        View::Sitemap(_) => {}
        View::File { .. } | View::Foreign { .. } => {}
    }
}

fn message(view: &mut MessageView, with: &str) {
    chrome(&mut view.chrome, with);
    line(&mut view.line, with);
    view.id = MessageId(with.into());
    view.to
        .iter_mut()
        .chain(&mut view.cc)
        .for_each(|who| person(who, with));
    body(&mut view.body, with);
    view.written_date = Some(with.into());
    view.reply_to = Some(with.into());
    lines(Arc::<Vec<MailLine>>::make_mut(&mut view.thread), with);
    lines(&mut view.variants, with);
    if let Some(series) = &mut view.series {
        for (_, view) in series.parts.iter_mut().chain(&mut series.versions) {
            line(view, with);
        }
    }
    let related = &mut view.related;
    for neighbour in [
        &mut related.earlier,
        &mut related.later,
        &mut related.thread_earlier,
        &mut related.thread_later,
    ] {
        neighbour.iter_mut().for_each(|mail| line(mail, with));
    }
}

fn chrome(view: &mut Chrome, with: &str) {
    view.list.iter_mut().for_each(|list| head(list, with));
    for crumb in &mut view.crumbs {
        with.clone_into(&mut crumb.text);
    }
}

fn head(view: &mut ListHead, with: &str) {
    view.title = with.into();
    with.clone_into(&mut view.description);
    with.clone_into(&mut view.language);
    view.address = Some(with.into());
}

fn list_line(view: &mut ListLine, with: &str) {
    head(&mut view.head, with);
}

fn person(who: &mut Person, with: &str) {
    with.clone_into(&mut who.name);
    with.clone_into(&mut who.address);
}

fn line(view: &mut MailLine, with: &str) {
    with.clone_into(&mut view.subject);
    person(&mut view.author, with);
}

fn lines(views: &mut [MailLine], with: &str) {
    views.iter_mut().for_each(|view| line(view, with));
}

fn body(view: &mut BodyView, with: &str) {
    for (id, _) in &mut view.mentions {
        with.clone_into(id);
    }
    let body = Arc::make_mut(&mut view.body);
    for attachment in &mut body.attachments {
        with.clone_into(&mut attachment.name);
        with.clone_into(&mut attachment.media_type);
        attachment.content_id = Some(with.into());
        if let Some(text) = &mut attachment.text {
            *text = format!("--- a/{with}\n+++ b/{with}\n@@ -1 +1 @@ {with}\n-{with}\n+{with}\n");
        }
    }
    for block in &mut body.blocks {
        match block {
            Block::Flowed(lines)
            | Block::Fixed(lines)
            | Block::Signature(lines)
            | Block::Attribution(lines)
            | Block::Footer(lines)
            | Block::Frame(lines)
            | Block::Patch(lines) => {
                lines.iter_mut().for_each(|line| with.clone_into(line));
            }
            Block::Quote(lines) | Block::Original(lines) => {
                lines
                    .iter_mut()
                    .for_each(|line| with.clone_into(&mut line.text));
            }
            Block::Html(text) => with.clone_into(text),
            Block::Card(card) => {
                with.clone_into(&mut card.title);
                for (_, value) in &mut card.rows {
                    value.each_words(&mut |words| with.clone_into(words));
                }
            }
            Block::Attachment(_) | Block::Note(_) | Block::Other(_) => {}
            Block::Forwarded {
                subject,
                author,
                date,
            } => {
                for text in [subject, author, date] {
                    with.clone_into(text);
                }
            }
        }
    }
    body.blocks.push(Block::Html(with.into()));
    body.blocks.push(Block::Forwarded {
        subject: with.into(),
        author: with.into(),
        date: with.into(),
    });
}
