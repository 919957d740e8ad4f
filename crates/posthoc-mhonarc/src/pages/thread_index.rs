//! The thread index.

use super::{ABOUT, Sheet, push_credit, push_program};
use crate::archive::Site;
use crate::expand::Scope;
use crate::resources::Name;

/// The markup of a tree of mails: the thread index's own, or that of a slice.
pub(super) struct TreeNames {
    pub(super) single: [Name; 2],
    pub(super) top_begin: [Name; 2],
    pub(super) top_end: [Name; 2],
    pub(super) entry: [Name; 2],
    pub(super) entry_end: [Name; 2],
    pub(super) none: Name,
    pub(super) none_end: Name,
    pub(super) list_begin: Name,
    pub(super) list_end: Name,
    pub(super) subject_begin: Name,
    pub(super) subject_end: Name,
    pub(super) cont_begin: Name,
    pub(super) cont_end: Name,
    pub(super) indent_begin: Name,
    pub(super) indent_end: Name,
    pub(super) levels: Name,
}

/// The thread index's.
const NAMES: TreeNames = TreeNames {
    single: [Name::TSingleTxt; 2],
    top_begin: [Name::TTopBegin; 2],
    top_end: [Name::TTopEnd; 2],
    entry: [Name::TLiTxt; 2],
    entry_end: [Name::TLiEnd; 2],
    none: Name::TLiNone,
    none_end: Name::TLiNoneEnd,
    list_begin: Name::TSubListBeg,
    list_end: Name::TSubListEnd,
    subject_begin: Name::TSubjectBeg,
    subject_end: Name::TSubjectEnd,
    cont_begin: Name::TContBegin,
    cont_end: Name::TContEnd,
    indent_begin: Name::TIndentBegin,
    indent_end: Name::TIndentEnd,
    levels: Name::TLevels,
};

/// A run of mails that stand next to each other in an order, and how they are written.
pub(super) struct Tree<'a> {
    pub(super) listed: &'a [usize],
    pub(super) names: &'a TreeNames,
    /// The mail on whose page it stands.
    pub(super) current: Option<usize>,
    pub(super) sheet: Option<&'a Sheet>,
}

/// What is still to be written of a tree, in reverse.
enum Step {
    Mail { at: usize, level: usize },
    Markup { name: Name, at: usize },
}

