//! `$TSLICE$`: the neighbourhood of a mail in the thread index.

use super::thread_index::{Tree, TreeNames};
use crate::archive::Site;
use crate::expand::Scope;
use crate::resources::Name;

const NAMES: TreeNames = TreeNames {
    single: [Name::TSliceSingleTxt, Name::TSliceSingleTxtCur],
    top_begin: [Name::TSliceTopBegin, Name::TSliceTopBeginCur],
    top_end: [Name::TSliceTopEnd, Name::TSliceTopEndCur],
    entry: [Name::TSliceLiTxt, Name::TSliceLiTxtCur],
    entry_end: [Name::TSliceLiEnd, Name::TSliceLiEndCur],
    none: Name::TSliceLiNone,
    none_end: Name::TSliceLiNoneEnd,
    list_begin: Name::TSliceSubListBeg,
    list_end: Name::TSliceSubListEnd,
    subject_begin: Name::TSliceSubjectBeg,
    subject_end: Name::TSliceSubjectEnd,
    cont_begin: Name::TSliceContBeg,
    cont_end: Name::TSliceContEnd,
    indent_begin: Name::TSliceIndentBeg,
    indent_end: Name::TSliceIndentEnd,
    levels: Name::TSliceLevels,
};

/// Every resource of a slice that is seen from the mails in it.
pub(crate) const MARKUP: [Name; 20] = [
    NAMES.single[0],
    NAMES.single[1],
    NAMES.top_begin[0],
    NAMES.top_begin[1],
    NAMES.top_end[0],
    NAMES.top_end[1],
    NAMES.entry[0],
    NAMES.entry[1],
    NAMES.entry_end[0],
    NAMES.entry_end[1],
    NAMES.none,
    NAMES.none_end,
    NAMES.list_begin,
    NAMES.list_end,
    NAMES.subject_begin,
    NAMES.subject_end,
    NAMES.cont_begin,
    NAMES.cont_end,
    NAMES.indent_begin,
    NAMES.indent_end,
];

impl Scope<'_> {
    /// `$TSLICE(before;after;inclusive)$`
    pub(crate) fn push_slice(&self, argument: &str, out: &mut Vec<u8>) {
        let Some(at) = self.mail.filter(|_| self.depth == 0) else {
            return;
        };
        let listed = self.site.slice(at, argument);
        self.push(Name::TSliceBeg, out);
        let tree = Tree {
            listed,
            names: &NAMES,
            current: Some(at),
            sheet: self.sheet,
        };
        let nodes = &self.site.forest.nodes;
        self.site.push_tree(&tree, &|at| nodes[at].place, out);
        self.push(Name::TSliceEnd, out);
    }
}

impl Site<'_> {
    /// The mails of a slice.
    pub(crate) fn slice(&self, at: usize, argument: &str) -> &[usize] {
        let set = self.archive.resources.colons(Name::TSlice);
        let given: Vec<&str> = argument.split(';').collect();
        let value = |place: usize| {
            let own = given
                .get(place)
                .map(|text| text.trim())
                .filter(|text| !text.is_empty());
            let text = own.or(set.get(place).map(String::as_str)).unwrap_or("0");
            text.parse::<usize>().unwrap_or(0)
        };
        let forest = &self.forest;
        let (place, root) = (forest.nodes[at].place, forest.nodes[at].root);
        let inside = |other: &usize| value(2) == 0 || forest.nodes[*other].root == root;
        let before = forest.order[..place]
            .iter()
            .rev()
            .take(value(0))
            .take_while(|at| inside(at))
            .count();
        let after = forest.order[place + 1..]
            .iter()
            .take(value(1))
            .take_while(|at| inside(at))
            .count();
        &forest.order[place - before..=place + after]
    }
}
