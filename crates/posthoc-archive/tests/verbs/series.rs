//! Links between mails that belong together: parts and versions of a patch, and Message-IDs in texts.

use crate::prelude::*;

fn dated(minute: usize) -> String {
    format!(
        "{:02} Nov 2025 {:02}:{:02}:00 +0000",
        3 + minute / 1440,
        minute / 60 % 24,
        minute % 60
    )
}

/// Publishes after each mail and looks whether the result is that of publishing whole, and the same
/// for every order of arrival. Answers the site and the most pages that one mail touched.
fn in_order(
    mails: &[String],
    order: &[usize],
) -> (std::collections::BTreeMap<String, Vec<u8>>, usize) {
    let store = MemoryStore::new();
    let out = tempfile::tempdir().unwrap();
    let mut most = 0;
    for at in order {
        take_bytes(&store, "tower", &mbox(&mails[*at..=*at]));
        let report = publish_to(&store, out.path());
        let html = report.written.iter().filter(|path| path.ends_with(".html"));
        most = most.max(html.count());
    }
    let whole = tempfile::tempdir().unwrap();
    publish_to(&store, whole.path());
    assert_same(
        &tree(out.path()),
        &tree(whole.path()),
        "incremental and whole",
    );
    rebuild(&store, &Limits::default(), true).unwrap();
    let rebuilt = tempfile::tempdir().unwrap();
    publish_to(&store, rebuilt.path());
    assert_same(
        &tree(out.path()),
        &tree(rebuilt.path()),
        "incremental and rebuilt",
    );
    (tree(out.path()), most)
}

/// The page of the mail with that subject, its numbers left out: they are the order of arrival.
fn page(site: &std::collections::BTreeMap<String, Vec<u8>>, subject: &str) -> String {
    let heading = format!("<h1><bdi>{subject}</bdi></h1>");
    let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
    site.iter()
        .filter(|(path, _)| path.contains("/msg"))
        .map(|(_, bytes)| text(bytes))
        .find(|page| page.contains(&heading))
        .unwrap()
}

fn nav(page: &str) -> Option<String> {
    let start = page.find("<nav class=\"series\"")?;
    let end = start + page[start..].find("</nav>")?;
    let mut out = String::new();
    let mut rest = &page[start..end];
    while let Some(at) = rest.find("href=\"") {
        out.push_str(&rest[..at]);
        rest = rest[at + 6..].split_once('"').unwrap().1;
    }
    Some(out + rest)
}

#[test]
fn parts_and_versions_are_linked_in_any_order() {
    let mut mails = Vec::new();
    for (version, tag) in [(1, "PATCH"), (2, "PATCH v2")] {
        for part in 0..=3 {
            let cover = format!("v{version}-0@x");
            let references = if part == 0 {
                vec![]
            } else {
                vec![cover.as_str()]
            };
            mails.push(mail(
                &format!("v{version}-{part}@x"),
                &dated(version * 3000 + part),
                &format!("[{tag} {part}/3] bell: step {part}"),
                &references,
                "text",
            ));
        }
    }
    // The same author and as many parts, a few minutes later.
    for part in 0..=3 {
        let subject = format!("[PATCH {part}/3] rope: step {part}");
        mails.push(mail(
            &format!("r{part}@x"),
            &dated(3020 + part),
            &subject,
            &[],
            "text",
        ));
    }
    mails.push(mail(
        "a@x",
        &dated(6000),
        "Re: [PATCH 1/3] bell: step 1",
        &["v1-1@x"],
        "text",
    ));
    let n = mails.len();
    let orders: [Vec<usize>; 3] = [
        (0..n).collect(),
        (0..n).rev().collect(),
        (0..n).map(|at| at * 5 % n).collect(),
    ];
    for order in orders {
        let (site, most) = in_order(&mails, &order);
        assert!(most <= 64, "{most}");
        let found = nav(&page(&site, "[PATCH v2 2/3] bell: step 2")).unwrap();
        assert!(found.contains("Patch 2 of 3, version 2"), "{found}");
        assert!(
            found.contains(">v1</a> · <b aria-current=\"page\">v2</b>"),
            "{found}"
        );
        for part in 0..=3 {
            assert!(found.contains(&format!("<li value=\"{part}\">")), "{found}");
            assert!(found.contains(&format!("bell: step {part}")), "{found}");
        }
        let found = nav(&page(&site, "[PATCH 3/3] rope: step 3")).unwrap();
        assert!(
            found.contains("rope: step 1") && !found.contains("bell:"),
            "{found}"
        );
        assert!(nav(&page(&site, "Re: [PATCH 1/3] bell: step 1")).is_none());
    }
}

