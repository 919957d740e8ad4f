//! What a reader of linux-mips remembers of a mail, and the mail.

/// Queries and the Message-IDs of the mails that were meant.
pub(super) const KNOWN: &[(&str, &str)] = &[
    (
        "cobalt scache flushing null pointer",
        "20060119210440.GE3398@linux-mips.org",
    ),
    (
        "fpu emulator smp unsafe",
        "20020220145649.H15588@dea.linux-mips.net",
    ),
    (
        "remove CONFIG_BUILD_ELF64 gcc 3.x",
        "20070327.004511.31449250.anemo@mba.ocn.ne.jp",
    ),
    ("insmod save binary blob", "10267.971398664@ocs3.ocs-net"),
    (
        "do_div constant divisor from:mans",
        "yw1xtx2aigee.fsf@unicorn.mansr.com",
    ),
    (
        "gdb 5.0 display argument serial_console_write",
        "3AB68CFC.A2840808@mvista.com",
    ),
    (
        "generic IPI reservation from:qais of_node",
        "5631F770.3040702@imgtec.com",
    ),
    (
        "from:ranjan do_IRQ ksoftirqd",
        "D9F6B9DABA4CAE4B92850252C52383AB07968330@ex-eng-corp.efi.com",
    ),
    (
        "subject:\"success report\" hardhat",
        "60222E63C9F4D011915F00A02435011C27B9C3@BART",
    ),
    (
        "dvhtool replace files volume header",
        "20010117174951.A17176@gandalf.physik.uni-konstanz.de",
    ),
    (
        "add back LASAT platforms",
        "200708212034.l7LKYGiD011023@potty.localnet",
    ),
    (
        "\"dead code\" removal gcc 3.4",
        "1076721727.3773.0.camel@dzur.sfbay.redhat.com",
    ),
    (
        "mmap KSEG1 cachability EntryLo",
        "4B195102.1020606@caviumnetworks.com",
    ),
    (
        "openoffice porting asm snippets",
        "Pine.LNX.4.64N.0709251406220.23669@blysk.ds.pg.gda.pl",
    ),
    (
        "radeon section mismatch radeon_read_clocks_OF",
        "1868ba261f47136619ef71c85ff1ef56b085fbe2.1309182743.git.ralf@linux-mips.org",
    ),
    (
        "JZ4740 framebuffer driver from:lars",
        "1279368874-21103-1-git-send-email-lars@metafoo.de",
    ),
    (
        "octeon reverse register accesses FAU",
        "1426268098-1603-6-git-send-email-paul.martin@codethink.co.uk",
    ),
    (
        "eth_random_addr date:2012-07",
        "1342443401.2880.2.camel@deneb.redhat.com",
    ),
    (
        "LPJ BogoMIPS au1500",
        "1164066077.7726.6.camel@sandbar.kenati.com",
    ),
    (
        "KERNEL_STACK_SIZE 8kB order 2",
        "20021210133536.A17306@linux-mips.org",
    ),
];

/// Queries to the lists of the corpus and to the mails of [`odd`], of every kind there is.
pub(super) const OWN: &[&str] = &[
    "bell",
    "bell tower",
    "\"bell tower\"",
    "bell OR clock",
    "bell -tower",
    "NOT bell",
    "minutes (bell OR fog) -test",
    "from:ingrid",
    "from:ingrid subject:thread",
    "subject:minutes",
    "s:re",
    "body:harbour",
    "nq:harbour",
    "quoted:harbour",
    "q:\"the bell\"",
    "ligh*",
    "subject:ke*",
    "key*",
    "date:2025-11",
    "date:2025-10..2025-11-15 bell",
    "before:2025-11",
    "after:2025-11-10 the",
    "list:town-hall lamp",
    "list:nowhere",
    "*",
    "it's",
    "3.14",
    "INGRID",
    "nothinglikeit",
    "the",
    "the and of",
    "\"of the\"",
    "Strasse",
    "straße",
    "ISTANBUL",
    "ıstanbul",
    "istanbul",
    "οδος",
    "ΟΔΟΣ",
    "tiếng việt",
    "\"tieng viet\"",
    "ｶﾀｶﾅ",
    "カタカナ",
    "漢字",
    "漢",
    "foo_bar",
    "bar",
    "\"foo bar\"",
    "foo_",
    "x86_64",
    "stdio.h",
    "CVE-2021-33038",
    "-fno-common",
    "C++",
    "ada@harbour.example",
    "from:ada@harbour.example",
    "<odd-1@tests.example>",
    "mid:odd-2@tests.example",
    "odd-3@tests.example",
    "smørrebrød",
    "smorrebrod",
    "ﬁnal",
    "co\u{ad}operate",
    "\"unclosed",
    "(bell",
    "date:2025-13",
    "a*",
    "OR",
];

/// Mails with words that are hard to fold and to cut, as an mbox.
pub(super) fn odd() -> Vec<u8> {
    let texts = [
        (
            "Straße und STRASSE",
            "Die Straße ist lang. İstanbul, ISTANBUL and ıstanbul.",
        ),
        (
            "Οδός",
            "ΟΔΟΣ, οδος and ὁδός are one word. Tiếng Việt, Tie\u{302}\u{301}ng Vie\u{302}\u{323}t.",
        ),
        ("ｶﾀｶﾅ", "カタカナ and ｶﾞ and 漢字かな交じり文 and 漢."),
        (
            "foo_bar",
            "call foo_bar(x86_64) or foo_ or _bar; foo bar; #include <stdio.h>",
        ),
        (
            "CVE-2021-33038",
            "gcc -fno-common, C++ and 3.14; it's don't; ﬁnal co\u{ad}operate",
        ),
        (
            "Smørrebrød",
            "smorrebrod? smørrebrød! write to ada@harbour.example or Ada.",
        ),
    ];
    let mut mbox = String::new();
    for (number, (subject, text)) in texts.iter().enumerate() {
        mbox.push_str(&format!(
            "From mboxrd@z Thu Jan  1 00:00:00 1970\nFrom: Ada <ada@harbour.example>\nSubject: {subject}\n\
             Date: Mon, {:02} Nov 2025 10:00:00 +0000\nMessage-ID: <odd-{number}@tests.example>\n\
             Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\nMIME-Version: 1.0\n\n{text}\n\
             > quoted {text}\n\n",
            number + 1
        ));
    }
    mbox.into_bytes()
}
