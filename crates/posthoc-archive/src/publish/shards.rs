//! The files that the search page looks into, `LIST/search/shards/`.
//!
//! 1. The plan says which stretches of a list's numbers are to be built: all, or those in which a mail
//!    came, changed or went since the state before.
//! 2. Their mails' words are gathered from what others see of them, on every core.
//! 3. Stretches are built and written into folders named by their content; then `root.js`, which names
//!    them, then what nobody names any more is deleted. So a page meets whole states only.
//!
//! The word index is not asked: what is hidden from others is not here to be kept out.

use super::manifest::{Manifest, State};
use super::routes::{PIECE, Work};
use super::runs::{Of, Runs};
use super::write::{file_error, replace};
use super::{PublishOptions, PublishReport};
use crate::error::Result;
use crate::load::Reader;
use crate::tables::{ListRow, MailRow};
use posthoc_core::page::{LayoutName, Mask, line_words};
use posthoc_core::query::{
    Gather, SHARDS_VERSION, Shard, ShardFile, Shown, Span, WORDS_FILE, build, spans, which_lists,
    word_hashes,
};
use posthoc_core::route::ListName;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The file that names all others, beside them. It is the only one that ever changes.
const ROOT: &str = "root.js";
/// Lists of a site that a search of all looks into without being told which have its words.
const FEW: usize = 8;
/// Stretches that are built at once: each takes some tens of megabytes.
const AT_ONCE: usize = 2;
/// Stretches whose words a core gathers at once.
const HELD: usize = 16;

/// A stretch that was built.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stretch {
    from: u32,
    to: u32,
    /// Mails that are shown; with none there are no files.
    mails: u32,
    /// The folder.
    name: String,
}

impl Stretch {
    fn span(&self) -> Span {
        Span {
            from: self.from,
            to: self.to,
        }
    }
}

/// What is to be built.
#[derive(Default)]
pub(super) struct Plan {
    lists: BTreeMap<u32, OfList>,
}

struct OfList {
    name: ListName,
    /// How it writes addresses.
    mask: Mask,
    layout: LayoutName,
    zone: String,
    kept: Vec<Stretch>,
    due: Vec<Span>,
}

impl Plan {
    /// Everything of these lists; nothing when there is to be no search.
    pub(super) fn new(
        reader: &Reader<'_>,
        lists: &[ListName],
        options: &PublishOptions,
    ) -> Result<Self> {
        let mut plan = Plan::default();
        for name in lists.iter().filter(|_| !options.no_search) {
            let row = reader.rows.need_list(name.as_str())?;
            let of_list = OfList {
                name: name.clone(),
                mask: reader.mask(&row),
                layout: reader.layout_of(&row),
                zone: row.time_zone.clone(),
                kept: Vec::new(),
                due: spans(row.next),
            };
            plan.lists.insert(row.list, of_list);
        }
        Ok(plan)
    }

    /// Keeps the stretches that are as they were.
    pub(super) fn keep(
        &mut self,
        before: &State,
        other: &BTreeSet<String>,
        changed: &BTreeSet<(u32, u32)>,
    ) {
        for (list, of_list) in &mut self.lists {
            let built = before.shards.as_ref();
            let built = built.and_then(|lists| lists.get(of_list.name.as_str()));
            let built = built.filter(|_| !other.contains(of_list.name.as_str()));
            for stretch in built.into_iter().flatten() {
                let span = stretch.span();
                let mut since = changed.range((*list, span.from)..(*list, span.to));
                if since.next().is_none() && of_list.due.contains(&span) {
                    of_list.due.retain(|due| *due != span);
                    of_list.kept.push(stretch.clone());
                }
            }
        }
    }

    /// The work of gathering words of lists of which not all pages are made.
    pub(super) fn work(&self, whole: &BTreeSet<String>) -> Vec<Work> {
        let mut work = Vec::new();
        for of_list in self.lists.values() {
            let is_whole = whole.contains(of_list.name.as_str());
            for span in of_list.due.iter().filter(|_| !is_whole) {
                let numbers: Vec<u32> = (span.from..span.to).collect();
                for piece in numbers.chunks(PIECE) {
                    work.push(Work::Words(of_list.name.clone(), piece.to_vec()));
                }
            }
        }
        work
    }

