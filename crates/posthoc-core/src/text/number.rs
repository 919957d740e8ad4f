//! Decimal numbers without the machinery of `format!`: pages hold millions of them.

/// Appends a number with at least `width` digits, zeros in front.
pub fn push_padded(out: &mut String, number: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    let mut rest = number;
    while rest > 0 {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let from = at.min(digits.len() - width.clamp(1, digits.len()));
    out.extend(digits[from..].iter().map(|digit| char::from(*digit)));
}

#[cfg(test)]
mod tests {
    use super::push_padded;

    #[test]
    fn padded() {
        let table = [
            (0, 1, "0"),
            (0, 2, "00"),
            (7, 2, "07"),
            (2025, 4, "2025"),
            (123_456, 5, "123456"),
            (42, 0, "42"),
            (u64::MAX, 30, "18446744073709551615"),
        ];
        for (number, width, expected) in table {
            let mut out = String::new();
            push_padded(&mut out, number, width);
            assert_eq!(out, expected);
        }
    }
}
