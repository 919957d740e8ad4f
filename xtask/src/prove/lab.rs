//! The laboratory: the release binary, a temporary folder, and running the one in the other.

use crate::run::{built, command, root, show};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// What the command line asks for.
pub(super) struct Options {
    /// Shorter waits, fewer kills and mails: to try the figures out.
    pub(super) quick: bool,
    /// Kills in all.
    pub(super) kills: usize,
    /// How long another program may take.
    pub(super) patience: Duration,
    /// How long crawlers stay, when that is said.
    pub(super) minutes: Option<u64>,
    /// How many mails are handed over, when that is said.
    pub(super) mails: Option<usize>,
    /// The binary; else the release build is made.
    pub(super) binary: Option<PathBuf>,
}

/// Where figures are measured.
pub(super) struct Lab {
    pub(super) options: Options,
    /// Deleted in the end.
    folder: PathBuf,
    binary: PathBuf,
}

/// Time and memory of a program.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cost {
    /// Wall clock, seconds.
    pub(super) seconds: f64,
    /// Of the processor, in the program and the system, seconds; 0 when it was stopped.
    pub(super) cpu: f64,
    /// Peak resident set, kB; 0 when it was stopped.
    pub(super) peak: u64,
    /// It was still running when patience ended.
    pub(super) stopped: bool,
}

impl Lab {
    pub(super) fn new(options: Options) -> Result<Lab> {
        let built = match &options.binary {
            Some(binary) => binary.clone(),
            None => {
                show(&mut command(
                    "cargo",
                    &["build", "--release", "--locked", "--package", "posthoc"],
                ))?;
                let debug = built("posthoc");
                let target = debug
                    .parent()
                    .and_then(Path::parent)
                    .context("no target folder")?;
                target.join("release/posthoc")
            }
        };
        let folder = std::env::temp_dir().join(format!("posthoc-prove-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        // Other users run the binary too, and a later build must not change it under our feet.
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755))?;
        let binary = folder.join("posthoc");
        fs::copy(&built, &binary).with_context(|| format!("cannot copy {}", built.display()))?;
        fs::set_permissions(&binary, fs::Permissions::from_mode(0o755))?;
        Ok(Lab {
            options,
            folder,
            binary,
        })
    }

    /// For a slice of a figure in the tests: quick, with the debug binary.
    pub(super) fn of_slice() -> Result<Lab> {
        Lab::new(Options {
            quick: true,
            kills: 0,
            patience: Duration::from_secs(600),
            minutes: None,
            mails: None,
            binary: Some(built("posthoc")),
        })
    }

    /// A path in the temporary folder that is not there: what was left under that name is deleted.
    pub(super) fn fresh(&self, name: &str) -> Result<PathBuf> {
        let path = self.folder.join(name);
        remove(&path)?;
        Ok(path)
    }

    /// A new archive with a list to deliver to, `town-hall`.
    pub(super) fn town_hall(&self, name: &str) -> Result<PathBuf> {
        let archive = self.fresh(name)?;
        self.town_hall_at(&archive)?;
        Ok(archive)
    }

    /// The same, at a path.
    pub(super) fn town_hall_at(&self, archive: &Path) -> Result<()> {
        self.done(archive, &["-q", "init"])?;
        self.done(archive, &["-q", "list", "add", "town-hall"])?;
        Ok(())
    }

    /// The path as a new, empty folder.
    pub(super) fn folder(&self, name: &str) -> Result<PathBuf> {
        let path = self.fresh(name)?;
        fs::create_dir_all(&path)?;
        Ok(path)
    }

    pub(super) fn binary(&self) -> &Path {
        &self.binary
    }

    /// `posthoc -a ARCHIVE` with those words, without this machine's settings.
    pub(super) fn posthoc(&self, archive: &Path, words: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg("-a").arg(archive).args(words);
        self.clean(&mut command);
        command
    }

    /// Takes this machine's settings away.
    pub(super) fn clean(&self, command: &mut Command) {
        command
            .current_dir(&self.folder)
            .env_remove("POSTHOC_ARCHIVE")
            .env_remove("POSTHOC_CONFIG")
            .env_remove("PAGER")
            .env("XDG_CACHE_HOME", self.folder.join("cache"))
            .stdin(Stdio::null());
    }

    /// Runs it; an error unless it ends with 0.
    pub(super) fn done(&self, archive: &Path, words: &[&str]) -> Result<Output> {
        let output = self.posthoc(archive, words).output()?;
        if !output.status.success() {
            let tail = String::from_utf8_lossy(&output.stderr);
            bail!(
                "posthoc {}: {}: {}",
                words.join(" "),
                output.status,
                tail.trim()
            );
        }
        Ok(output)
    }