impl Site<'_> {
    pub(super) fn thread_page(&self, sheet: &Sheet) -> Vec<u8> {
        let mut out = Vec::with_capacity(sheet.listed * ABOUT);
        let scope = self.index_scope(None, sheet);
        scope.push(Name::TIdxPgSsMarkup, &mut out);
        push_program(&mut out);
        scope.push(Name::TIdxPgBegin, &mut out);
        scope.push(Name::THead, &mut out);
        let range = self.sheet_range(sheet);
        let listed = &self.forest.listed[range];
        let tree = Tree {
            listed,
            names: &NAMES,
            current: None,
            sheet: Some(sheet),
        };
        self.push_tree(&tree, &|at| self.forest.nodes[at].listed, &mut out);
        scope.push(Name::TFoot, &mut out);
        push_credit(self.archive, &mut out);
        scope.push(Name::TIdxPgEnd, &mut out);
        push_program(&mut out);
        out
    }

    /// Writes the trees that begin in a run of an order; `place` is that of a mail in the order.
    pub(super) fn push_tree(
        &self,
        tree: &Tree<'_>,
        place: &dyn Fn(usize) -> usize,
        out: &mut Vec<u8>,
    ) {
        let Tree { listed, names, .. } = *tree;
        let start = listed.first().map_or(0, |at| place(*at));
        // Where a mail stands in the run, if it does.
        let within = |at: usize| {
            let at = place(at).checked_sub(start)?;
            (at < listed.len()).then_some(at)
        };
        let mut done = vec![false; listed.len()];
        let scope = |at: usize| Scope::of(self, Some(at), tree.sheet);
        let none = Scope::of(self, None, tree.sheet);
        let most = self.archive.resources.number(names.levels);
        let indent = |name: Name, level: usize, out: &mut Vec<u8>| {
            if level <= most {
                none.push(name, out);
            }
        };
        // Levels that are open of a thread which began before.
        let mut open = listed.first().map_or(0, |at| self.forest.nodes[*at].level);
        if let (Some(at), true) = (listed.first(), open > 0) {
            scope(*at).push(names.cont_begin, out);
            (1..=open).for_each(|level| indent(names.indent_begin, level, out));
        }
        let close = |from: usize, to: usize, out: &mut Vec<u8>| {
            (to + 1..=from)
                .rev()
                .for_each(|level| indent(names.indent_end, level, out));
            if from > 0 && to == 0 {
                none.push(names.cont_end, out);
            }
        };
        for (nth, at) in listed.iter().enumerate() {
            let level = self.forest.nodes[*at].level;
            if level < open {
                close(open, level, out);
                open = level;
            }
            if done[nth] {
                continue;
            }
            let mut waiting = vec![Step::Mail {
                at: *at,
                level: open,
            }];
            while let Some(step) = waiting.pop() {
                match step {
                    Step::Markup { name, at } => scope(at).push(name, out),
                    Step::Mail { at, level } => {
                        if let Some(nth) = within(at) {
                            done[nth] = true;
                        }
                        let mut steps = self.steps(at, level, tree, &within);
                        steps.reverse();
                        waiting.append(&mut steps);
                    }
                }
            }
        }
        close(open, 0, out);
    }

    /// What one mail of a tree is written as.
    fn steps(
        &self,
        at: usize,
        level: usize,
        tree: &Tree<'_>,
        within: &dyn Fn(usize) -> Option<usize>,
    ) -> Vec<Step> {
        let names = tree.names;
        let node = &self.forest.nodes[at];
        let own = usize::from(tree.current == Some(at));
        let markup = |name: Name| Step::Markup { name, at };
        let replies: Vec<usize> = node
            .replies
            .iter()
            .filter(|at| within(**at).is_some())
            .copied()
            .collect();
        let by_subject: Vec<usize> = node
            .subject_replies
            .iter()
            .filter(|at| within(**at).is_some())
            .copied()
            .collect();
        let alone = replies.is_empty() && by_subject.is_empty();
        if level == 0 && node.replies.is_empty() && node.subject_replies.is_empty() {
            return vec![markup(names.single[own])];
        }
        let most = self.archive.resources.number(names.levels);
        let mut steps = Vec::new();
        // Mails that are not there stand between a mail and the one that it answers.
        let missing = if level == 0 || node.by_subject {
            0
        } else {
            node.missing
        };
        let mut depth = level;
        for _ in 0..missing {
            steps.push(markup(names.none));
            if depth < most {
                steps.push(markup(names.list_begin));
            }
            depth += 1;
        }
        steps.push(markup(if level == 0 {
            names.top_begin[own]
        } else {
            names.entry[own]
        }));
        let end = if level == 0 {
            names.top_end[own]
        } else {
            names.entry_end[own]
        };
        // Below the deepest level of the index answers stand beside what they answer.
        let slice = tree.current.is_some();
        let flat = !slice && level > 0 && depth + usize::from(!alone) > most;
        if flat {
            steps.push(markup(end));
        }
        let mut list = |answers: &[usize], more: &[usize]| {
            let answer = |at: &usize| Step::Mail {
                at: *at,
                level: depth + 1,
            };
            if depth < most {
                steps.push(markup(names.list_begin));
            }
            steps.extend(answers.iter().map(answer));
            if !more.is_empty() {
                steps.push(markup(names.subject_begin));
                steps.extend(more.iter().map(answer));
                steps.push(markup(names.subject_end));
            }
            if depth < most {
                steps.push(markup(names.list_end));
            }
        };
        match (replies.is_empty(), by_subject.is_empty()) {
            (true, true) => {}
            // Answers that only the subject tells have a list of their own in a slice.
            (false, false) if slice => {
                list(&replies, &[]);
                list(&[], &by_subject);
            }
            _ => list(&replies, &by_subject),
        }
        for _ in 0..missing {
            depth -= 1;
            if depth < most {
                steps.push(markup(names.list_end));
            }
            steps.push(markup(names.none_end));
        }
        if !flat {
            steps.push(markup(end));
        }
        steps
    }
}
