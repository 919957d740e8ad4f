//! A case of the oracle made into a tree by ours.

use posthoc_core::message::{Limits, parse};
use posthoc_core::route;
use posthoc_pipermail::{
    Article, Content, Frequency, Index, Language, Placed, Sanitiser, Settings, TocEntry, Volume,
    article, index, text_entry, toc,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Files by their paths. `made` is the clock of the oracle's run: the original gives it to mails that have
/// no date.
pub(crate) fn tree(case: &Path, made: i64) -> BTreeMap<String, Vec<u8>> {
    let mbox = std::fs::read(case.join("input.mbox")).unwrap();
    let told = std::fs::read(case.join("settings.json")).unwrap();
    let (settings, frequency) = settings(&serde_json::from_slice(&told).unwrap());
    let limits = Limits::default();
    let mut volumes: BTreeMap<route::Volume, (Volume, Vec<Content>)> = BTreeMap::new();
    for (number, mail) in mails(&mbox).enumerate() {
        let message = parse(mail, &limits);
        let placed = Placed {
            number: number as u32,
            date: message.sent.map_or(made, |sent| sent.unix),
            repeats_id: false,
        };
        let article = Article::read(&message, &placed, &settings);
        let stamp = settings.time_zone.stamp(article.date);
        let volume = volumes
            .entry(route::Volume::of(&stamp, frequency))
            .or_default();
        volume.0.add(article);
        volume
            .1
            .push(Content::read(&message, mail, &placed, &limits, &settings));
    }
    let mut files = BTreeMap::new();
    let mut entries = Vec::new();
    for (name, (volume, contents)) in &volumes {
        let mut text = Vec::new();
        for (mail, content) in volume.articles().iter().zip(contents) {
            let path = format!("{}/{:06}.html", name.as_str(), mail.number);
            files.insert(path, article(&settings, volume, mail, content));
            text.extend(text_entry(&settings, mail, content));
            for file in &content.attachments {
                files.insert(file.path.clone(), file.bytes.clone());
            }
        }
        for kind in Index::ALL {
            let page = index(&settings, name, volume, kind, made);
            files.insert(
                format!("{}/{}.html", name.as_str(), kind.name()),
                page.clone(),
            );
            if kind == Index::Thread {
                files.insert(format!("{}/index.html", name.as_str()), page);
            }
        }
        entries.push(TocEntry {
            volume: name.clone(),
            text_size: Some(text.len() as u64),
        });
        files.insert(format!("{}.txt", name.as_str()), text);
    }
    files.insert("index.html".to_owned(), toc(&settings, &entries, None));
    files
}

/// As `bin/arch` splits: every line that begins with `From ` begins a mail.
fn mails(mbox: &[u8]) -> impl Iterator<Item = &[u8]> {
    let starts = memchr::memmem::find_iter(mbox, b"\nFrom ").map(|at| at + 1);
    let mut starts: Vec<usize> = std::iter::once(0).chain(starts).collect();
    starts.push(mbox.len());
    let ranges: Vec<(usize, usize)> = starts.windows(2).map(|pair| (pair[0], pair[1])).collect();
    ranges.into_iter().map(|(start, end)| {
        let mail = &mbox[start..end];
        let line = memchr::memchr(b'\n', mail).map_or(mail.len(), |end| end + 1);
        &mail[line..]
    })
}

fn settings(told: &Value) -> (Settings, Frequency) {
    let (name, host) = (
        told["list"].as_str().unwrap(),
        told["host"].as_str().unwrap(),
    );
    let list = &told["list_settings"];
    let site = told["site_settings"].as_str().unwrap();
    let mut settings = Settings::of(name, host);
    settings.gzip = false;
    settings.language =
        Language::named(list["preferred_language"].as_str().unwrap_or("en")).unwrap();
    settings.subject_prefix = list["subject_prefix"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    settings.obscure = !site.contains("ARCHIVER_OBSCURES_EMAILADDRS=No");
    settings.links_mbox = site.contains("PUBLIC_MBOX=Yes");
    if list["archive_private"] == 1 {
        settings.base_url = format!("http://{host}/mailman/private/{name}");
    }
    if site.contains("ARCHIVE_HTML_SANITIZER=2") {
        settings.sanitiser = Sanitiser::Inline;
    }
    let frequency = match list["archive_volume_frequency"].as_i64() {
        Some(0) => Frequency::Yearly,
        Some(2) => Frequency::Quarterly,
        Some(3) => Frequency::Weekly,
        Some(4) => Frequency::Daily,
        _ => Frequency::Monthly,
    };
    (settings, frequency)
}
