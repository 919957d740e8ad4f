//! A mail as it came: ground state.

/// How an mbox marks lines of a body that begin with `From ` (an arrival fact of each mail).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Not from an mbox: nothing was quoted.
    #[default]
    None,
    /// `>From ` stands for `From `; a real `>From ` cannot be told apart.
    Mboxo,
    /// Each `>*From ` line got one more `>`.
    Mboxrd,
    /// `Content-Length` tells the length and `From ` is quoted as well.
    Mboxcl,
    /// `Content-Length` tells the length; nothing is quoted.
    Mboxcl2,
}

/// Bytes as received plus the facts of their arrival; never changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawMessage {
    /// The bytes between separators as they lie in the source, still quoted.
    pub bytes: Vec<u8>,
    /// How its `From ` lines are quoted.
    pub dialect: Dialect,
    /// The mbox From_ line without its line end.
    pub from_line: Option<Vec<u8>>,
    /// Byte offset of `bytes` in the decompressed source (in its file, for a folder).
    pub offset: u64,
    /// The file within a source that is a folder, relative, lossy UTF-8.
    pub file: Option<String>,
    /// Whether nothing followed it in the source when it was read: it may still have been growing.
    pub last: bool,
}
