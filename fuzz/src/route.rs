//! Reading and printing paths.

use posthoc_core::message::{Attachment, Limits, MessageId, parse};
use posthoc_core::page::ShownFile;
use posthoc_core::route::{ListName, Route};

/// What is read prints to a path that reads to the same route; a path stays below the site's root;
/// a link from one page to another leads there; any Message-ID and any attachment's name can be in
/// a path.
pub fn route(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for line in text.lines().take(100) {
        if let Some(route) = Route::parse(line.trim_start_matches('/')) {
            check(&route);
        }
    }
    let list = ListName::new("town-hall");
    let id = id_of(&text);
    // Two ids have no path: browsers take `.` and `..` for folders, also when percent-encoded.
    if ![".", ".."].contains(&id.0.as_str()) {
        check(&Route::Mid(list.clone(), id.clone()));
        check(&Route::Mid(None, id));
    }
    let attachment = Attachment {
        name: text.chars().take(300).collect(),
        media_type: "application/octet-stream".to_owned(),
        bytes: bytes.to_vec().into(),
        content_id: None,
        text: None,
    };
    if let Some(list) = list {
        check(&ShownFile::of(&attachment).route(list));
    }
}

/// A Message-ID as a mail may have it.
fn id_of(text: &str) -> MessageId {
    let written: String = text.chars().take(300).collect();
    let mail = format!("Message-ID: <{written}>\n\n");
    parse(mail.as_bytes(), &Limits::default()).id
}

fn check(route: &Route) {
    let path = route.path();
    assert_eq!(
        Route::parse(&path).as_ref(),
        Some(route),
        "{path}: reads as another route"
    );
    assert!(
        path.bytes().all(|byte| byte.is_ascii_graphic()),
        "{path:?}: not plain ASCII"
    );
    let steps: Vec<&str> = path.split('/').collect();
    // A folder's path ends in a slash; an empty step elsewhere would leave the site's root.
    let inner = steps.strip_suffix(&[""]).unwrap_or(&steps);
    assert!(
        inner.iter().all(|step| !["", ".", ".."].contains(step)),
        "{path}: leaves its folder"
    );
    for other in [
        Route::Home,
        Route::Search(None),
        Route::Asset("style.css".to_owned()),
    ] {
        assert_eq!(
            follow(&path, &route.link_to(&other)),
            other.path(),
            "from {path}"
        );
        assert_eq!(
            follow(&other.path(), &other.link_to(route)),
            path,
            "to {path}"
        );
    }
}

/// Where a relative link on that page leads, as RFC 3986 (5.2) says for paths.
fn follow(page: &str, link: &str) -> String {
    let (folder, _) = page.rsplit_once('/').unwrap_or(("", page));
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    let parts: Vec<&str> = link.split('/').collect();
    for (at, part) in parts.iter().enumerate() {
        let last = at + 1 == parts.len();
        match *part {
            ".." => drop(steps.pop()),
            "." => {}
            "" if !last => {}
            part => steps.push(part),
        }
    }
    steps.join("/")
}
