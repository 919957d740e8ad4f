//! Deterministic mutations: a case number and the seeds give the same bytes on every machine.

/// No mutated input is longer than this, in bytes.
pub const LONGEST: usize = 64 << 10;

/// Pieces that matter to mail, thrown in.
const WORDS: &[&[u8]] = &[
    b"\n",
    b"\r\n",
    b"\n\n",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\x1b$B",
    b"=?utf-8?B?",
    b"?=",
    b"=\n",
    b"\nFrom a@b.example Mon Jan  1 00:00:00 2024\n",
    b"\n>From ",
    b"\nFrom ",
    b"Content-Length: 9\n",
    b"Content-Type: multipart/mixed; boundary=x\n\n--x\n",
    b"\n--x--\n",
    b"\n--x\n",
    b"Content-Type: message/rfc822\n\n",
    b"Content-Type: text/html; charset=utf-7\n\n<a href=\"",
    b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: quoted-printable\n",
    b"; format=flowed; delsp=yes",
    b"References: <a@b> <c@d>\n",
    b"Message-ID: <>\n",
    b"Subject: ",
    b"Date: Thu, 31 Feb 102 25:61:61 -9959\n",
    b"<script>",
    b"&#x0;",
    b"\xe2\x80\xae",
    b"> > > ",
    b"-- \n",
    b"diff --git a/a b/a\n@@ -1 +1 @@\n",
    b"(((((((((",
    b"\" OR NOT -(",
    b"..",
    b"%2f",
    b"/",
];

/// A small generator of numbers (SplitMix64): no quality is asked of it but that it repeats.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `end`; 0 when `end` is 0.
    fn below(&mut self, end: usize) -> usize {
        if end == 0 {
            0
        } else {
            (self.next() % end as u64) as usize
        }
    }
}

/// The input of that case: one of the seeds, changed in one to eight places.
pub fn case(seeds: &[Vec<u8>], number: u64) -> Vec<u8> {
    let mut numbers = Numbers(number);
    let Some(seed) = seeds.get(numbers.below(seeds.len())) else {
        return Vec::new();
    };
    let mut bytes = seed.clone();
    bytes.truncate(LONGEST);
    for _ in 0..=numbers.below(8) {
        change(&mut bytes, seeds, &mut numbers);
    }
    bytes.truncate(LONGEST);
    bytes
}

fn change(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], numbers: &mut Numbers) {
    let at = numbers.below(bytes.len() + 1);
    let some = numbers.below(64).min(bytes.len() - at);
    match numbers.below(7) {
        0 if at < bytes.len() => bytes[at] = numbers.next() as u8,
        1 if at < bytes.len() => bytes[at] ^= 1 << numbers.below(8),
        2 => drop(bytes.drain(at..at + some)),
        3 => bytes.truncate(at),
        4 => {
            let again: Vec<u8> = bytes[at..at + some].repeat(1 + numbers.below(40));
            drop(bytes.splice(at..at, again));
        }
        5 => {
            let other = &seeds[numbers.below(seeds.len())];
            let from = numbers.below(other.len());
            let to = other.len().min(from + numbers.below(2_000));
            drop(bytes.splice(at..at, other[from..to].iter().copied()));
        }
        _ => {
            let word = WORDS[numbers.below(WORDS.len())];
            let times = if numbers.below(20) == 0 { 500 } else { 1 };
            drop(bytes.splice(at..at, word.repeat(times)));
        }
    }
    bytes.truncate(2 * LONGEST);
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, case};

    #[test]
    fn a_case_repeats() {
        let seeds = [
            b"Subject: a\n\nb\n".to_vec(),
            Vec::new(),
            vec![b'x'; 2 * LONGEST],
        ];
        for number in 0..2_000 {
            let bytes = case(&seeds, number);
            assert!(bytes.len() <= LONGEST);
            assert_eq!(bytes, case(&seeds, number));
        }
    }
}
