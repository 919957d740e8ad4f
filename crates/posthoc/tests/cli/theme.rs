//! theme: a face of the site's own.

use crate::prelude::{Room, Server, list};

const TEMPLATES: &str = "archive/templates";

fn room() -> Room {
    let room = Room::new();
    let keepers = list("lighthouse-keepers.mbox");
    room.run(&["import", "--public", "--list", "keepers", &keepers])
        .ends(0);
    room
}

#[test]
fn a_fresh_theme_is_in_order_and_leaves_what_is_there() {
    let room = room();
    let footer = format!("{TEMPLATES}/footer.html");
    room.write(&footer, "<p>ours</p>\n");
    let ran = room
        .run(&["theme", "start", "--template", "message.html"])
        .ends(0);
    for name in ["theme.css", "header.html", "message.html"] {
        assert!(ran.out.contains(&format!("/{name}\n")), "{}", ran.out);
    }
    assert!(
        ran.err.contains("footer.html is there already"),
        "{}",
        ran.err
    );
    let kept = std::fs::read_to_string(room.path(&footer)).unwrap();
    assert_eq!(kept, "<p>ours</p>\n");
    let checked = room.run(&["theme", "check"]).ends(0);
    assert!(
        checked.out.ends_with(" pages: nothing wrong\n"),
        "{}",
        checked.out
    );
    let ran = room
        .run(&["theme", "start", "--template", "mesage.html"])
        .ends(64);
    assert!(
        ran.err.contains("did you mean \"message.html\"?"),
        "{}",
        ran.err
    );
}

#[test]
fn a_themes_faults_are_told_with_their_places() {
    let room = room();
    for (name, content, words) in [
        (
            "header.html",
            "<p>\n{{ page.sitle }}</p>",
            "header.html:2: undefined value: {{ page.sitle }}</p>",
        ),
        (
            "thread.html",
            "{% if %}",
            "thread.html:1: unexpected end of block",
        ),
        ("mesage.html", "", "did you mean \"message.html\"?"),
        (
            "footer.html",
            "<p onclick=\"a()\">",
            "onclick of a <p> is refused",
        ),
        (
            "head.html",
            "<script src=\"https://cdn.example/a.js\"></script>",
            "https://cdn.example/a.js is elsewhere",
        ),
        (
            "theme.css",
            "a {\n  background: url(a.png)\n}",
            "theme.css:2: ",
        ),
        (
            "notice.html",
            "{% extends \"base.html\" %}",
            "0 h1 where one is wanted (1 page, first /404.html)",
        ),
    ] {
        let path = room.write(&format!("{TEMPLATES}/{name}"), content);
        let ran = room.run(&["theme", "check"]).ends(1);
        assert!(ran.out.contains(words), "{name}: {}", ran.out);
        let json = room.run(&["--json", "theme", "check"]).ends(1).json();
        assert_eq!(
            json["findings"].as_array().map(Vec::len),
            Some(1),
            "{name}: {json}"
        );
        std::fs::remove_file(path).unwrap();
    }
    room.run(&["theme", "check"]).ends(0);
    let ran = room.run(&["theme", "check", "nowhere"]).ends(66);
    assert!(
        ran.err.contains("`posthoc theme start` makes one"),
        "{}",
        ran.err
    );
    room.write(&format!("{TEMPLATES}/logo.png"), "a");
    room.write(&format!("{TEMPLATES}/logo.svg"), "b");
    let ran = room.run(&["publish", "site"]).ends(78);
    assert!(ran.err.contains("logo.svg is a second file"), "{}", ran.err);
}

/// The asset that a page names in a tag that begins so.
fn named<'p>(page: &'p str, tag: &str) -> &'p str {
    let (_, behind) = page.split_once(tag).unwrap();
    let (_, behind) = behind.split_once("assets/").unwrap();
    behind.split('"').next().unwrap()
}

