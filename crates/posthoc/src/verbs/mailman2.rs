//! `import --site mailman2`: every list of a Mailman 2 installation.

use super::import::import;
use crate::args::{Global, ImportArgs};
use crate::config::edit::{Change, file_of, write};
use crate::exit::{Exit, Failure};
use crate::open::{absolute, place};
use crate::term;
use posthoc_archive::OldNumbers;
use posthoc_archive::source::{Kind, Split};
use posthoc_core::route::ListName;
use posthoc_core::text::TimeZone;
use posthoc_pipermail::read::{ListConfig, SiteConfig, pickle};
use std::path::{Path, PathBuf};

/// Bytes of a list's settings, or of the site's.
const LONGEST: u64 = 64 << 20;
/// Where Debian keeps the site's settings, beside the installation itself.
const SYSTEM: &str = "/etc/mailman/mm_cfg.py";
/// Where it keeps the installation.
const DEBIAN: &str = "/var/lib/mailman";

/// A list that was found.
struct Found {
    name: ListName,
    config: ListConfig,
    mailbox: PathBuf,
    pages: PathBuf,
}

pub(crate) fn site(global: &Global, args: &ImportArgs) -> Result<Exit, Failure> {
    let [dir] = args.sources.as_slice() else {
        return Err(Failure::new(
            Exit::Usage,
            "--site takes one folder: that of the installation, as /var/lib/mailman",
        ));
    };
    let dir = absolute(dir);
    let of_site = of_site(&dir)?;
    let found = lists(global, &dir, args)?;
    let mut worst = Exit::Done;
    let mut first_failure = None;
    for list in &found {
        set_up(global, args, &dir, list, &of_site)?;
        if !list.mailbox.is_file() {
            term::note(
                global,
                &format!("{}: no mailbox at {}", list.name, list.mailbox.display()),
            );
            continue;
        }
        match import(global, &args_for(args, list)) {
            Ok(Exit::Done) => {}
            Ok(exit) => worst = exit,
            // One broken list does not keep the others out.
            Err(failure) => {
                if let Some(earlier) = first_failure.replace(failure) {
                    earlier.tell();
                }
            }
        }
    }
    first_failure.map_or(Ok(worst), Err)
}

fn args_for(args: &ImportArgs, list: &Found) -> ImportArgs {
    ImportArgs {
        sources: vec![list.mailbox.clone()],
        list: Some(list.name.clone()),
        public: list.config.archive_private == Some(false),
        kind: Some(Kind::Mbox),
        site: None,
        numbers_from: OldNumbers::read(&list.pages)
            .is_ok()
            .then(|| list.pages.clone()),
        // As bin/arch read it.
        split: Split::EveryFrom,
        no_index: args.no_index,
        dry_run: args.dry_run,
        honour_no_archive: args.honour_no_archive,
        strict: args.strict,
        range: None,
    }
}

/// The installation's lists by name, or the one that was asked for.
fn lists(global: &Global, dir: &Path, args: &ImportArgs) -> Result<Vec<Found>, Failure> {
    let folder = dir.join("lists");
    let entries =
        std::fs::read_dir(&folder).map_err(|error| Failure::io("read", &folder, &error))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths.iter().filter(|path| path.is_dir()) {
        let Some(own) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        let Some(name) = ListName::new(own) else {
            term::note(
                global,
                &format!("{own:?} is passed over: it cannot be a list's name here"),
            );
            continue;
        };
        if args.list.as_ref().is_some_and(|wanted| *wanted != name) {
            continue;
        }
        let archives = dir.join("archives/private");
        if let Some(config) = config_of(path)? {
            found.push(Found {
                name,
                config,
                mailbox: archives.join(format!("{own}.mbox/{own}.mbox")),
                pages: archives.join(own),
            });
        }
    }
    if found.is_empty() {
        return Err(Failure::new(
            Exit::NoInput,
            format!(
                "{} holds no list's settings (config.pck, or config.txt as `config_list -o` writes it)",
                folder.display()
            ),
        ));
    }
    Ok(found)
}

/// A list's settings: of its pickle, of the copy that Mailman keeps of it, or as `config_list -o` wrote them.
fn config_of(folder: &Path) -> Result<Option<ListConfig>, Failure> {
    let mut broken = None;
    for name in ["config.pck", "config.pck.last"] {
        let path = folder.join(name);
        let Some(bytes) = bytes_of(&path)? else {
            continue;
        };
        match ListConfig::of_pickle(&bytes, &pickle::Limits::default()) {
            Ok(config) => return Ok(Some(config)),
            Err(error) => {
                broken.get_or_insert_with(|| format!("{}, {error}", path.display()));
            }
        }
    }
    if let Some(text) = bytes_of(&folder.join("config.txt"))? {
        return Ok(Some(ListConfig::of_config_list(&text)));
    }
    match broken {
        Some(what) => Err(Failure::new(
            Exit::BadInput,
            format!("{what}; write config.txt beside it with `config_list -o config.txt LIST`"),
        )),
        None => Ok(None),
    }
}

fn of_site(dir: &Path) -> Result<SiteConfig, Failure> {
    let mut places = vec![dir.join("Mailman/mm_cfg.py"), dir.join("mm_cfg.py")];
    if dir == Path::new(DEBIAN) {
        places.push(PathBuf::from(SYSTEM));
    }
    for place in places {
        if let Some(text) = bytes_of(&place)? {
            return Ok(SiteConfig::of_mm_cfg(&text));
        }
    }
    Ok(SiteConfig::default())
}