    fn due(&self, list: u32, number: u32) -> Option<Span> {
        let due = &self.lists.get(&list)?.due;
        due.iter().copied().find(|span| span.has(number))
    }
}

/// Gathers words, for one core.
pub(super) struct Harvest<'p> {
    plan: &'p Plan,
    runs: &'p Runs,
    gathers: BTreeMap<Of, Gather>,
}

impl<'p> Harvest<'p> {
    pub(super) fn new(plan: &'p Plan, runs: &'p Runs) -> Self {
        Harvest {
            plan,
            runs,
            gathers: BTreeMap::new(),
        }
    }

    /// Takes a mail's words, if its stretch is to be built and others see it.
    pub(super) fn mail(
        &mut self,
        reader: &Reader<'_>,
        list: &ListRow,
        row: &MailRow,
    ) -> Result<()> {
        let Some(span) = self.plan.due(list.list, row.number) else {
            return Ok(());
        };
        if row.hidden {
            return Ok(());
        }
        let of = (list.list, span);
        if !self.gathers.contains_key(&of) && self.gathers.len() >= HELD {
            self.flush()?;
        }
        let doc = reader.public_words(list, row)?;
        let line = reader.line(list, row);
        let (subject, author) = line_words(&line);
        let gather = self.gathers.entry(of).or_default();
        gather.add(&Shown {
            volume: &row.volume,
            day: (line.date.unix + i64::from(line.date.offset) * 60).div_euclid(86_400),
            subject: &subject,
            author: &author,
            doc: &doc,
        });
        if gather.is_full() {
            self.runs.push(of, gather.run())?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        for (of, mut gather) in std::mem::take(&mut self.gathers) {
            if !gather.is_empty() {
                self.runs.push(of, gather.run())?;
            }
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<()> {
        self.flush()
    }
}

/// A list of which everything is built.
struct BuiltList {
    mask: Mask,
    layout: LayoutName,
    zone: String,
    stretches: Vec<Stretch>,
}

/// What was built: the files are there, their roots are not.
pub(super) struct Built {
    lists: BTreeMap<String, BuiltList>,
    /// Those that a search of the whole site looks into.
    shown: Vec<ListName>,
    search: bool,
}

/// Builds what is due and writes its files.
pub(super) fn write(
    reader: &Reader<'_>,
    out: &Path,
    plan: Plan,
    runs: Runs,
    options: &PublishOptions,
    report: &mut PublishReport,
) -> Result<Built> {
    let due: Vec<Of> = plan
        .lists
        .iter()
        .flat_map(|(list, of_list)| of_list.due.iter().map(|span| (*list, *span)))
        .collect();
    let works = Mutex::new(due.into_iter());
    let done: Mutex<Vec<(u32, Stretch)>> = Mutex::default();
    let made: Vec<Result<Vec<String>>> = rayon::broadcast(|core| {
        let mut written = Vec::new();
        let next = || {
            let mut works = works.lock().unwrap_or_else(PoisonError::into_inner);
            works.next().filter(|_| core.index() < AT_ONCE)
        };
        while let Some((list, span)) = next() {
            let shard = build(span, &runs.take((list, span))?);
            let name = &plan.lists[&list].name;
            let stretch = Stretch {
                from: span.from,
                to: span.to,
                mails: shard.as_ref().map_or(0, |shard| shard.mails),
                name: shard.as_ref().map_or_else(String::new, |s| s.name.clone()),
            };
            if let Some(shard) = shard {
                write_shard(out, name, &shard, options.dry_run, &mut written)?;
            }
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push((list, stretch));
        }
        Ok(written)
    });
    for written in made {
        report.written.extend(written?);
    }
    runs.finish()?;
    let mut lists = BTreeMap::new();
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    for (list, of_list) in plan.lists {
        let mut stretches = of_list.kept;
        stretches.extend(done.extract_if(.., |(of, _)| *of == list).map(|(_, s)| s));
        stretches.sort_by_key(|stretch| stretch.from);
        let built = BuiltList {
            mask: of_list.mask,
            layout: of_list.layout,
            zone: of_list.zone,
            stretches,
        };
        lists.insert(of_list.name.to_string(), built);
    }
    let shown = reader.shown_lists()?;
    Ok(Built {
        lists,
        shown: shown
            .iter()
            .filter_map(|row| ListName::new(&row.name))
            .collect(),
        search: !options.no_search,
    })
}

fn folder_of(list: &str) -> String {
    match list {
        "" => "search/shards".to_owned(),
        list => format!("{list}/search/shards"),
    }
}

fn write_shard(
    out: &Path,
    list: &ListName,
    shard: &Shard,
    dry_run: bool,
    written: &mut Vec<String>,
) -> Result<()> {
    let path = format!("{}/{}", folder_of(list.as_str()), shard.name);
    let folder = out.join(&path);
    if !dry_run {
        fs::create_dir_all(&folder).map_err(|error| file_error("create", &folder, error))?;
    }
    for file in &shard.files {
        let file_path = folder.join(&file.name);
        if fs::read(&file_path).is_ok_and(|there| there == file.bytes) {
            continue;
        }
        // Nobody names the folder yet: files may be written in place, also over those of a killed run.
        if !dry_run {
            fs::write(&file_path, &file.bytes)
                .map_err(|error| file_error("write", &file_path, error))?;
        }
        written.push(format!("{path}/{}", file.name));
    }
    Ok(())
}

/// Writes the roots, then deletes what they do not name. Answers what the state has to know.
pub(super) fn settle(
    out: &Path,
    manifest: &Manifest,
    built: Built,
    before: Option<&State>,
    options: &PublishOptions,
    report: &mut PublishReport,
) -> Result<Option<BTreeMap<String, Vec<Stretch>>>> {
    let mut roots: BTreeMap<String, String> = BTreeMap::new();
    let mut of_site = Vec::new();
    for (list, of_list) in &built.lists {
        let root = of_list.root(list);
        if built.shown.iter().any(|name| name.as_str() == list) {
            of_site.push(root.clone());
        }
        roots.insert(list.clone(), call(false, &[root], &[]));
    }
    let which = built.which(out, options)?;
    if built.search {
        let names: Vec<&str> = which.iter().map(|file| &*file.name).collect();
        roots.insert(String::new(), call(true, &of_site, &names));
    }
    let told = before.filter(|_| !manifest.is_doubted());
    let mut stale: BTreeSet<String> = match told.and_then(|before| before.shards.as_ref()) {
        Some(lists) => lists.keys().cloned().collect(),
        None => lists_with_shards(out),
    };
    stale.insert(String::new());
    stale.extend(roots.keys().cloned());
    for file in &which {
        let path = format!("{}/{}", folder_of(""), file.name);
        if !options.dry_run && !out.join(&path).exists() {
            manifest.begin_file(&path)?;
            replace(&out.join(&path), &file.bytes)?;
            report.written.push(path);
        }
    }
    for (list, root) in &roots {
        let path = format!("{}/{ROOT}", folder_of(list));
        let file = out.join(&path);
        if fs::read(&file).is_ok_and(|there| there == root.as_bytes()) {
            continue;
        }
        if !options.dry_run {
            manifest.begin_file(&path)?;
            replace(&file, root.as_bytes())?;
        }
        report.written.push(path);
    }
    for list in stale {
        let of_list = built.lists.get(&list).into_iter();
        let mut kept: BTreeSet<&str> = of_list
            .flat_map(|of_list| of_list.stretches.iter().map(|stretch| &*stretch.name))
            .collect();
        if roots.contains_key(&list) {
            kept.insert(ROOT);
        }
        if list.is_empty() {
            kept.extend(which.iter().map(|file| &*file.name));
        }
        if options.hold && roots.contains_key(&list) {
            // A reader's search page may still look into what the root before named.
            continue;
        }
        sweep(out, &folder_of(&list), &kept, options.dry_run, report)?;
    }
    let lists = built.lists.into_iter();
    let stretches = lists.map(|(list, of_list)| (list, of_list.stretches));
    Ok(built.search.then(|| stretches.collect()))
}

impl Built {
    /// The files that tell which of many lists have a word, named by their content; none of few lists,
    /// which can all be looked into, and none in a dry run, which has not written what they tell of.
    fn which(&self, out: &Path, options: &PublishOptions) -> Result<Vec<ShardFile>> {
        let is_shown = |list: &&String| self.shown.iter().any(|name| name.as_str() == **list);
        let names: Vec<&String> = self.lists.keys().filter(is_shown).collect();
        if names.len() <= FEW || options.dry_run {
            return Ok(Vec::new());
        }
        let mut lists = Vec::new();
        for name in names {
            let mut hashes = Vec::new();
            let stretches = self.lists[name].stretches.iter();
            for stretch in stretches.filter(|stretch| stretch.mails > 0) {
                let folder = out.join(folder_of(name)).join(&stretch.name);
                let file = folder.join(format!("{WORDS_FILE}.js"));
                let bytes = fs::read(&file).map_err(|error| file_error("read", &file, error))?;
                hashes.extend(word_hashes(&bytes).unwrap_or_default());
            }
            hashes.sort_unstable();
            hashes.dedup();
            lists.push(hashes);
        }
        let mut files = which_lists(&lists);
        for (number, file) in files.iter_mut().enumerate() {
            let hash = blake3::hash(&file.bytes).to_hex();
            file.name = format!("{number}-{}.js", &hash[..8]);
        }
        Ok(files)
    }
}

impl BuiltList {
    /// What a root says of the list.
    fn root(&self, name: &str) -> serde_json::Value {
        let rows = self.stretches.iter().filter(|stretch| stretch.mails > 0);
        let rows: Vec<_> = rows
            .map(|s| json!([s.from, s.to, s.mails, s.name]))
            .collect();
        json!({
            "list": name,
            "at": self.mask == Mask::At,
            "old": self.layout == LayoutName::Pipermail,
            "zone": self.zone,
            "stretches": rows,
        })
    }
}

fn call(site: bool, lists: &[serde_json::Value], which: &[&str]) -> String {
    let root = json!({
        "version": SHARDS_VERSION,
        "site": site,
        "lists": lists,
        "which": which,
    });
    format!("posthoc({root})\n")
}

/// The lists of a folder that may have such files, when no state tells.
fn lists_with_shards(out: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(out).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names
        .filter(|name| ListName::new(name).is_some())
        .filter(|name| out.join(folder_of(name)).is_dir())
        .collect()
}

/// Deletes what is of ours in a folder and not kept: the root, and folders with the name of a hash.
fn sweep(
    out: &Path,
    folder: &str,
    kept: &BTreeSet<&str>,
    dry_run: bool,
    report: &mut PublishReport,
) -> Result<()> {
    let is_hash = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let ours = |name: &str| match name.strip_suffix(".js").map(|stem| stem.split_once('-')) {
        None => name.len() == 16 && is_hash(name),
        Some(None) => name == ROOT,
        Some(Some((number, hash))) => number.parse::<u32>().is_ok() && is_hash(hash),
    };
    let entries = fs::read_dir(out.join(folder))
        .into_iter()
        .flatten()
        .flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    for name in names.filter(|name| ours(name) && !kept.contains(&**name)) {
        let path = format!("{folder}/{name}");
        let whole = out.join(&path);
        let is_folder = whole.is_dir();
        if is_folder {
            let files = fs::read_dir(&whole).into_iter().flatten().flatten();
            let name = |file: fs::DirEntry| file.file_name().to_string_lossy().into_owned();
            report
                .deleted
                .extend(files.map(|file| format!("{path}/{}", name(file))));
        } else {
            report.deleted.push(path);
        }
        let removed = match is_folder {
            _ if dry_run => Ok(()),
            true => fs::remove_dir_all(&whole),
            false => fs::remove_file(&whole),
        };
        removed.map_err(|error| file_error("delete", &whole, error))?;
    }
    if !dry_run && kept.is_empty() {
        // Only where nothing else stands in them.
        let mut folder = Some(out.join(folder));
        while let Some(at) = folder.filter(|at| at != out && fs::remove_dir(at).is_ok()) {
            folder = at.parent().map(Path::to_owned);
        }
    }
    Ok(())
}
