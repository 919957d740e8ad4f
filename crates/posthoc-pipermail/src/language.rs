//! The languages that pages are written in: Mailman's words where programs read them, our own where
//! only people do.

use crate::charset::Charset;
use posthoc_core::route::Volume;
use posthoc_core::text::TimeZone;
use std::fmt::Write;

/// A language of Mailman for which there are templates here, with the charset of its pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// `en`, us-ascii
    #[default]
    English,
    /// `fr`, iso-8859-1
    French,
    /// `cs`, iso-8859-2
    Czech,
    /// `es`, iso-8859-1
    Spanish,
}

/// The words of a language.
pub(crate) struct Words {
    pub(crate) charset: &'static str,
    pub(crate) months: [&'static str; 12],
    /// Months and days (Monday first) as dates have them.
    pub(crate) short_months: [&'static str; 12],
    pub(crate) days: [&'static str; 7],
    /// The month stands before the day.
    pub(crate) month_first: bool,
    /// Between the two parts of a masked address.
    pub(crate) at: &'static str,
    pub(crate) no_subject: &'static str,
    pub(crate) previous: &'static str,
    pub(crate) next: &'static str,
    /// In brackets, of the four indexes: thread, subject, author, date.
    pub(crate) indexes: [&'static str; 4],
    /// In titles of the four indexes.
    pub(crate) kinds: [&'static str; 4],
    pub(crate) text: &'static str,
    pub(crate) gzip: &'static str,
    pub(crate) bytes: &'static str,
    pub(crate) kilobytes: &'static str,
    pub(crate) megabytes: &'static str,
    pub(crate) no_size: &'static str,
    pub(crate) quarters: [&'static str; 4],
    pub(crate) quarter: &'static str,
    /// Before the Monday that a week begins with.
    pub(crate) week: &'static str,
    pub(crate) notes: Notes,
}

/// What the scrubber writes in the place of what it takes out.
pub(crate) struct Notes {
    pub(crate) separator: &'static str,
    pub(crate) html: &'static str,
    pub(crate) html_removed: &'static str,
    pub(crate) text: &'static str,
    pub(crate) message: &'static str,
    pub(crate) other: &'static str,
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) size: &'static str,
    pub(crate) bytes: &'static str,
    pub(crate) description: &'static str,
    pub(crate) from: &'static str,
    pub(crate) subject: &'static str,
    pub(crate) date: &'static str,
    pub(crate) not_available: &'static str,
    pub(crate) no_subject: &'static str,
    pub(crate) no_date: &'static str,
    pub(crate) unknown_sender: &'static str,
}

impl Language {
    /// By Mailman's code (`fr`); none for a language that has no templates here.
    pub fn named(code: &str) -> Option<Self> {
        Some(match code {
            "en" => Language::English,
            "fr" => Language::French,
            "cs" => Language::Czech,
            "es" => Language::Spanish,
            _ => return None,
        })
    }

    /// Text in its charset.
    pub(crate) fn decoded(self, bytes: &[u8]) -> String {
        self.charset().decode(bytes).into_owned()
    }

    /// The charset of pages in it, as they name it.
    pub fn charset_name(self) -> &'static str {
        self.words().charset
    }

    /// Mailman's code.
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::French => "fr",
            Language::Czech => "cs",
            Language::Spanish => "es",
        }
    }

    pub(crate) fn charset(self) -> Charset {
        Charset::named(self.words().charset).unwrap_or(Charset::Ascii)
    }

    pub(crate) fn words(self) -> &'static Words {
        match self {
            Language::English => &ENGLISH,
            Language::French => &FRENCH,
            Language::Czech => &CZECH,
            Language::Spanish => &SPANISH,
        }
    }

    /// A volume's name in words.
    pub(crate) fn label(self, volume: &Volume) -> String {
        let words = self.words();
        let name = volume.as_str();
        let start = volume.start();
        let (year, month) = (start / 10_000, start / 100 % 100);
        let month = words.months[(month.max(1) as usize - 1) % 12];
        let day = format!("{} {month} {year}", start % 100);
        match name.len() {
            4 => name.to_owned(),
            8 if name.bytes().all(|byte| byte.is_ascii_digit()) => day,
            _ if name.starts_with("Week") => format!("{} {day}", words.week),
            6 if name.contains('q') => {
                let quarter = words.quarters[(start / 100 % 100 / 3) as usize % 4];
                format!("{quarter} {} {year}", words.quarter)
            }
            _ => format!("{month} {year}"),
        }
    }

    /// A date as pages tell it, with its zone: `Mon Dec 13 07:09:58 UTC 2004`.
    pub(crate) fn date(self, unix: i64, zone: &TimeZone) -> String {
        let (stamp, zone) = (zone.stamp(unix), zone.abbreviation(unix));
        let words = self.words();
        let day = words.days[usize::from(stamp.weekday) % 7];
        let month = words.short_months[usize::from(stamp.month - 1) % 12];
        let mut out = String::new();
        let number = stamp.day;
        let begun = if words.month_first {
            write!(out, "{day} {month} {number:2}")
        } else {
            write!(out, "{day} {number:2} {month} ")
        };
        let time = (stamp.hour, stamp.minute, stamp.second);
        let written = begun.and_then(|()| {
            write!(
                out,
                " {:02}:{:02}:{:02} {} {:04}",
                time.0, time.1, time.2, zone, stamp.year
            )
        });
        debug_assert!(written.is_ok(), "a string takes everything");
        out
    }
}

const ENGLISH_MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

static ENGLISH: Words = Words {
    charset: "us-ascii",
    months: posthoc_core::text::MONTHS,
    short_months: ENGLISH_MONTHS,
    days: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    month_first: true,
    at: " at ",
    no_subject: "No subject",
    previous: "Previous message:",
    next: "Next message:",
    indexes: ["thread", "subject", "author", "date"],
    kinds: ["thread", "subject", "author", "date"],
    text: "[ Text %(size)s ]",
    gzip: "[ Gzip'd Text %(size)s ]",
    bytes: "bytes",
    kilobytes: "KB",
    megabytes: "MB",
    no_size: "size not available",
    quarters: ["First", "Second", "Third", "Fourth"],
    quarter: "quarter",
    week: "The Week Of Monday",
    notes: Notes {
        separator: "-------------- next part --------------",
        html: "An HTML attachment was scrubbed...",
        html_removed: "HTML attachment scrubbed and removed",
        text: "An embedded and charset-unspecified text was scrubbed...",
        message: "An embedded message was scrubbed...",
        other: "A non-text attachment was scrubbed...",
        name: "Name:",
        kind: "Type:",
        size: "Size:",
        bytes: "bytes",
        description: "Desc:",
        from: "From:",
        subject: "Subject:",
        date: "Date:",
        not_available: "not available",
        no_subject: "no subject",
        no_date: "no date",
        unknown_sender: "unknown sender",
    },
};

static FRENCH: Words = Words {
    charset: "iso-8859-1",
    months: [
        "Janvier",
        "Février",
        "Mars",
        "Avril",
        "Mai",
        "Juin",
        "Juillet",
        "Août",
        "September",
        "Octobre",
        "Novembre",
        "Décembre",
    ],
    short_months: [
        "Jan", "Fév", "Mar", "Avr", "Mai", "Juin", "Juil", "Aou", "Sep", "Oct", "Nov", "Déc",
    ],
    days: ["Lun", "Mar", "Mer", "Jeu", "Ven", "Sam", "Dim"],
    month_first: false,
    at: " at ",
    no_subject: "Pas de sujet",
    previous: "Message précédent:",
    next: "Message suivant:",
    indexes: ["enfilade", "objet", "auteur", "date"],
    kinds: ["enfilade", "objet", "auteur", "date"],
    text: "[ Text %(size)s ]",
    gzip: "[ Texte compressé %(size)s ]",
    bytes: "octets",
    kilobytes: "KB",
    megabytes: "MB",
    no_size: "taille non disponible",
    quarters: ["Premier", "Deuxième", "Troisième", "Quatrième"],
    quarter: "trimestre",
    week: "La semaine du lundi",
    notes: Notes {
        separator: "-------------- section suivante --------------",
        html: "Une pièce jointe HTML a été retirée...",
        html_removed: "Une pièce jointe HTML a été retirée et supprimée",
        text: "Un texte joint sans jeu de caractères a été retiré...",
        message: "Un message joint a été retiré...",
        other: "Une pièce jointe autre que texte a été retirée...",
        name: "Nom:",
        kind: "Type:",
        size: "Taille:",
        bytes: "octets",
        description: "Desc:",
        from: "De:",
        subject: "Sujet:",
        date: "Date:",
        not_available: "non disponible",
        no_subject: "pas de sujet",
        no_date: "pas de date",
        unknown_sender: "expéditeur inconnu",
    },
};

static CZECH: Words = Words {
    charset: "iso-8859-2",
    months: CZECH_MONTHS,
    short_months: CZECH_MONTHS,
    days: [
        "Pondělí",
        "Úterý",
        "Středa",
        "Čtvrtek",
        "Pátek",
        "Sobota",
        "Neděle",
    ],
    month_first: true,
    at: " na ",
    no_subject: "Bez předmětu",
    previous: "Předchozí příspěvek:",
    next: "Následující příspěvek:",
    indexes: ["Vlákno", "věc", "autor", "datum"],
    kinds: ["Vlákno", "věc", "autor", "datum"],
    text: "[ Text  %(size)s ]",
    gzip: "[ Text komprimovaný %(size)s ]",
    bytes: "bajtů ",
    kilobytes: "KB",
    megabytes: "MB",
    no_size: "velikost neznámá",
    quarters: ["První", "Druhé", "Třetí", "Čtvrté"],
    quarter: "čtvrtletí",
    week: "Týden od pondělí",
    notes: Notes {
        separator: "-------------- další část --------------",
        html: "HTML příloha byla odstraněna...",
        html_removed: "HTML příloha byla odstraněna a smazána",
        text: "Vložený text bez uvedené znakové sady byl odstraněn...",
        message: "Vložená zpráva byla odstraněna...",
        other: "Netextová příloha byla odstraněna...",
        name: "Jméno:",
        kind: "Typ:",
        size: "Velikost:",
        bytes: "bajtů",
        description: "Popis:",
        from: "Od:",
        subject: "Předmět:",
        date: "Datum:",
        not_available: "není k dispozici",
        no_subject: "bez předmětu",
        no_date: "bez data",
        unknown_sender: "neznámý odesílatel",
    },
};

const CZECH_MONTHS: [&str; 12] = [
    "Leden",
    "Únor",
    "Březen",
    "Duben",
    "Květen",
    "Červen",
    "Červenec",
    "Srpen",
    "Září",
    "Říjen",
    "Listopad",
    "Prosinec",
];

static SPANISH: Words = Words {
    charset: "iso-8859-1",
    months: [
        "Enero",
        "Febrero",
        "Marzo",
        "Abril",
        "Mayo",
        "Junio",
        "Julio",
        "Agosto",
        "Septiembre",
        "Octubre",
        "Noviembre",
        "Diciembre",
    ],
    short_months: [
        "Ene", "Feb", "Mar", "Abr", "May", "Jun", "Jul", "Ago", "Sep", "Oct", "Nov", "Dic",
    ],
    days: ["Lun", "Mar", "Mie", "Jue", "Vie", "Sab", "Dom"],
    month_first: true,
    at: " en ",
    no_subject: "Sin asunto",
    previous: "Mensaje anterior:",
    next: "Próximo mensaje:",
    indexes: ["hilo", "asunto", "autor", "fecha"],
    kinds: ["hilo", "asunto", "autor", "fecha"],
    text: "[ Texto %(size)s ]",
    gzip: "[ Texto comprimido %(size)s ]",
    bytes: "bytes",
    kilobytes: "KB",
    megabytes: "MB",
    no_size: "tamaño no disponible",
    quarters: ["Primer", "Segundo", "Tercer", "Cuarto"],
    quarter: "trimestre",
    week: "La semana del lunes",
    notes: Notes {
        separator: "-------------- próxima parte --------------",
        html: "Se ha retirado un adjunto en HTML...",
        html_removed: "Se ha retirado y eliminado un adjunto en HTML",
        text: "Se ha retirado un texto adjunto sin juego de caracteres...",
        message: "Se ha retirado un mensaje adjunto...",
        other: "Se ha retirado un adjunto que no es texto...",
        name: "Nombre:",
        kind: "Tipo:",
        size: "Tamaño:",
        bytes: "bytes",
        description: "Descripción:",
        from: "De:",
        subject: "Asunto:",
        date: "Fecha:",
        not_available: "no disponible",
        no_subject: "sin asunto",
        no_date: "sin fecha",
        unknown_sender: "remitente desconocido",
    },
};
