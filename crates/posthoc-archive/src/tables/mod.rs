//! What the catalog's rows mean. Stands once, above every backend.
//!
//! A key is one letter, the list's number, then fields whose bytes sort as the rows are read:
//!
//! | key | value | what for |
//! | --- | --- | --- |
//! | `L` list | [`ListRow`] | a list's facts and counts |
//! | `N` name | list | a list by name |
//! | `m` list number | [`MailRow`] | a mail |
//! | `k` key list number | - | a mail by its public name |
//! | `i` list id-key number | - | mails that bear a Message-ID |
//! | `h` bytes-hash list seq | number | stored bytes, to find duplicates |
//! | `y` list number seq | - | records that are copies of a mail |
//! | `n` list node-key | [`NodeRow`] | the forest's nodes |
//! | `c` list parent child | - | the forest's wishes |
//! | `u` list thread number | - | a thread's mails by arrival |
//! | `a` list thread key | - | names that a thread had before a merge |
//! | `O` former name | list number | names that lists had and no other has taken |
//! | `v` list volume | [`VolumeRow`] | a volume's counts |
//! | `d` list volume day date content number | - | mails by date |
//! | `r` list received content number | - | mails by received time |
//! | `w` list volume thread date content number | - | a thread's mails in a volume |
//! | `x` list volume day date content thread | - | a volume's threads by their first mail there |
//! | `s` `o` list volume key day date content number | - | mails by subject and by author |
//! | `p` list author-hash version parts date content number | part | parts of a patch series |
//! | `G` list author-and-title-hash version date content number | - | versions of a patch |
//! | `M` list id-key mail-key number | - | mails that mention a Message-ID |
//! | `q` list volume kind prefix | count | how a long index is cut |
//! | `F` list number | [`FilesRow`] | a mail's files, as each mask shows them |
//! | `f` list file-key name number | - | which mails have a file |
//! | `g` list volume day date content number | - | mails that have files, by date |
//! | `W` list author-hash number | - | an address's shown mails by arrival |
//! | `D` list author-hash | count | how many they are |
//! | `Y` list not-count author-hash | - | addresses with two and more, most first |
//! | `C` list thread | count | a thread's shown mails |
//! | `l` list not-count thread | - | threads of two and more, longest first |
//! | `J` list kind n | count | mails by hour, threads by month, addresses |
//! | `z` list seq number | - | mails whose thread changed with that record |
//! | `b` list number | [`AliasRow`] | a number that leads to a mail which stands under another |
//! | `B` list volume number | - | those of a volume |
//! | `S` source | [`SourceRow`] | a source |
//! | `P` list path-hash seq | - | sources by list and path |
//! | `Q` seq | - | quarantined bytes, and held mails |
//! | `H` id-key list seq | - | held mails, by their Message-ID |
//! | `T` list number | seq | mails that are taken down |
//! | `t` id-key list content | [`ClosedRow`] | what is hidden when it comes: on one list or all, of one content or any |
//! | `e` list number | - | mails that a removal or redaction ever concerned |
//! | `R` list number seq | [`RedactionRow`] | redactions that hold |
//! | `A` seq | - | removals and redactions, for the audit log |
//!
//! Mails of one second stand by their content, not by their number, which follows the order of arrival:
//! so that pages do not depend on that order.

mod cut;
pub(crate) mod keys;
mod overlay;
mod people;
pub(crate) mod read;
mod rows;
mod series;

pub(crate) use cut::{CUT_ABOVE, index_key, prefixes};
pub(crate) use overlay::{Overlay, Rows};
pub(crate) use people::{Counted, author_key, is_somebodys};
pub(crate) use rows::{
    AliasRow, ClosedRow, FileRow, FilesRow, ListRow, MailRow, NodeRow, RedactionRow, SourceRow,
    VolumeRow,
};
pub(crate) use series::{MENTIONING, PartRow};

/// Version of these tables; a catalog of another version is derived again.
pub(crate) const VERSION: u32 = 11;
