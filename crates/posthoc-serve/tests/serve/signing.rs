//! Signing in and out, and what a web server in front says.

use crate::situation::{Asked, Got, archive};
use posthoc_archive::{add_list, rename_list};
use posthoc_core::message::Limits;
use posthoc_core::page::{Audience, Site};
use posthoc_core::route::ListName;
use posthoc_serve::{Access, ListAccess, Members, set_password};
use posthoc_store::memory::MemoryStore;
use std::sync::Arc;
use tempfile::TempDir;

const SAME: (&str, &str) = ("sec-fetch-site", "same-origin");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// A site with a private list, wherry, for those with an account, and a folder with their file.
fn site(https: bool, prefix: &str) -> (Asked, TempDir) {
    site_of(archive(&["town-hall"]), https, prefix)
}

/// The same of an archive.
fn site_of(store: Arc<MemoryStore>, https: bool, prefix: &str) -> (Asked, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts");
    set_password(&file, "ada", "lantern").unwrap();
    let access = Access {
        htpasswd: Some(file),
        user_header: Some("X-Remote-User".to_owned()),
        lists: vec![ListAccess {
            list: ListName::new("wherry").unwrap(),
            htpasswd: None,
            members: Some(Members::SignedIn),
        }],
        ..Access::default()
    };
    let site = Site {
        base_url: https.then(|| format!("https://lists.example.org{prefix}")),
        ..Site::default()
    };
    (
        Asked::with(store, site, Audience::Public, prefix, access),
        folder,
    )
}

/// `name=value` of the cookie that an answer sets.
fn cookie(got: &Got, name: &str) -> String {
    let set = got.headers.get_all("set-cookie").iter();
    let set = set.map(|value| value.to_str().unwrap());
    let own = set.filter_map(|value| value.split(';').next());
    own.filter(|pair| pair.starts_with(name) && !pair.ends_with('='))
        .map(str::to_owned)
        .next()
        .unwrap_or_default()
}

