//! The test of the package: it is what it should be, installs in a root of its own, works there, and goes.
//!
//! The root is this machine's, with everything that is written kept apart in memory (overlayfs), so that the
//! package's scripts run as they do anywhere and nothing of this machine changes.

use super::build;
use crate::run::{built, command, read, root};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Command, Stdio};

/// What must be in it: mode and owner as `dpkg-deb --contents` tells them, and path.
const CONTENTS: &[(&str, &str)] = &[
    ("-rwxr-xr-x root/root", "./usr/bin/posthoc"),
    ("-rw-r--r-- root/root", "./etc/posthoc/posthoc.toml"),
    (
        "-rw-r--r-- root/root",
        "./lib/systemd/system/posthoc.service",
    ),
    (
        "-rw-r--r-- root/root",
        "./lib/systemd/system/posthoc-lmtp.socket",
    ),
    (
        "-rw-r--r-- root/root",
        "./lib/systemd/system/posthoc-http.socket",
    ),
    ("-rw-r--r-- root/root", "./usr/lib/sysusers.d/posthoc.conf"),
    (
        "-rw-r--r-- root/root",
        "./usr/lib/python3/dist-packages/posthoc_mailman.py",
    ),
    ("-rw-r--r-- root/root", "./usr/share/man/man1/posthoc.1.gz"),
    ("-rw-r--r-- root/root", "./usr/share/doc/posthoc/copyright"),
    (
        "-rw-r--r-- root/root",
        "./usr/share/doc/posthoc/changelog.Debian.gz",
    ),
    ("drwxr-xr-x root/root", "./var/lib/posthoc/"),
];

/// In the new root, as root: install, work, install anew, purge. `$1` is the package.
const LIFE: &str = r#"set -eux
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
dpkg --install "$1"
test "$(dpkg-query -W -f '${db:Status-Status}' posthoc)" = installed
test "$(stat -c '%U:%G %a' /var/lib/posthoc)" = "posthoc:posthoc 2770"
test "$(stat -c '%U:%G %a' /etc/posthoc/lists.d)" = "root:posthoc 2775"
cd /
posthoc --version
posthoc list add --public yard
posthoc list set yard 'title=The yard'
as_posthoc() { setpriv --reuid=posthoc --regid=posthoc --clear-groups "$@"; }
as_posthoc posthoc config show --list yard | grep -q 'The yard'
as_posthoc posthoc list set yard 'title=The other yard'
posthoc config show --list yard | grep -q 'The other yard'
printf 'From: ada@gate.example\nSubject: gate\nMessage-ID: <1@gate.example>\nDate: Mon, 3 Nov 2025 10:00:00 +0000\n\nOpen.\n' |
    posthoc deliver --list yard
posthoc check
test -z "$(find /var/lib/posthoc ! -user posthoc)"
dpkg --verify posthoc
echo '# mine' >> /etc/posthoc/posthoc.toml
dpkg --install "$1"
grep -q '^# mine$' /etc/posthoc/posthoc.toml
posthoc search gate | grep -q gate
cp /usr/bin/posthoc /opt/posthoc-that-stays
dpkg --purge posthoc
test ! -e /usr/bin/posthoc -a ! -e /etc/posthoc/posthoc.toml
/opt/posthoc-that-stays -a /var/lib/posthoc check
"#;

/// Makes the root in a mount namespace and goes there. `$1` is a folder for it, `$2` the package, `$3` what to do.
const ROOM: &str = r#"set -e
mount -t tmpfs -o mode=0755 tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" overlay "$1/root"
mount --rbind /dev "$1/root/dev"
mount --rbind /proc "$1/root/proc"
cp "$2" "$1/root/package.deb"
exec chroot "$1/root" sh -c "$3" sh /package.deb
"#;

/// Builds a package of the debug binary, looks at it, and has it live.
pub(crate) fn slice() -> Result<()> {
    if Command::new("dpkg-shlibdeps")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        eprintln!("no Debian here (dpkg-dev), so no package is built");
        return Ok(());
    }
    let out = root().join("target/debian-test");
    // What is packed fast is as good here.
    let package = build(&built("posthoc"), &out, 1)?;
    contents(&package)?;
    let info = read(command("dpkg-deb", &["--info"]).arg(&package))?;
    for words in [
        "Package: posthoc",
        "Depends: libc6 (",
        "postinst",
        "conffiles",
    ] {
        if !info.contains(words) {
            bail!("`{words}` is not in what dpkg-deb --info says:\n{info}");
        }
    }
    lint(&package)?;
    live(&package, &out.join("room"))
}

fn contents(package: &Path) -> Result<()> {
    let listed = read(command("dpkg-deb", &["--contents"]).arg(package))?;
    for (mode, path) in CONTENTS {
        let there =
            |line: &str| line.starts_with(mode) && line.split_whitespace().last() == Some(path);
        if !listed.lines().any(there) {
            bail!("{path} is not in the package as {mode}:\n{listed}");
        }
    }
    Ok(())
}

/// Debian's own critic, where it is installed: no error.
fn lint(package: &Path) -> Result<()> {
    let mut lintian = command("lintian", &["--fail-on", "error", "--allow-root"]);
    match lintian.arg(package).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => bail!("lintian: {status}"),
        Err(_) => {
            eprintln!("lintian is not here");
            Ok(())
        }
    }
}

fn live(package: &Path, room: &Path) -> Result<()> {
    if Command::new("systemd-sysusers")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        eprintln!(
            "systemd-sysusers is not here, which the package needs, so its scripts do not run"
        );
        return unpacked(package, &room.join("unpacked"));
    }
    std::fs::create_dir_all(room)?;
    let mut go = Command::new("unshare");
    go.args(["--mount", "--", "sh", "-c", ROOM, "sh"])
        .arg(room)
        .arg(package)
        .arg(LIFE);
    let done = go
        .env_remove("POSTHOC_ARCHIVE")
        .env_remove("POSTHOC_CONFIG")
        .output()
        .context("unshare")?;
    let said = String::from_utf8_lossy(&done.stderr);
    if done.status.success() {
        eprintln!("installed, used, installed anew and purged in a root of its own");
        return Ok(());
    }
    if said.contains("dpkg --install") {
        bail!(
            "the package does not live: {}\n{said}",
            String::from_utf8_lossy(&done.stdout)
        );
    }
    eprintln!(
        "no root of its own can be made here, so its scripts do not run ({})",
        said.trim()
    );
    unpacked(package, &room.join("unpacked"))
}

/// Without a root of its own: what is in the package at least runs.
fn unpacked(package: &Path, folder: &Path) -> Result<()> {
    read(command("dpkg-deb", &["--extract"]).arg(package).arg(folder))?;
    let said = read(Command::new(folder.join("usr/bin/posthoc")).arg("--version"))?;
    if !said.starts_with("posthoc ") {
        bail!("the packed binary says {said:?}");
    }
    Ok(())
}
