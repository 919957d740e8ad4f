//! A Debian package, built by one command: `cargo xtask deb [--binary PATH]`.
//!
//! 1. Build the release binary, unless one is named.
//! 2. Stage what the package installs: the binary without its symbols, the units of `contrib/systemd/`, the
//!    archiver of `contrib/mailman3/`, and what `contrib/debian/` says; the manual page is what the binary tells
//!    of itself (`manual`).
//! 3. Ask `dpkg-shlibdeps` which libraries the binary needs.
//! 4. Have `dpkg-deb` pack it. All times in it are those of the last commit, so that the same binary gives
//!    the same package.
//!
//! Nothing is needed but Debian's own tools (`dpkg-dev`, `binutils`). [`slice()`] is the test: it installs the
//! package in a root of its own and works with it there.

mod manual;
mod room;

use crate::run::{built, command, read, root, show};
use anyhow::{Context, Result, bail};
pub(crate) use room::slice;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The package's revision of a version.
const REVISION: &str = "1";
/// Who keeps a package, when neither `$DEBFULLNAME` nor `$DEBEMAIL` says.
const MAINTAINER: (&str, &str) = ("posthoc contributors", "posthoc@packages.invalid");
/// What is installed as it lies in the repository: from, to, mode.
const FILES: &[(&str, &str, u32)] = &[
    (
        "contrib/debian/copyright",
        "usr/share/doc/posthoc/copyright",
        0o644,
    ),
    (
        "contrib/debian/posthoc.toml",
        "etc/posthoc/posthoc.toml",
        0o644,
    ),
    (
        "contrib/debian/sysusers.conf",
        "usr/lib/sysusers.d/posthoc.conf",
        0o644,
    ),
    (
        "contrib/mailman3/posthoc_mailman.py",
        "usr/lib/python3/dist-packages/posthoc_mailman.py",
        0o644,
    ),
    (
        "contrib/mailman3/posthoc.cfg",
        "usr/share/doc/posthoc/mailman3/posthoc.cfg",
        0o644,
    ),
    (
        "contrib/mailman3/README.md",
        "usr/share/doc/posthoc/mailman3/README.md",
        0o644,
    ),
    ("contrib/debian/postinst", "DEBIAN/postinst", 0o755),
    ("contrib/debian/prerm", "DEBIAN/prerm", 0o755),
    ("contrib/debian/postrm", "DEBIAN/postrm", 0o755),
    ("README.md", "usr/share/doc/posthoc/README.md", 0o644),
];
/// Folders of which every file is installed, and where.
const FOLDERS: &[(&str, &str)] = &[
    ("contrib/systemd", "lib/systemd/system"),
    ("docs", "usr/share/doc/posthoc/book"),
];

/// What the command line says.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    let binary = match words {
        [] => release()?,
        ["--binary", path] => PathBuf::from(path),
        _ => bail!("cargo xtask deb [--binary PATH]"),
    };
    let out = root().join("target/debian");
    println!("{}", build(&binary, &out, 9)?.display());
    Ok(())
}

fn release() -> Result<PathBuf> {
    let words = ["build", "--release", "--locked", "--package", "posthoc"];
    show(&mut command("cargo", &words))?;
    let debug = built("posthoc");
    let target = debug.ancestors().nth(2).context("no target folder")?;
    Ok(target.join("release/posthoc"))
}

/// Packs a binary into a package in the folder `out`, compressed by xz at that level, to 9.
fn build(binary: &Path, out: &Path, level: u8) -> Result<PathBuf> {
    let stage = out.join("stage");
    if stage.exists() {
        fs::remove_dir_all(&stage)?;
    }
    let time = read(&mut command("git", &["log", "-1", "--format=%ct"]))
        .context("the time of the last commit")?;
    let fields = Fields::find(binary, &time)?;
    for (from, to, mode) in FILES {
        put(
            &stage,
            to,
            &fs::read(root().join(from)).with_context(|| (*from).to_owned())?,
            *mode,
        )?;
    }
    for (from, to) in FOLDERS {
        for entry in fs::read_dir(root().join(from))? {
            let path = entry?.path();
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .context("a file's name")?;
            if path.is_file() {
                put(&stage, &format!("{to}/{name}"), &fs::read(&path)?, 0o644)?;
            }
        }
    }
    let program = put(&stage, "usr/bin/posthoc", &fs::read(binary)?, 0o755)?;
    let strip = [
        "--strip-unneeded",
        "--remove-section=.comment",
        "--remove-section=.note",
    ];
    show(command("strip", &strip).arg(&program))?;
    for folder in ["var/lib/posthoc", "etc/posthoc/lists.d"] {
        fs::create_dir_all(stage.join(folder))?;
    }
    let doc = "usr/share/doc/posthoc";
    packed(
        &stage,
        &format!("{doc}/changelog.gz"),
        &fs::read(root().join("CHANGELOG.md"))?,
    )?;
    packed(
        &stage,
        &format!("{doc}/changelog.Debian.gz"),
        fields.fill("changelog", 0)?.as_bytes(),
    )?;
    packed(
        &stage,
        "usr/share/man/man1/posthoc.1.gz",
        manual::page(binary)?.as_bytes(),
    )?;
    let kilobytes = size(&stage)?.div_ceil(1024);
    put(
        &stage,
        "DEBIAN/conffiles",
        b"/etc/posthoc/posthoc.toml\n",
        0o644,
    )?;
    put(&stage, "DEBIAN/md5sums", sums(&stage)?.as_bytes(), 0o644)?;
    put(
        &stage,
        "DEBIAN/control",
        fields.fill("control", kilobytes)?.as_bytes(),
        0o644,
    )?;
    open_folders(&stage)?;
    let package = out.join(format!(
        "posthoc_{}_{}.deb",
        fields.version, fields.architecture
    ));
    let words = [
        "--root-owner-group",
        "-Zxz",
        &format!("-z{level}"),
        "--build",
    ];
    let mut pack = command("dpkg-deb", &words);
    pack.arg(&stage)
        .arg(&package)
        .env("SOURCE_DATE_EPOCH", time.trim());
    read(&mut pack)?;
    fs::remove_dir_all(&stage)?;
    Ok(package)
}