#[test]
fn a_published_theme_is_on_every_page_and_follows_its_files() {
    let room = room();
    room.run(&["publish", "site"]).ends(0);
    let read = |name: &str| std::fs::read_to_string(room.path(&format!("site/{name}"))).unwrap();
    let plain = read("keepers/index.html");
    assert!(!plain.contains("class=\"logo\""), "{plain}");
    room.write(&format!("{TEMPLATES}/theme.css"), ":root { --ink: #111; }");
    room.write(
        &format!("{TEMPLATES}/logo.svg"),
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    );
    room.write(&format!("{TEMPLATES}/icon.png"), b"\x89PNG");
    room.write(&format!("{TEMPLATES}/header.html"), "<p>Harbour Office</p>");
    room.run(&["publish", "site"]).ends(0);
    for page in [
        "index.html",
        "404.html",
        "keepers/index.html",
        "keepers/search/index.html",
    ] {
        let html = read(page);
        assert!(html.contains("<p>Harbour Office</p>"), "{page}: {html}");
        let own = html.matches("<link rel=\"stylesheet\"").count();
        assert_eq!(own, 2, "{page}: {html}");
        assert_eq!(
            read(&format!("assets/{}", named(&html, "class=\"logo\""))).len(),
            41
        );
        let icon = named(&html, "rel=\"icon\" type=\"image/png\"");
        assert!(room.path(&format!("site/assets/{icon}")).exists(), "{icon}");
    }
    let style = |html: &str| {
        let (_, own) = html.rsplit_once("<link rel=\"stylesheet\"").unwrap();
        own.split('"').nth(1).unwrap().to_owned()
    };
    let before = style(&read("index.html"));
    assert_eq!(read(&before), ":root { --ink: #111; }");
    room.write(&format!("{TEMPLATES}/theme.css"), ":root { --ink: #222; }");
    room.run(&["publish", "site"]).ends(0);
    let after = style(&read("index.html"));
    assert_ne!(before, after);
    assert!(!room.path(&format!("site/{before}")).exists());
    // The same picture in another place.
    let [logo, icon] =
        ["logo.svg", "icon.svg"].map(|name| room.path(&format!("{TEMPLATES}/{name}")));
    std::fs::remove_file(room.path(&format!("{TEMPLATES}/icon.png"))).unwrap();
    std::fs::rename(logo, icon).unwrap();
    room.run(&["publish", "site"]).ends(0);
    let html = read("index.html");
    assert!(!html.contains("class=\"logo\""), "{html}");
    assert!(
        html.contains("rel=\"icon\" type=\"image/svg+xml\""),
        "{html}"
    );
    // What the published pages say, the served ones say too.
    let server = Server::start(&room, &["serve", "--listen", "127.0.0.1:0"]);
    assert!(server.get("/index.html").ends_with(&read("index.html")));
    assert!(
        server
            .get(&format!("/{after}"))
            .ends_with(":root { --ink: #222; }")
    );
}

#[test]
fn a_preview_shows_all_lists_and_follows_the_folder() {
    let room = Room::new();
    let keepers = list("lighthouse-keepers.mbox");
    room.run(&["import", "--list", "keepers", &keepers]).ends(0);
    room.write("face/header.html", "<p>first</p>");
    let ran = room
        .run(&["theme", "preview", "--listen", "192.0.2.1:0", "face"])
        .ends(64);
    assert!(ran.err.contains("127.0.0.1"), "{}", ran.err);
    let mut server = Server::start(
        &room,
        &["theme", "preview", "--listen", "127.0.0.1:0", "face"],
    );
    assert!(server.get("/keepers/").contains("<p>first</p>"));
    room.write("face/header.html", "<p>the second</p>");
    server.says("read anew");
    assert!(server.get("/keepers/").contains("<p>the second</p>"));
    room.write("face/header.html", "{% if %}");
    let told = server.says("stay as they were");
    assert!(told.contains("header.html, line 1"), "{told}");
    assert!(server.get("/keepers/").contains("<p>the second</p>"));
    // The archive's own pages are as before.
    assert!(!room.path(TEMPLATES).exists());
}

#[test]
fn a_sites_own_words_stand_beside_its_theme() {
    let room = room();
    room.run(&["theme", "start", "--template", "de.ftl"])
        .ends(0);
    let built_in = std::fs::read_to_string(room.path("archive/strings/de.ftl")).unwrap();
    assert!(built_in.contains("next-in-thread = Nächste im Thread\n"));
    room.run(&["theme", "check"]).ends(0);
    room.write("archive/lists.d/keepers.toml", "language = \"de\"\n");
    room.write(
        "archive/strings/de.ftl",
        "recent-threads = Was gerade los ist\n",
    );
    room.run(&["theme", "check"]).ends(0);
    room.run(&["publish", "site"]).ends(0);
    let page = std::fs::read_to_string(room.path("site/keepers/index.html")).unwrap();
    assert!(
        page.contains("Was gerade los ist") && page.contains("Zeiträume"),
        "{page}"
    );
    // A change of words alone is published.
    room.write("archive/strings/de.ftl", "recent-threads = Neues\n");
    room.run(&["publish", "site"]).ends(0);
    let page = std::fs::read_to_string(room.path("site/keepers/index.html")).unwrap();
    assert!(page.contains(">Neues<"), "{page}");
}

#[test]
fn faults_of_words_are_told_with_their_places() {
    let room = room();
    let path = room.write(
        "archive/strings/pt-BR.ftl",
        "# nossas\nrecent-thread = Conversas\nmails = { $cont } mensagens\n",
    );
    let ran = room.run(&["theme", "check"]).ends(1);
    for words in [
        "strings/pt-BR.ftl:2: recent-thread: no page has a text of that name",
        "strings/pt-BR.ftl:3: mails: there is no $cont here",
        "strings/pt-BR.ftl:3: mails: does not say where $count belongs",
    ] {
        assert!(ran.out.contains(words), "{words}: {}", ran.out);
    }
    // Pages are made all the same: what nobody asks for does no harm.
    room.run(&["publish", "site"]).ends(0);
    std::fs::write(&path, "mails = { $count\n").unwrap();
    let ran = room.run(&["theme", "check"]).ends(1);
    assert!(ran.out.contains("strings/pt-BR.ftl:1: "), "{}", ran.out);
    let ran = room.run(&["publish", "site"]).ends(78);
    assert!(
        ran.err.contains("strings/pt-BR.ftl, line 1: "),
        "{}",
        ran.err
    );
    std::fs::remove_file(path).unwrap();
    room.write("archive/strings/my words.ftl", "");
    let ran = room.run(&["publish", "site"]).ends(78);
    assert!(ran.err.contains("named by its language"), "{}", ran.err);
}
