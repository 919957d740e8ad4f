//! Every resource that a resource file may set, with its default: one table.

/// What a resource's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Markup with variables.
    Markup(&'static str),
    /// Markup that is another resource's as long as it is not set.
    As(Name),
    /// On or off.
    Flag(bool),
    /// One word or line.
    Word(&'static str),
    /// Words between colons, or one on each line.
    Colons(&'static str),
    /// One entry on each line; a later element adds to it, or with `override` takes its place.
    Lines(&'static str),
    /// Perl code: the forms that are known are done natively, others refused.
    Perl,
}

macro_rules! resources {
    ($($name:ident $text:literal $kind:expr;)*) => {
        /// A resource.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Name { $(#[doc = $text] $name),* }

        /// The table, in the order of [`Name`].
        pub(crate) const TABLE: &[(Name, &str, Kind)] = &[$((Name::$name, $text, $kind)),*];
    };
}

use Kind::{As, Colons, Flag, Lines, Markup, Perl, Word};

const PAGE: &str = "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\"\n        \"http://www.w3.org/TR/html4/loose.dtd\">\n<html>\n<head>\n<title>";
const PAGE_END: &str = "</body>\n</html>\n";
const ENTRY: &str = "<li><strong>$SUBJECT$</strong>,\n<em>$FROMNAME$</em>\n";

const MONTHS: &str =
    "January:February:March:April:May:June:July:August:September:October:November:December";

resources! {
    AddressModifyCode "ADDRESSMODIFYCODE" Perl;
    AttachmentUrl "ATTACHMENTURL" Word("");
    AuthorBegin "AUTHORBEGIN" Markup("");
    AuthorEnd "AUTHOREND" Markup("");
    AuthSort "AUTHSORT" Flag(false);
    BotLinks "BOTLINKS" Markup("");
    CharsetAliases "CHARSETALIASES" Lines(include_str!("charset_aliases.txt"));
    CharsetConverters "CHARSETCONVERTERS" Lines("");
    CheckNoArchive "CHECKNOARCHIVE" Flag(false);
    DateFields "DATEFIELDS" Colons("received:date");
    DayBegin "DAYBEGIN" Markup("");
    DayEnd "DAYEND" Markup("");
    DecodeHeads "DECODEHEADS" Flag(false);
    DefCharset "DEFCHARSET" Word("us-ascii");
    Doc "DOC" Flag(true);
    DocUrl "DOCURL" Word("http://www.mhonarc.org/");
    Excs "EXCS" Lines("content-\nerrors-to\nforward\nlines\nmessage-id\nmime-\nnntp-\noriginator\npath\nprecedence\nreceived\nreplied\nreturn-path\nstatus\nvia\nx-\n");
    ExpireAge "EXPIREAGE" Word("0");
    ExpireDate "EXPIREDATE" Word("");
    FieldOrder "FIELDORDER" Lines("to\nsubject\nfrom\ndate\n-extra-\n");
    FieldsBeg "FIELDSBEG" Markup("<ul>\n");
    FieldsEnd "FIELDSEND" Markup("</ul>\n");
    FieldStore "FIELDSTORE" Lines("");
    FieldStyles "FIELDSTYLES" Lines("-default-:\n");
    FirstPgLink "FIRSTPGLINK" Markup("[<a href=\"$PG(FIRST)$\">First Page</a>]");
    FldBeg "FLDBEG" Markup(" ");
    FldEnd "FLDEND" Markup("</li>\n");
    FolRefs "FOLREFS" Flag(true);
    FolUpBegin "FOLUPBEGIN" Markup("<ul><li><strong>Follow-Ups</strong>:\n<ul>\n");
    FolUpEnd "FOLUPEND" Markup("</ul></li></ul>\n");
    FolUpLiTxt "FOLUPLITXT" Markup("<li><strong>$SUBJECT$</strong>\n<ul><li><em>From:</em> $FROM$</li></ul></li>\n");
    FromFields "FROMFIELDS" Colons("from:mail-reply-to:reply-to:return-path:apparently-from:sender:resent-sender");
    GmtDateFmt "GMTDATEFMT" Word("%a %b %d %H:%M:%S GMT %Y");
    GzipLinks "GZIPLINKS" Flag(false);
    HeadBodySep "HEADBODYSEP" Markup("<hr>\n");
    HtmlExt "HTMLEXT" Word("html");
    Icons "ICONS" Lines("");
    IconUrlPrefix "ICONURLPREFIX" Word("");
    IdxFname "IDXFNAME" Word("maillist.html");
    IdxLabel "IDXLABEL" Word("");
    IdxPgBegin "IDXPGBEGIN" Markup("");
    IdxPgEnd "IDXPGEND" Markup(PAGE_END);
    IdxPgSsMarkup "IDXPGSSMARKUP" As(Name::SsMarkup);
    IdxPrefix "IDXPREFIX" Word("mail");
    IdxSize "IDXSIZE" Word("0");
    LabelBeg "LABELBEG" Markup("<li>");
    LabelEnd "LABELEND" Markup(":");
    LabelStyles "LABELSTYLES" Lines("-default-:em\n");
    LastPgLink "LASTPGLINK" Markup("[<a href=\"$PG(LAST)$\">Last Page</a>]");
    ListBegin "LISTBEGIN" Markup("");
    ListEnd "LISTEND" Markup("</ul>\n");
    LiTemplate "LITEMPLATE" Markup("<li><strong>$SUBJECT$</strong>\n<ul><li><em>From</em>: $FROM$</li></ul>\n</li>\n");
    LocalDateFmt "LOCALDATEFMT" Word("%a %b %d %H:%M:%S %Y");
    MailTo "MAILTO" Flag(true);
    MailToUrl "MAILTOURL" Word("mailto:$TO$");
    Main "MAIN" Flag(true);
    MaxSize "MAXSIZE" Word("0");
    MimeAltPrefs "MIMEALTPREFS" Lines("");
    MimeArgs "MIMEARGS" Lines("m2h_external::filter; inline\n");
    MimeExcs "MIMEEXCS" Lines("");
    MimeFilters "MIMEFILTERS" Lines("");
    MimeIncs "MIMEINCS" Lines("");
    ModifyBodyAddresses "MODIFYBODYADDRESSES" Flag(false);
    Months "MONTHS" Colons(MONTHS);
    MonthsAbr "MONTHSABR" Colons("Jan:Feb:Mar:Apr:May:Jun:Jul:Aug:Sep:Oct:Nov:Dec");
    MsgBodyEnd "MSGBODYEND" Markup("<hr>\n");
    MsgExcFilter "MSGEXCFILTER" Perl;
    MsgFoot "MSGFOOT" Markup("");
    MsgGmtDateFmt "MSGGMTDATEFMT" As(Name::GmtDateFmt);
    MsgHead "MSGHEAD" Markup("");
    MsgIdLink "MSGIDLINK" Markup("<a $A_HREF$>$MSGID$</a>");
    MsgLocalDateFmt "MSGLOCALDATEFMT" As(Name::LocalDateFmt);
    MsgPgBegin "MSGPGBEGIN" Markup("");
    MsgPgEnd "MSGPGEND" Markup(PAGE_END);
    MsgPgs "MSGPGS" Flag(true);
    MsgPgSsMarkup "MSGPGSSMARKUP" As(Name::SsMarkup);
    MsgPrefix "MSGPREFIX" Word("msg");
    MultiPg "MULTIPG" Flag(false);
    News "NEWS" Flag(true);
    NewsUrl "NEWSURL" Word("news:$NEWSGROUP$");
    NextButton "NEXTBUTTON" Markup("[<a href=\"$MSG(NEXT)$\">Date Next</a>]");
    NextButtonIa "NEXTBUTTONIA" Markup("[Date Next]");
    NextLink "NEXTLINK" Markup("");
    NextLinkIa "NEXTLINKIA" Markup("");
    NextPgLink "NEXTPGLINK" Markup("[<a href=\"$PG(NEXT)$\">Next Page</a>]");
    NextPgLinkIa "NEXTPGLINKIA" Markup("[Next Page]");
    NoSubjectTxt "NOSUBJECTTXT" Markup("[no subject]");
    Note "NOTE" Markup("$NOTETEXT$");
    NoteIa "NOTEIA" Markup("");
    OtherIndexes "OTHERINDEXES" Lines("");
    PrevButton "PREVBUTTON" Markup("[<a href=\"$MSG(PREV)$\">Date Prev</a>]");
    PrevButtonIa "PREVBUTTONIA" Markup("[Date Prev]");
    PrevLink "PREVLINK" Markup("");
    PrevLinkIa "PREVLINKIA" Markup("");
    PrevPgLink "PREVPGLINK" Markup("[<a href=\"$PG(PREV)$\">Prev Page</a>]");
    PrevPgLinkIa "PREVPGLINKIA" Markup("[Prev Page]");
    PrintXComments "PRINTXCOMMENTS" Flag(true);
    RefsBegin "REFSBEGIN" Markup("<ul><li><strong>References</strong>:\n<ul>\n");
    RefsEnd "REFSEND" Markup("</ul></li></ul>\n");
    RefsLiTxt "REFSLITXT" As(Name::FolUpLiTxt);
    Reverse "REVERSE" Flag(false);
    Sort "SORT" Flag(true);
    SpamMode "SPAMMODE" Flag(false);
    SsMarkup "SSMARKUP" Markup("");
    SubjectArticleRxp "SUBJECTARTICLERXP" Word(r"^(the|a|an)\s+");
    SubjectBegin "SUBJECTBEGIN" Markup("");
    SubjectEnd "SUBJECTEND" Markup("");
    SubjectHeader "SUBJECTHEADER" Markup("<h1>$SUBJECTNA$</h1>\n<hr>\n");
    SubjectReplyRxp "SUBJECTREPLYRXP" Word(r"^\s*(re|sv|fwd|fw)[\[\]\d]*[:>-]+\s*");
    SubjectStripCode "SUBJECTSTRIPCODE" Perl;
    SubjectThreads "SUBJECTTHREADS" Flag(true);
    SubSort "SUBSORT" Flag(false);
    TContBegin "TCONTBEGIN" Markup("<li><strong>$SUBJECTNA$</strong>, <em>(continued)</em>\n");
    TContEnd "TCONTEND" Markup("</li>\n");
    TEndButton "TENDBUTTON" Markup("[<a href=\"$MSG(TEND)$\">Last in Thread</a>]");
    TEndButtonIa "TENDBUTTONIA" Markup("[Last in Thread]");
    TEndLink "TENDLINK" Markup("<li>Last in thread:\n<strong><a href=\"$MSG(TEND)$\">$SUBJECT(TEND)$</a></strong>\n</li>\n");
    TEndLinkIa "TENDLINKIA" Markup("");
    TextEncode "TEXTENCODE" Lines("");
    TFirstPgLink "TFIRSTPGLINK" Markup("[<a href=\"$PG(TFIRST)$\">First Page</a>]");
    TFoot "TFOOT" Markup("</ul>\n");
    THead "THEAD" Markup("");
    Thread "THREAD" Flag(true);
    TIdxFname "TIDXFNAME" Word("threads.html");
    TIdxLabel "TIDXLABEL" Word("Thread Index");
    TIdxPgBegin "TIDXPGBEGIN" Markup("");
    TIdxPgEnd "TIDXPGEND" Markup(PAGE_END);
    TIdxPgSsMarkup "TIDXPGSSMARKUP" As(Name::SsMarkup);
    TIdxPrefix "TIDXPREFIX" Word("thrd");
    TimeZones "TIMEZONES" Lines(include_str!("time_zones.txt"));
    TIndentBegin "TINDENTBEGIN" Markup("<ul>\n");
    TIndentEnd "TINDENTEND" Markup("</ul>\n");
    Title "TITLE" Markup("Mail Index");
    TLastPgLink "TLASTPGLINK" Markup("[<a href=\"$PG(TLAST)$\">Last Page</a>]");
    TLevels "TLEVELS" Word("3");
    TLiEnd "TLIEND" Markup("</li>\n");
    TLiNone "TLINONE" Markup("<li><em>Message not available</em>");
    TLiNoneEnd "TLINONEEND" Markup("</li>\n");
    TLiTxt "TLITXT" Markup(ENTRY);
    TNextButton "TNEXTBUTTON" Markup("[<a href=\"$MSG(TNEXT)$\">Thread Next</a>]");
    TNextButtonIa "TNEXTBUTTONIA" Markup("[Thread Next]");
    TNextInButton "TNEXTINBUTTON" Markup("[<a href=\"$MSG(TNEXTIN)$\">Next in Thread</a>]");
    TNextInButtonIa "TNEXTINBUTTONIA" Markup("[Next in Thread]");
    TNextInLink "TNEXTINLINK" Markup("<li>Next in thread:\n<strong><a href=\"$MSG(TNEXTIN)$\">$SUBJECT(TNEXTIN)$</a></strong>\n</li>\n");
    TNextInLinkIa "TNEXTINLINKIA" Markup("");
    TNextLink "TNEXTLINK" Markup("<li>Next by thread:\n<strong><a href=\"$MSG(TNEXT)$\">$SUBJECT(TNEXT)$</a></strong>\n</li>\n");
    TNextLinkIa "TNEXTLINKIA" Markup("");
    TNextPgLink "TNEXTPGLINK" Markup("[<a href=\"$PG(TNEXT)$\">Next Page</a>]");
    TNextPgLinkIa "TNEXTPGLINKIA" Markup("[Next Page]");
    TNextTopButton "TNEXTTOPBUTTON" Markup("[<a href=\"$MSG(TNEXTTOP)$\">Next Thread</a>]");
    TNextTopButtonIa "TNEXTTOPBUTTONIA" Markup("[Next Thread]");
    TNextTopLink "TNEXTTOPLINK" Markup("<li>Next thread:\n<strong><a href=\"$MSG(TNEXTTOP)$\">$SUBJECT(TNEXTTOP)$</a></strong>\n</li>\n");
    TNextTopLinkIa "TNEXTTOPLINKIA" Markup("");
    TopLinks "TOPLINKS" Markup("");
    TPrevButton "TPREVBUTTON" Markup("[<a href=\"$MSG(TPREV)$\">Thread Prev</a>]");
    TPrevButtonIa "TPREVBUTTONIA" Markup("[Thread Prev]");
    TPrevInButton "TPREVINBUTTON" Markup("[<a href=\"$MSG(TPREVIN)$\">Prev in Thread</a>]");
    TPrevInButtonIa "TPREVINBUTTONIA" Markup("[Prev in Thread]");
    TPrevInLink "TPREVINLINK" Markup("<li>Previous in thread:\n<strong><a href=\"$MSG(TPREVIN)$\">$SUBJECT(TPREVIN)$</a></strong>\n</li>\n");
    TPrevInLinkIa "TPREVINLINKIA" Markup("");
    TPrevLink "TPREVLINK" Markup("<li>Previous by thread:\n<strong><a href=\"$MSG(TPREV)$\">$SUBJECT(TPREV)$</a></strong>\n</li>\n");
    TPrevLinkIa "TPREVLINKIA" Markup("");
    TPrevPgLink "TPREVPGLINK" Markup("[<a href=\"$PG(TPREV)$\">Prev Page</a>]");
    TPrevPgLinkIa "TPREVPGLINKIA" Markup("[Prev Page]");
    TPrevTopButton "TPREVTOPBUTTON" Markup("[<a href=\"$MSG(TPREVTOP)$\">Prev Thread</a>]");
    TPrevTopButtonIa "TPREVTOPBUTTONIA" Markup("[Prev Thread]");
    TPrevTopLink "TPREVTOPLINK" Markup("<li>Previous thread:\n<strong><a href=\"$MSG(TPREVTOP)$\">$SUBJECT(TPREVTOP)$</a></strong>\n</li>\n");
    TPrevTopLinkIa "TPREVTOPLINKIA" Markup("");
    TReverse "TREVERSE" Flag(false);
    TSingleTxt "TSINGLETXT" Markup("<li><strong>$SUBJECT$</strong>,\n<em>$FROMNAME$</em></li>\n");
    TSlice "TSLICE" Colons("0:4:0");
    TSliceBeg "TSLICEBEG" Markup("<blockquote><ul>\n");
    TSliceContBeg "TSLICECONTBEG" As(Name::TContBegin);
    TSliceContEnd "TSLICECONTEND" As(Name::TContEnd);
    TSliceEnd "TSLICEEND" Markup("</ul></blockquote>\n");
    TSliceIndentBeg "TSLICEINDENTBEG" As(Name::TIndentBegin);
    TSliceIndentEnd "TSLICEINDENTEND" As(Name::TIndentEnd);
    TSliceLevels "TSLICELEVELS" As(Name::TLevels);
    TSliceLiEnd "TSLICELIEND" As(Name::TLiEnd);
    TSliceLiEndCur "TSLICELIENDCUR" As(Name::TSliceLiEnd);
    TSliceLiNone "TSLICELINONE" As(Name::TLiNone);
    TSliceLiNoneEnd "TSLICELINONEEND" As(Name::TLiNoneEnd);
    TSliceLiTxt "TSLICELITXT" As(Name::TLiTxt);
    TSliceLiTxtCur "TSLICELITXTCUR" As(Name::TSliceLiTxt);
    TSliceSingleTxt "TSLICESINGLETXT" As(Name::TSingleTxt);
    TSliceSingleTxtCur "TSLICESINGLETXTCUR" As(Name::TSliceSingleTxt);
    TSliceSubjectBeg "TSLICESUBJECTBEG" As(Name::TSubjectBeg);
    TSliceSubjectEnd "TSLICESUBJECTEND" As(Name::TSubjectEnd);
    TSliceSubListBeg "TSLICESUBLISTBEG" As(Name::TSubListBeg);
    TSliceSubListEnd "TSLICESUBLISTEND" As(Name::TSubListEnd);
    TSliceTopBegin "TSLICETOPBEGIN" As(Name::TTopBegin);
    TSliceTopBeginCur "TSLICETOPBEGINCUR" As(Name::TSliceTopBegin);
    TSliceTopEnd "TSLICETOPEND" As(Name::TTopEnd);
    TSliceTopEndCur "TSLICETOPENDCUR" As(Name::TSliceTopEnd);
    TSort "TSORT" Flag(true);
    TSubjectBeg "TSUBJECTBEG" Markup("<li>&lt;Possible follow-ups&gt;</li>\n");
    TSubjectEnd "TSUBJECTEND" Markup(" ");
    TSubListBeg "TSUBLISTBEG" Markup("<ul>\n");
    TSubListEnd "TSUBLISTEND" Markup("</ul>\n");
    TSubSort "TSUBSORT" Flag(false);
    TTitle "TTITLE" Markup("Mail Thread Index");
    TTopBegin "TTOPBEGIN" Markup(ENTRY);
    TTopButton "TTOPBUTTON" Markup("[<a href=\"$MSG(TTOP)$\">First in Thread</a>]");
    TTopButtonIa "TTOPBUTTONIA" Markup("[First in Thread]");
    TTopEnd "TTOPEND" Markup("</li>\n");
    TTopLink "TTOPLINK" Markup("<li>First in thread:\n<strong><a href=\"$MSG(TTOP)$\">$SUBJECT(TTOP)$</a></strong>\n</li>\n");
    TTopLinkIa "TTOPLINKIA" Markup("");
    UseLocalTime "USELOCALTIME" Flag(false);
    Weekdays "WEEKDAYS" Colons("Sunday:Monday:Tuesday:Wednesday:Thursday:Friday:Saturday");
    WeekdaysAbr "WEEKDAYSABR" Colons("Sun:Mon:Tue:Wed:Thu:Fri:Sat");
}

impl Name {
    /// Every resource, in the order of the table.
    pub(crate) fn all() -> impl Iterator<Item = Name> {
        TABLE.iter().map(|entry| entry.0)
    }

    /// The resource of an element's name, which is upper case.
    pub(crate) fn of_element(name: &str) -> Option<Name> {
        named(name)
    }

    /// Whether it is code.
    pub(crate) fn is_perl(self) -> bool {
        matches!(TABLE[self as usize].2, Perl)
    }

    /// Whether an empty value is one: of a word it is none, and markup that stands above every page is another's
    /// then.
    pub(crate) fn may_be_empty(self) -> bool {
        let mut kind = TABLE[self as usize].2;
        if kind == As(Name::SsMarkup) {
            return false;
        }
        while let As(other) = kind {
            kind = TABLE[other as usize].2;
        }
        matches!(kind, Markup(_) | Kind::Flag(_))
    }

    /// As the manual writes it.
    pub fn text(self) -> &'static str {
        TABLE[self as usize].1
    }
}

/// What opens a page up to its title; the rest depends on settings.
pub(crate) const fn page_opening() -> &'static str {
    PAGE
}

/// Elements that are known and say nothing about pages: where files lie, how they are locked and
/// written, what the command line does.
pub(crate) const ELSEWHERE: &[&str] = &[
    "ARCHIVE",
    "CONLEN",
    "DBFILEPERMS",
    "FASTTEMPFILES",
    "FILEPERMS",
    "FOLLOWSYMLINKS",
    "GZIPEXE",
    "GZIPFILES",
    "KEEPONRMM",
    "LOCKMETHOD",
    "MHPATTERN",
    "MODTIME",
    "MSGSEP",
    "NOTEDIR",
    "PERLINC",
    "RECONVERT",
    "SAVERESOURCES",
    "TEXTCLIPFUNC",
    "UMASK",
    "USINGLASTPG",
];

/// Elements that would change pages and are not done: each is refused by name where it is set.
/// What to use in its place stands beside it.
pub(crate) const NOT_DONE: &[(&str, &str)] = &[
    (
        "ATTACHMENTDIR",
        "ATTACHMENTURL, which says where links lead; the files lie beside the pages",
    ),
    ("LANG", "MONTHS, WEEKDAYS and DEFCHARSET"),
    ("MIMEDECODERS", "the decoders that are built in"),
    (
        "POSIXSTRFTIME",
        "the formats of dates that MHonArc itself has",
    ),
    ("VARREGEX", "variables between dollars"),
];

/// What to use in place of a resource that is not done.
pub(crate) fn instead_of(name: &str) -> Option<&'static str> {
    let found = NOT_DONE
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, instead)| *instead)
}

/// The resource of an element's name, which is upper case.
pub(crate) fn named(text: &str) -> Option<Name> {
    // Many elements that begin something have a short name and a long one; two are historical.
    let text = match text {
        "TLINONEBEG" => "TLINONE",
        "FIELDSTYLE" => "FIELDSTYLES",
        text => text,
    };
    let other = match text.strip_suffix("CUR") {
        Some(stem) => other_ending(stem).map(|other| other + "CUR"),
        None => other_ending(text),
    };
    TABLE
        .iter()
        .find(|entry| entry.1 == text || other.as_deref() == Some(entry.1))
        .map(|entry| entry.0)
}

fn other_ending(text: &str) -> Option<String> {
    match text.strip_suffix("BEGIN") {
        Some(stem) => Some(format!("{stem}BEG")),
        None => text.strip_suffix("BEG").map(|stem| format!("{stem}BEGIN")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_names() {
        for (at, (name, text, _)) in TABLE.iter().enumerate() {
            assert_eq!(*name as usize, at);
            assert_eq!(named(text), Some(*name));
        }
    }
}
