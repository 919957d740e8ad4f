//! Which file systems are refused: those where locks, memory maps or renames may not be seen by all.

use crate::dir::io_error;
use posthoc_store::{Result, StoreError};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// `f_type` of statfs(2), and the name to print; from the kernel's and the file systems' headers.
const NETWORK: &[(u64, &str)] = &[
    (0x6969, "nfs"),
    (0x517b, "smb"),
    (0xff53_4d42, "cifs"),
    (0xfe53_4d42, "smb2"),
    (0x0102_1997, "9p"),
    (0x5346_414f, "afs"),
    (0x6b41_4653, "afs"),
    (0x7375_7245, "coda"),
    (0x564c, "ncp"),
    (0x00c3_6400, "ceph"),
    (0x0bd0_0bd0, "lustre"),
    (0x4750_4653, "gpfs"),
    (0x1983_0326, "beegfs"),
    (0x0116_1970, "gfs2"),
    (0x7461_636f, "ocfs2"),
    (0x786f_4256, "vboxsf"),
];
const FUSE: u64 = 0x6573_5546;
/// Network file systems that come through FUSE, as the mount table names them after `fuse.`.
const FUSE_NETWORK: &[&str] = &[
    "sshfs",
    "s3fs",
    "rclone",
    "glusterfs",
    "ceph",
    "davfs",
    "curlftpfs",
    "goofys",
    "gcsfuse",
    "juicefs",
    "smbnetfs",
    "nfs",
    "mount-s3",
    "blobfuse2",
    "moosefs",
    "mfs",
    "lizardfs",
    "seaweedfs",
];

/// Refuses a folder on a network file system.
pub(crate) fn refuse_network(dir: &Path) -> Result<()> {
    let stat = rustix::fs::statfs(dir).map_err(|e| io_error("open", dir)(e.into()))?;
    // The field's type differs between targets; the constants have at most 32 bits.
    let f_type = stat.f_type as u64 & 0xffff_ffff;
    let mount = if f_type == FUSE {
        mount_type(dir).unwrap_or_default()
    } else {
        String::new()
    };
    match network_kind(f_type, &mount) {
        Some(kind) => Err(StoreError::NetworkFs {
            path: dir.to_owned(),
            kind: kind.to_owned(),
        }),
        None => Ok(()),
    }
}

/// The name of a network file system; `None` for a local one. `mount` is the mount table's type,
/// looked at for FUSE only.
fn network_kind(f_type: u64, mount: &str) -> Option<&'static str> {
    if f_type == FUSE {
        let name = mount.strip_prefix("fuse.")?;
        return FUSE_NETWORK.iter().find(|known| **known == name).copied();
    }
    NETWORK
        .iter()
        .find(|(known, _)| *known == f_type)
        .map(|(_, name)| *name)
}

/// The type of the mount that holds `dir`, by its device in `/proc/self/mountinfo` (proc(5)).
fn mount_type(dir: &Path) -> Option<String> {
    let dev = fs::metadata(dir).ok()?.dev();
    let device = format!("{}:{}", rustix::fs::major(dev), rustix::fs::minor(dev));
    let table = fs::read_to_string("/proc/self/mountinfo").ok()?;
    let line = table
        .lines()
        .find(|line| line.split(' ').nth(2) == Some(&device))?;
    line.split_once(" - ")?
        .1
        .split(' ')
        .next()
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_file_systems_by_type() {
        let cases = [
            (0xef53, "", None),
            (0x5846_5342, "", None),
            (0x9123_683e, "", None),
            (0x0102_1994, "", None),
            (0x2fc1_2fc1, "", None),
            (0x794c_7630, "", None),
            (0x6969, "", Some("nfs")),
            (0xff53_4d42, "", Some("cifs")),
            (0x0102_1997, "", Some("9p")),
            (0x00c3_6400, "", Some("ceph")),
            (FUSE, "fuse.sshfs", Some("sshfs")),
            (FUSE, "fuse.gocryptfs", None),
            (FUSE, "virtiofs", None),
            (FUSE, "", None),
        ];
        for (f_type, mount, kind) in cases {
            assert_eq!(network_kind(f_type, mount), kind, "{f_type:#x} {mount}");
        }
    }
}