/// What the templates of `contrib/debian/` name in braces.
struct Fields {
    version: String,
    architecture: String,
    maintainer: String,
    libraries: String,
    date: String,
}

impl Fields {
    fn find(binary: &Path, time: &str) -> Result<Fields> {
        let said = |name: &str, otherwise: &str| {
            std::env::var(name).unwrap_or_else(|_| otherwise.to_owned())
        };
        let (name, address) = (
            said("DEBFULLNAME", MAINTAINER.0),
            said("DEBEMAIL", MAINTAINER.1),
        );
        let at = format!("@{}", time.trim());
        let date = read(command("date", &["-u", "-R", "-d", &at]).env("LC_ALL", "C"))?;
        let architecture = read(&mut command("dpkg", &["--print-architecture"]))?;
        Ok(Fields {
            version: format!("{}-{REVISION}", env!("CARGO_PKG_VERSION")),
            architecture: architecture.trim().to_owned(),
            maintainer: format!("{name} <{address}>"),
            libraries: libraries(binary)?,
            date: date.trim().to_owned(),
        })
    }

    /// A file of `contrib/debian/` with its braces filled.
    fn fill(&self, name: &str, kilobytes: u64) -> Result<String> {
        let text = fs::read_to_string(root().join("contrib/debian").join(name))?;
        Ok(text
            .replace("{version}", &self.version)
            .replace("{architecture}", &self.architecture)
            .replace("{maintainer}", &self.maintainer)
            .replace("{libraries}", &self.libraries)
            .replace("{date}", &self.date)
            .replace("{kilobytes}", &kilobytes.to_string()))
    }
}

/// The packages whose libraries the binary needs, as `Depends:` has them.
fn libraries(binary: &Path) -> Result<String> {
    let binary = binary
        .canonicalize()
        .with_context(|| format!("no binary {}", binary.display()))?;
    // It reads the names of a source package's packages, and of nothing else there.
    let folder = root().join("target/debian/shlibs");
    put(
        &folder,
        "debian/control",
        b"Source: posthoc\n\nPackage: posthoc\nArchitecture: any\n",
        0o644,
    )?;
    let mut ask = command("dpkg-shlibdeps", &["-O", "-e"]);
    let said = read(ask.arg(&binary).current_dir(&folder))
        .context("Debian's package dpkg-dev is needed")?;
    let line = said
        .lines()
        .find_map(|line| line.strip_prefix("shlibs:Depends="));
    Ok(line
        .context("dpkg-shlibdeps names no libraries")?
        .to_owned())
}

/// Writes a file below the stage and says where.
fn put(stage: &Path, to: &str, bytes: &[u8], mode: u32) -> Result<PathBuf> {
    let path = stage.join(to);
    fs::create_dir_all(path.parent().context("a file without a folder")?)?;
    fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
    Ok(path)
}

/// The same, through gzip, which then holds neither name nor time.
fn packed(stage: &Path, to: &str, bytes: &[u8]) -> Result<()> {
    let plain = put(stage, to.trim_end_matches(".gz"), bytes, 0o644)?;
    show(command("gzip", &["-9", "-n", "-f"]).arg(&plain))
}

/// Files below a folder, sorted; those that say how to install are left out.
fn files(stage: &Path) -> Result<Vec<PathBuf>> {
    let (mut found, mut folders) = (Vec::new(), vec![stage.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            match path.is_dir() {
                true if path.ends_with("DEBIAN") => {}
                true => folders.push(path),
                false => found.push(path),
            }
        }
    }
    found.sort();
    Ok(found)
}

fn size(stage: &Path) -> Result<u64> {
    let lengths = files(stage)?
        .into_iter()
        .map(|path| Ok(fs::metadata(path)?.len()));
    lengths.sum()
}

/// What `dpkg -V` compares; settings are compared by dpkg itself.
fn sums(stage: &Path) -> Result<String> {
    let mut sum = command("md5sum", &["--"]);
    for path in files(stage)? {
        let inside = path.strip_prefix(stage)?;
        if !inside.starts_with("etc") {
            sum.arg(inside);
        }
    }
    read(sum.current_dir(stage))
}

/// Whatever the umask, everybody may look into the folders.
fn open_folders(stage: &Path) -> Result<()> {
    show(command("chmod", &["-R", "u=rwX,go=rX"]).arg(stage))
}
