//! `publish --follow`: mails that come one by one, and a reader who walks the site all the while.

use crate::prelude::{Room, mail};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Far more than the two seconds that are promised: other tests run beside.
const SOON: Duration = Duration::from_secs(60);

/// A run that follows; ends with the test, also a failed one.
struct Follower(Child);

impl Follower {
    fn start(room: &Room, out: &str) -> Self {
        let mut command = room.command(&["-q", "publish", "--follow", out]);
        let command = command.stdout(std::process::Stdio::null());
        let follower = Follower(command.spawn().unwrap());
        within_reach(|| room.path(out).join(".posthoc/state.json").exists(), out);
        follower
    }

    fn signal(&self, name: &str) {
        let id = self.0.id().to_string();
        assert!(
            Command::new("kill")
                .args([name, &id])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Ends it as a service manager does.
    fn stop(mut self) {
        self.signal("-TERM");
        let status = self.0.wait().unwrap();
        let mut said = String::new();
        let err = self.0.stderr.as_mut().unwrap();
        err.read_to_string(&mut said).unwrap();
        assert!(status.success() && said.is_empty(), "{status}: {said}");
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn within_reach(mut there: impl FnMut() -> bool, what: &str) {
    let begin = Instant::now();
    while !there() {
        assert!(begin.elapsed() < SOON, "{what} does not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What a page links to, in the folder.
fn targets(page: &Path, html: &str) -> Vec<PathBuf> {
    let links = html.split([' ', '\n']).filter_map(|word| {
        let value = word
            .strip_prefix("href=\"")
            .or(word.strip_prefix("src=\""))?;
        value.split('"').next()
    });
    let mut targets = Vec::new();
    for link in links {
        let path = link.split(['#', '?']).next().unwrap();
        if path.is_empty() || path.contains(':') {
            continue;
        }
        let mut at = page.parent().unwrap().to_owned();
        for step in Path::new(path).components() {
            match step {
                Component::ParentDir => drop(at.pop()),
                Component::Normal(name) => at.push(name),
                _ => {}
            }
        }
        if path.ends_with('/') || path.ends_with("..") || path == "." {
            at.push("index.html");
        }
        targets.push(at);
    }
    targets
}

/// Follows every link from the first page on; whatever is not whole or not there is told.
fn walk(site: &Path) -> (usize, Vec<String>) {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    let mut waiting = vec![(site.join("index.html"), PathBuf::from("the door"))];
    while let Some((path, from)) = waiting.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let Ok(bytes) = std::fs::read(&path) else {
            wrong.push(format!(
                "{} is not there, linked by {}",
                path.display(),
                from.display()
            ));
            continue;
        };
        let name = path.to_string_lossy();
        if name.ends_with(".html") {
            let html = String::from_utf8(bytes).unwrap();
            if !html.trim_end().ends_with("</html>") {
                wrong.push(format!("{name} is half a page"));
            }
            waiting.extend(
                targets(&path, &html)
                    .into_iter()
                    .map(|to| (to, path.clone())),
            );
        } else if name.ends_with(".gz") {
            let mut whole = Vec::new();
            let mut members = flate2::read::MultiGzDecoder::new(&bytes[..]);
            if members.read_to_end(&mut whole).is_err() {
                wrong.push(format!("{name} is half a file"));
            }
        }
    }
    (seen.len(), wrong)
}

/// Folders that the root of the search names, so that its page looks into them, and that are not there.
fn lost_search_files(site: &Path, list: &str) -> Vec<String> {
    let shards = site.join(list).join("search/shards");
    let root = std::fs::read_to_string(shards.join("root.js")).unwrap();
    let root = root
        .trim_start_matches("posthoc(")
        .trim_end()
        .trim_end_matches(')');
    let root: serde_json::Value = serde_json::from_str(root).unwrap();
    let stretches = root["lists"][0]["stretches"].as_array().unwrap();
    let names = stretches
        .iter()
        .map(|row| row[3].as_str().unwrap().to_owned());
    let is_there = |name: &String| {
        let files = std::fs::read_dir(shards.join(name));
        files.is_ok_and(|files| files.count() > 0)
    };
    names.filter(|name| !is_there(name)).collect()
}

fn tree(site: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![site.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with(".posthoc") {
                continue;
            }
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    let name = path.strip_prefix(site).unwrap().to_owned();
                    files.insert(name, std::fs::read(&path).unwrap());
                }
            }
        }
    }
    files
}

#[track_caller]
fn assert_as_published(room: &Room, out: &str) {
    room.run(&["-q", "publish", "plain"]).ends(0);
    let (followed, plain) = (tree(&room.path(out)), tree(&room.path("plain")));
    let names = |tree: &BTreeMap<PathBuf, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&followed), names(&plain));
    let other: Vec<_> = plain
        .iter()
        .filter(|(name, bytes)| followed[*name] != **bytes)
        .collect();
    assert!(
        other.is_empty(),
        "{:?}",
        other.iter().map(|(name, _)| name).collect::<Vec<_>>()
    );
}

fn yard() -> Room {
    let room = Room::new();
    room.run(&["init"]).ends(0);
    room.run(&["list", "add", "--public", "yard"]).ends(0);
    room
}

fn deliver(room: &Room, mail: &str) {
    room.feed(&["-q", "deliver", "--list", "yard"], mail.as_bytes())
        .ends(0);
}

/// A mail of the series, an answer to the one before where it is not the first of its five.
fn answer(n: usize) -> String {
    let before = format!("<barrow.{}@gate.example>", n.wrapping_sub(1));
    match n % 5 {
        0 => mail(n),
        _ => mail(n).replacen("\n\n", &format!("\nIn-Reply-To: {before}\n\n"), 1),
    }
}

#[test]
fn fifty_mails_one_by_one_and_a_reader_beside() {
    let room = yard();
    let follower = Follower::start(&room, "site");
    let site = room.path("site");
    let (done, walks) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = 0;
            while !done.load(Relaxed) {
                let (pages, wrong) = walk(&site);
                assert!(wrong.is_empty(), "{wrong:#?}");
                let lost = lost_search_files(&site, "yard");
                assert!(lost.is_empty(), "{lost:?}");
                assert!(pages >= seen, "{pages} pages after {seen}");
                seen = pages;
                walks.fetch_add(1, Relaxed);
            }
        });
        let deliveries = std::panic::catch_unwind(|| {
            for n in 0..50 {
                deliver(&room, &answer(n));
                let date = site.join("yard/2025-November/date.html");
                let subject = format!("Barrow number {n}<");
                let is_there =
                    || std::fs::read_to_string(&date).is_ok_and(|page| page.contains(&subject));
                within_reach(is_there, &format!("mail {n}"));
            }
        });
        done.store(true, Relaxed);
        reader.join().unwrap();
        deliveries.unwrap();
    });
    assert!(walks.load(Relaxed) > 1);
    follower.stop();
    assert_as_published(&room, "site");
}