fn token(got: &Got) -> String {
    let (_, rest) = got.text().split_once("name=\"token\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

fn sign_in(asked: &Asked, prefix: &str, password: &str, next: &str) -> Got {
    let form = asked.get(&format!("{prefix}/~login"));
    let pair = cookie(&form, "");
    let body = format!(
        "token={}&name=Ada&password={password}&next={next}",
        token(&form)
    );
    let headers = [("cookie", pair.as_str()), SAME, FORM];
    asked.post(&format!("{prefix}/~login"), &headers, &body)
}

#[test]
fn members_read_what_others_do_not_find() {
    let (asked, folder) = site(false, "");
    assert_eq!(asked.get("/wherry/").status, 404);
    let got = sign_in(&asked, "", "lantern", "wherry%2Fn%2F0");
    assert_eq!(
        (got.status.as_u16(), got.header("location")),
        (303, "./wherry/n/0")
    );
    assert_eq!(got.header("cache-control"), "private, no-store");
    let pair = cookie(&got, "posthoc=");
    let headers = [("cookie", pair.as_str())];
    let page = asked.ask("GET", "/wherry/", &headers);
    assert_eq!(page.status, 200);
    assert_eq!(page.header("cache-control"), "private, no-store");
    assert_eq!(page.header("vary"), "Accept-Encoding, Cookie");
    assert_eq!(
        (page.header("etag"), page.header("x-robots-tag")),
        ("", "noindex")
    );
    let found = asked.ask("GET", "/search/?q=heliotrope", &headers);
    assert!(found.text().contains("wherry/2025-October/msg00002.html"));
    // No page but the door's knows a name.
    assert!(!page.text().contains("~log") && !page.text().contains("ada"));
    // Signing out takes a form of ours.
    let out = asked.ask("GET", "/~logout", &headers);
    assert!(out.text().contains("signed in as ada"));
    let forged = asked.post("/~logout", &[headers[0], SAME, FORM], "token=x");
    assert_eq!(forged.status, 200);
    let cross = [headers[0], ("sec-fetch-site", "cross-site"), FORM];
    asked.post("/~logout", &cross, &format!("token={}", token(&out)));
    assert_eq!(asked.ask("GET", "/wherry/", &headers).status, 200);
    let body = format!("token={}", token(&out));
    assert_eq!(
        asked
            .post("/~logout", &[headers[0], SAME, FORM], &body)
            .status,
        303
    );
    assert_eq!(asked.ask("GET", "/wherry/", &headers).status, 404);
    // An account that is struck out while it is signed in.
    let pair = cookie(&sign_in(&asked, "", "lantern", ""), "posthoc=");
    let headers = [("cookie", pair.as_str())];
    assert_eq!(asked.ask("GET", "/wherry/", &headers).status, 200);
    std::fs::write(folder.path().join("accounts"), "# nobody\n").unwrap();
    assert_eq!(asked.ask("GET", "/wherry/", &headers).status, 404);
}

#[test]
fn cookies_are_held_to_this_site() {
    for (https, prefix, start, end) in [
        (
            true,
            "",
            "__Host-posthoc=",
            "; Path=/; HttpOnly; SameSite=Lax; Secure",
        ),
        (
            true,
            "/l",
            "__Secure-posthoc=",
            "; Path=/l; HttpOnly; SameSite=Lax; Secure",
        ),
        (false, "/l", "posthoc=", "; Path=/l; HttpOnly; SameSite=Lax"),
    ] {
        let (asked, _folder) = site(https, prefix);
        let first = sign_in(&asked, prefix, "lantern", "");
        let set = first.headers.get_all("set-cookie").iter();
        let set: Vec<&str> = set.map(|value| value.to_str().unwrap()).collect();
        let own = set.iter().find(|value| value.starts_with(start)).unwrap();
        assert!(own.ends_with(end), "{own}");
        // A new session each time.
        let second = sign_in(&asked, prefix, "lantern", "");
        assert_ne!(cookie(&first, start), cookie(&second, start));
    }
}

#[test]
fn forms_of_others_sign_nobody_in() {
    let (asked, _folder) = site(false, "");
    let form = asked.get("/~login");
    let pair = cookie(&form, "posthoc-form=");
    let own = format!("token={}&name=ada&password=lantern", token(&form));
    let post = |headers: &[(&str, &str)], body: &str| {
        let got = asked.post("/~login", headers, body);
        assert_eq!(cookie(&got, "posthoc="), "", "{headers:?}");
        got.status.as_u16()
    };
    let cookie = ("cookie", pair.as_str());
    for headers in [
        vec![SAME, FORM],
        vec![("cookie", "posthoc-form=x"), SAME, FORM],
        vec![cookie, ("sec-fetch-site", "cross-site"), FORM],
        vec![cookie, ("sec-fetch-site", "same-site"), FORM],
        vec![cookie, ("origin", "https://evil.example"), FORM],
        vec![cookie, SAME, ("content-type", "text/plain")],
        vec![cookie, SAME],
    ] {
        assert_eq!(post(&headers, &own), 403, "{headers:?}");
    }
    for body in ["", "token=", "name=ada&password=lantern", "%", "&&=&="] {
        assert_eq!(post(&[cookie, SAME, FORM], body), 403, "{body}");
    }
    let long = format!("{own}&x={}", "x".repeat(9_000));
    assert!(post(&[cookie, SAME, FORM], &long) >= 400);
    assert_eq!(
        asked.post("/~login", &[cookie, SAME, FORM], &own).status,
        303
    );
}

#[test]
fn nobody_is_led_away() {
    let (asked, _folder) = site(false, "");
    for next in [
        "https:%2F%2Fevil.example%2F",
        "%2F%2Fevil.example",
        "%5C%5Cevil.example",
        "%2Fwherry%2F",
        "..%2F..%2F",
        "javascript:alert(1)",
        "~logout",
        "wherry%2F%0D%0ASet-Cookie:x=y",
        "%00",
    ] {
        let got = sign_in(&asked, "", "lantern", next);
        assert_eq!(
            (got.status.as_u16(), got.header("location")),
            (303, "./"),
            "{next}"
        );
    }
}

#[test]
fn members_do_not_come_with_a_name() {
    let store = archive(&["town-hall"]);
    let (asked, _folder) = site_of(Arc::clone(&store), false, "");
    let pair = cookie(&sign_in(&asked, "", "lantern", ""), "posthoc=");
    let headers = [("cookie", pair.as_str())];
    let status = |target: &str| asked.ask("GET", target, &headers).status.as_u16();
    assert_eq!((status("/wherry/"), status("/keepers/")), (200, 404));
    let name = |name: &str| ListName::new(name).unwrap();
    let rename = |old: &str, new: &str, take_over| {
        let limits = Limits::default();
        rename_list(&*store, &name(old), &name(new), take_over, 0, &limits).unwrap();
    };
    rename("wherry", "ferry", false);
    rename("keepers", "wherry", true);
    for target in ["/wherry/", "/ferry/", "/keepers/", "/wherry/n/0"] {
        assert_eq!(status(target), 404, "{target}");
    }
    let found = asked.ask("GET", "/search/?q=lamp", &headers);
    assert!(!found.text().contains("wherry/"));
    // Named as before, it is what the settings mean again.
    rename("wherry", "keepers", true);
    rename("ferry", "wherry", true);
    assert_eq!((status("/wherry/"), status("/keepers/")), (200, 404));
}

#[test]
fn a_list_that_comes_later_is_the_one_that_its_settings_mean() {
    let store = Arc::new(MemoryStore::new());
    let (asked, _folder) = site_of(Arc::clone(&store), false, "");
    let pair = cookie(&sign_in(&asked, "", "lantern", ""), "posthoc=");
    let status = || {
        asked
            .ask("GET", "/wherry/", &[("cookie", pair.as_str())])
            .status
    };
    let (wherry, ferry) = (ListName::new("wherry"), ListName::new("ferry"));
    let (wherry, ferry) = (wherry.unwrap(), ferry.unwrap());
    let (site, limits) = (Site::default(), Limits::default());
    assert_eq!(status(), 404);
    add_list(&*store, &wherry, false, false, &site, 0, &limits).unwrap();
    assert_eq!(status(), 200);
    rename_list(&*store, &wherry, &ferry, false, 0, &limits).unwrap();
    add_list(&*store, &wherry, false, true, &site, 0, &limits).unwrap();
    assert_eq!(status(), 404);
}

#[test]
fn wrong_passwords_wait() {
    let (asked, _folder) = site(false, "");
    let mut answers = Vec::new();
    for _ in 0..6 {
        answers.push(sign_in(&asked, "", "wrong", "").status.as_u16());
    }
    assert_eq!(answers, [403, 403, 403, 403, 403, 429]);
    let got = sign_in(&asked, "", "lantern", "");
    assert_eq!((got.status.as_u16(), got.header("retry-after")), (429, "1"));
}

#[test]
fn a_name_from_a_stranger_is_nothing() {
    let (asked, _folder) = site(false, "");
    let got = asked.ask("GET", "/wherry/", &[("x-remote-user", "ada")]);
    assert_eq!(got, asked.get("/wherry/"));
}

#[test]
fn private_is_unknown_also_where_members_sign_in() {
    let (asked, _folder) = site(false, "");
    for path in [
        "",
        "/",
        "/2025-October/msg00000.html",
        "/n/0",
        "/feed.atom",
        "/mid/a@b/",
        "/search/?q=a",
    ] {
        let private = asked.get(&format!("/wherry{path}"));
        let unknown = asked.get(&format!("/wharry{path}"));
        assert_eq!(
            (private.status, &private.headers),
            (unknown.status, &unknown.headers)
        );
        assert_eq!(private.status, 404);
        assert_eq!(private.header("cache-control"), "private, no-store");
        assert_eq!(
            private.text(),
            unknown.text().replace("wharry", "wherry"),
            "{path}"
        );
    }
}

#[test]
fn without_accounts_there_is_no_door() {
    let asked = Asked::public(&["wherry"]);
    for target in ["/~login", "/~logout", "/~login?next=wherry/"] {
        assert_eq!(asked.get(target), asked.get("/nothing"), "{target}");
        assert_eq!(asked.post(target, &[SAME, FORM], "").status, 405);
    }
}