#[test]
fn a_long_series_touches_few_pages() {
    let subject = |n: usize| format!("[PATCH {n:03}/120] bell: step {n}");
    let mails: Vec<String> = (0..=120)
        .map(|n| mail(&format!("s{n}@x"), &dated(n), &subject(n), &[], "text"))
        .collect();
    let store = MemoryStore::new();
    let out = tempfile::tempdir().unwrap();
    take_bytes(&store, "tower", &mbox(&mails[..60]));
    take_bytes(&store, "tower", &mbox(&mails[61..]));
    publish_to(&store, out.path());
    take_bytes(&store, "tower", &mbox(&mails[60..=60]));
    let report = publish_to(&store, out.path());
    let html = report
        .written
        .iter()
        .filter(|path| path.ends_with(".html"))
        .count();
    assert!(html <= 64, "{html}");
    let whole = tempfile::tempdir().unwrap();
    publish_to(&store, whole.path());
    assert_same(
        &tree(out.path()),
        &tree(whole.path()),
        "incremental and whole",
    );
    let found = nav(&page(&tree(out.path()), &subject(55))).unwrap();
    assert!(
        found.contains("step 65") && !found.contains("step 66"),
        "{found}"
    );
}

#[test]
fn ids_of_mails_that_are_here_are_links() {
    let mut mails = vec![mail(
        "20251103.1@x.example",
        &dated(0),
        "bells",
        &[],
        "See <20251104.2@x.example>",
    )];
    for n in 0..14 {
        let text = format!(
            "In <20251103.1@x.example> Ada wrote of <20251104.2@x.example>.\n\n\
             > Not here: <20251105.3@x.example>, nor myself <2025mention{n}@x.example>"
        );
        let id = format!("2025mention{n}@x.example");
        mails.push(mail(
            &id,
            &dated(10 + n),
            &format!("mention {n}"),
            &[],
            &text,
        ));
    }
    mails.push(mail(
        "20251104.2@x.example",
        &dated(100),
        "late",
        &[],
        "text",
    ));
    let n = mails.len();
    let orders: [Vec<usize>; 3] = [
        (0..n).collect(),
        (0..n).rev().collect(),
        (0..n).map(|at| at * 7 % n).collect(),
    ];
    let mut linking = Vec::new();
    for order in orders {
        let (site, most) = in_order(&mails, &order);
        assert!(most <= 64, "{most}");
        let linked = |subject: &str| {
            let page = page(&site, subject);
            assert!(page.contains("20251104.2 at x.example"), "{page}");
            assert!(!page.contains("\">20251105"), "{page}");
            assert!(!page.contains("\">2025mention"), "{page}");
            page.contains(">20251103.1 at x.example</a>")
        };
        let links: Vec<bool> = (0..14).map(|n| linked(&format!("mention {n}"))).collect();
        // An id is named by more mails than link to it.
        assert_eq!(links.iter().filter(|linked| **linked).count(), 10);
        linking.push(links);
    }
    assert!(
        linking.windows(2).all(|pair| pair[0] == pair[1]),
        "{linking:?}"
    );
}