fn bytes_of(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match std::fs::metadata(path) {
        Ok(about) if about.is_file() && about.len() <= LONGEST => std::fs::read(path)
            .map(Some)
            .map_err(|error| Failure::io("read", path, &error)),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::io("read", path, &error)),
    }
}

/// Writes what Mailman had set into the list's file; what is set there already stays.
fn set_up(
    global: &Global,
    args: &ImportArgs,
    dir: &Path,
    list: &Found,
    site: &SiteConfig,
) -> Result<(), Failure> {
    let place = place(global)?;
    let mut changes = Vec::new();
    for (key, value) in settings(dir, list, site) {
        if place.config.found(Some(&list.name), key).is_some() || value.is_empty() {
            continue;
        }
        match Change::text(key, &value) {
            Ok(change) => changes.push(change),
            Err(why) => term::note(global, &format!("{}: {why}; not taken", list.name)),
        }
    }
    let file = file_of(&place.config, &list.name);
    let private = list.config.archive_private == Some(true) && !list.config.members.is_empty();
    if private && place.config.found(Some(&list.name), "members").is_none() {
        let members = file.with_extension("members");
        changes.extend(Change::text("members", &members.display().to_string()).ok());
        if !args.dry_run {
            let text = list.config.members.join("\n") + "\n";
            keep(&members, &text)?;
        }
    }
    let keys: Vec<&str> = changes.iter().map(|change| change.key.name).collect();
    if args.dry_run {
        let (name, keys) = (&list.name, keys.join(", "));
        term::note(
            global,
            &format!("{name}: would set {keys} in {}", file.display()),
        );
        return Ok(());
    }
    if changes.is_empty() {
        return Ok(());
    }
    if !posthoc_embedded::is_archive(&place.dir) {
        place.refuse_foreign()?;
    }
    write(&place.config, &list.name, &changes)?;
    term::note(
        global,
        &format!(
            "{}: {} set in {}",
            list.name,
            keys.join(", "),
            file.display()
        ),
    );
    Ok(())
}

/// Writes a file of addresses, for its owner and group.
fn keep(path: &Path, text: &str) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let folder = path.parent().unwrap_or(Path::new("."));
    let made = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(path, text));
    let made =
        made.and_then(|()| std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o640)));
    made.map_err(|error| Failure::io("write", path, &error))
}

/// Keys of a list's file, by what Mailman had set; an empty value is not written.
fn settings(dir: &Path, list: &Found, site: &SiteConfig) -> Vec<(&'static str, String)> {
    let config = &list.config;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let switch = |on: Option<bool>| on.map(|on| on.to_string()).unwrap_or_default();
    let visibility = match (config.archive_private, config.advertised) {
        (Some(true), _) => "private",
        (Some(false), Some(false)) => "unlisted",
        (Some(false), _) => "public",
        (None, _) => "private",
    };
    let host = text(&config.host_name);
    let address = match host.is_empty() {
        true => String::new(),
        false => format!("{}@{host}", list.name),
    };
    let listinfo = match &config.web_page_url {
        Some(url) if url.contains("://") => {
            format!("{}/listinfo/{}", url.trim_end_matches('/'), list.name)
        }
        _ => String::new(),
    };
    let html_parts = match site.html_sanitizer {
        Some(0) => "remove",
        Some(2) => "inline",
        Some(1 | 3) => "store",
        _ => "",
    };
    let title = config
        .real_name
        .clone()
        .filter(|name| *name != list.name.as_str());
    vec![
        ("layout", "pipermail".to_owned()),
        ("title", title.unwrap_or_default()),
        ("description", text(&config.description)),
        ("address", address),
        ("listinfo", listinfo),
        ("subject_tag", text(&config.subject_prefix)),
        ("visibility", visibility.to_owned()),
        (
            "volumes",
            config
                .frequency
                .map_or("", |frequency| frequency.name())
                .to_owned(),
        ),
        ("language", text(&config.preferred_language)),
        ("time_zone", here().unwrap_or_default()),
        (
            "mask",
            if site.obscures == Some(false) {
                "none".to_owned()
            } else {
                String::new()
            },
        ),
        ("mbox_link", switch(site.public_mbox)),
        ("attachment_names", switch(site.attachment_names)),
        ("html_parts", html_parts.to_owned()),
        ("templates", templates(dir, list)),
    ]
}

/// The installation's folder, where the site or the list has templates of its own.
fn templates(dir: &Path, list: &Found) -> String {
    let has_html = |folder: PathBuf| {
        let folders = std::fs::read_dir(folder).into_iter().flatten().flatten();
        folders.map(|entry| entry.path()).any(|language| {
            let files = std::fs::read_dir(language).into_iter().flatten().flatten();
            files
                .map(|entry| entry.file_name())
                .any(|name| name.to_string_lossy().ends_with(".html"))
        })
    };
    let host = list.config.host_name.as_deref().unwrap_or("site");
    let own = [
        dir.join("lists").join(list.name.as_str()),
        dir.join("templates/site"),
        dir.join("templates").join(host),
    ];
    match own.into_iter().any(has_html) {
        true => dir.display().to_string(),
        false => String::new(),
    }
}

/// The zone of this machine: Mailman told times in the server's own.
fn here() -> Option<String> {
    let named = std::env::var("TZ").ok().filter(|name| !name.is_empty());
    let name = named.or_else(|| {
        let linked = std::fs::read_link("/etc/localtime").ok()?;
        let path = linked.to_str()?.to_owned();
        path.split_once("zoneinfo/")
            .map(|(_, name)| name.to_owned())
    });
    name.filter(|name| TimeZone::named(name).is_some())
}