    /// Runs it with `--json` and reads what it says.
    pub(super) fn json(&self, archive: &Path, words: &[&str]) -> Result<Value> {
        let words = [&["-q", "--json"], words].concat();
        let output = self.done(archive, &words)?;
        serde_json::from_slice(&output.stdout)
            .with_context(|| format!("posthoc {}: not JSON", words.join(" ")))
    }

    /// Runs a program under GNU time with its output thrown away; it is stopped when patience ends.
    pub(super) fn cost(&self, program: &Path, words: &[&str]) -> Result<Cost> {
        let told = self.fresh("time")?;
        let mut timed = Command::new("timeout");
        timed
            .args([
                "--signal=KILL",
                &self.options.patience.as_secs().to_string(),
            ])
            .args(["/usr/bin/time", "--format=%M %U %S", "--output"])
            .arg(&told)
            .arg(program)
            .args(words);
        self.clean(&mut timed);
        let began = Instant::now();
        let output = timed
            .stdout(Stdio::null())
            .output()
            .context("timeout and GNU time")?;
        let seconds = began.elapsed().as_secs_f64();
        let stopped = began.elapsed() >= self.options.patience;
        if !stopped && !output.status.success() {
            let tail = String::from_utf8_lossy(&output.stderr);
            bail!(
                "{} {}: {}: {}",
                program.display(),
                words.join(" "),
                output.status,
                tail.trim()
            );
        }
        let told = fs::read_to_string(&told).unwrap_or_default();
        // A program that failed has a line of its own before.
        let told = told.lines().last().unwrap_or_default();
        let (peak, cpu) = told.split_once(' ').unwrap_or_default();
        Ok(Cost {
            seconds,
            peak: peak.parse().unwrap_or(0),
            cpu: cpu
                .split(' ')
                .filter_map(|seconds| seconds.parse::<f64>().ok())
                .sum(),
            stopped,
        })
    }

    /// The same for `posthoc -a ARCHIVE`.
    pub(super) fn own_cost(&self, archive: &Path, words: &[&str]) -> Result<Cost> {
        let archive = text(archive)?;
        self.cost(&self.binary, &[&["-q", "-a", archive], words].concat())
    }

    /// The corpora: `$POSTHOC_CORPORA`, else `../shared/corpora` beside the repository.
    pub(super) fn corpora(&self) -> Result<PathBuf> {
        shared("POSTHOC_CORPORA", "corpora")
    }

    /// A corpus list, unpacked into the temporary folder.
    pub(super) fn corpus(&self, name: &str) -> Result<PathBuf> {
        let lists = self.corpora()?.join("lists");
        for (extension, program) in [("zst", "zstd"), ("gz", "gzip")] {
            let packed = lists.join(format!("{name}.mbox.{extension}"));
            if packed.is_file() {
                let out = self.fresh(&format!("{name}.mbox"))?;
                unpack(program, &packed, &out)?;
                return Ok(out);
            }
        }
        bail!("no corpus {name} in {}", lists.display());
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        if let Err(error) = remove(&self.folder) {
            eprintln!("{} stays: {error}", self.folder.display());
        }
    }
}

/// A folder that lies beside the repository unless the environment names it.
pub(super) fn shared(variable: &str, name: &str) -> Result<PathBuf> {
    let folder = std::env::var_os(variable)
        .map_or_else(|| root().join("../shared").join(name), PathBuf::from);
    fs::canonicalize(&folder)
        .with_context(|| format!("no {} here; ${variable} names another", folder.display()))
}

/// Decompresses to a file, with a program of the system.
pub(super) fn unpack(program: &str, packed: &Path, out: &Path) -> Result<()> {
    let status = Command::new(program)
        .args(["-d", "-c"])
        .arg(packed)
        .stdout(fs::File::create(out)?)
        .status()
        .with_context(|| format!("cannot run {program}"))?;
    if !status.success() {
        bail!("{program} -dc {}: {status}", packed.display());
    }
    Ok(())
}

/// Deletes a file or a folder, if it is there.
pub(super) fn remove(path: &Path) -> Result<()> {
    let removed = match path.symlink_metadata() {
        Err(_) => return Ok(()),
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
    };
    removed.with_context(|| format!("cannot delete {}", path.display()))
}

/// A path as an argument.
pub(super) fn text(path: &Path) -> Result<&str> {
    path.to_str()
        .with_context(|| format!("{} is not UTF-8", path.display()))
}

/// Whether we may become other users and mount disks.
pub(super) fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