/// The volume's files of many mails stay as they are for a while; the mail that begins the next volume
/// has those of the one before it written, and the end has all.
#[test]
fn downloads_follow_when_a_volume_closes() {
    let room = yard();
    deliver(&room, &mail(0));
    let follower = Follower::start(&room, "site");
    let site = room.path("site/yard");
    let text = || {
        let packed = std::fs::read(site.join("2025-November.txt.gz")).unwrap();
        let mut text = String::new();
        let mut members = flate2::read::MultiGzDecoder::new(&packed[..]);
        members.read_to_string(&mut text).unwrap();
        text.matches("Barrow number").count()
    };
    let shows = |volume: &str, n: usize| {
        let page = std::fs::read_to_string(site.join(volume).join("date.html"));
        page.is_ok_and(|page| page.contains(&format!("Barrow number {n}<")))
    };
    assert_eq!(text(), 1);
    deliver(&room, &mail(1));
    within_reach(|| shows("2025-November", 1), "the second mail");
    assert_eq!(text(), 1, "one mail more writes no download");
    let december = mail(2).replace("Nov 2025", "Dec 2025").replace("Mon, ", "");
    deliver(&room, &december);
    within_reach(|| shows("2025-December", 2), "the mail of December");
    within_reach(|| text() == 2, "November's text");
    deliver(&room, &mail(3));
    within_reach(|| shows("2025-November", 3), "a late mail");
    assert_eq!(text(), 2);
    follower.stop();
    assert_eq!(text(), 3);
    assert_as_published(&room, "site");
}

/// A takedown waits for nothing: no page, no download and no file of the search has the mail.
#[test]
fn what_is_taken_down_is_gone_at_once() {
    let room = yard();
    for n in 0..3 {
        deliver(
            &room,
            &mail(n).replace("stands in", &format!("zqx{n} stands in")),
        );
    }
    let follower = Follower::start(&room, "site");
    deliver(&room, &mail(3));
    room.run(&["-q", "remove", "barrow.1@gate.example", "--reason", "asked"])
        .ends(0);
    let holds = |word: &str| {
        tree(&room.path("site")).into_values().any(|bytes| {
            let mut text = Vec::new();
            let mut members = flate2::read::MultiGzDecoder::new(&bytes[..]);
            let packed = members.read_to_end(&mut text).is_ok();
            let text = if packed { text } else { bytes };
            memchr::memmem::find(&text, word.as_bytes()).is_some()
        })
    };
    within_reach(|| !holds("zqx1"), "the takedown");
    assert!(holds("zqx2"));
    follower.stop();
    assert_as_published(&room, "site");
}

/// A mail that a full or locked archive left in the spool, and settings that are read anew.
#[test]
fn settings_are_read_anew_and_two_runs_share_a_folder() {
    let room = yard();
    deliver(&room, &mail(0));
    let follower = Follower::start(&room, "site");
    room.write(
        "archive/posthoc.toml",
        "[site]\ntitle = \"The yard's mail\"\n",
    );
    follower.signal("-HUP");
    let home = room.path("site/index.html");
    let titled = || std::fs::read_to_string(&home).unwrap().contains("The yard");
    within_reach(titled, "the title");
    deliver(&room, &mail(1));
    room.run(&["-q", "publish", "site"]).ends(0);
    room.run(&["-q", "publish", "--full", "site"]).ends(0);
    deliver(&room, &mail(2));
    let page = room.path("site/yard/2025-November/date.html");
    let shows = || {
        std::fs::read_to_string(&page)
            .unwrap()
            .contains("Barrow number 2<")
    };
    within_reach(shows, "the third mail");
    follower.stop();
    assert_as_published(&room, "site");
}
