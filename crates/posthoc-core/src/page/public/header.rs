//! Which header fields the public copy leaves out.

/// Fields that tell of a mail's way, of its sender's machine and account, of hidden recipients, or
/// that hold a password or a key to a subscription. `*` stands for any end.
pub const LEFT_OUT: [&str; 118] = [
    "apparently-to",
    "approve",
    "approved",
    "approved-by",
    "arc-*",
    "authentication-results",
    "authentication-results-original",
    "autocrypt",
    "autocrypt-gossip",
    "bcc",
    "cfbl-address",
    "cfbl-feedback-id",
    "delivered-to",
    "disposition-notification-options",
    "disposition-notification-to",
    "dkim-filter",
    "dkim-signature",
    "domainkey-signature",
    "domainkey-status",
    "envelope-from",
    "envelope-recipient",
    "envelope-sender",
    "envelope-to",
    "errors-to",
    "feedback-id",
    "injection-info",
    "ironport-*",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "nntp-posting-*",
    "old-received",
    "old-return-path",
    "old-x-*",
    "original-recipient",
    "path",
    "received",
    "received-spf",
    "resent-bcc",
    "return-path",
    "return-receipt-to",
    "suggested_attachment_session_id",
    "x-account-key",
    "x-ad-*",
    "x-amavis-*",
    "x-antiabuse",
    "x-antispam*",
    "x-apparently-*",
    "x-approve",
    "x-approved",
    "x-assp-*",
    "x-auth-*",
    "x-authenticated-*",
    "x-authentication-*",
    "x-authority-*",
    "x-barracuda-*",
    "x-bcc",
    "x-bogosity",
    "x-canit-*",
    "x-client-*",
    "x-clientaddr",
    "x-cm-*",
    "x-complaints-to",
    "x-confirm-reading-to",
    "x-delivered-to",
    "x-dspam-*",
    "x-envelope-*",
    "x-eopattributedmessage",
    "x-evolution-*",
    "x-exchange-*",
    "x-exclaimer-*",
    "x-forefront-*",
    "x-forwarded-*",
    "x-get-message-sender-via",
    "x-gm-*",
    "x-gmail-*",
    "x-gmx-*",
    "x-google-*",
    "x-greylist*",
    "x-helo",
    "x-host*",
    "x-http-*",
    "x-identity-key",
    "x-injected-*",
    "x-ip*",
    "x-ironport-*",
    "x-mailfrom",
    "x-mailgun-*",
    "x-mdaemon-*",
    "x-mdremoteip",
    "x-microsoft-*",
    "x-mimecast-*",
    "x-mozilla-*",
    "x-ms-*",
    "x-msfb*",
    "x-nntp-*",
    "x-original-to",
    "x-originalarrivaltime",
    "x-originating-*",
    "x-originatororg",
    "x-ovh-*",
    "x-php-*",
    "x-pobox-*",
    "x-proofpoint-*",
    "x-provags-id",
    "x-qq-*",
    "x-rcpt-*",
    "x-received",
    "x-remote-*",
    "x-rspamd-*",
    "x-sasl-*",
    "x-sender*",
    "x-ses-*",
    "x-source*",
    "x-spam*",
    "x-trace",
    "x-uidl",
    "x-virus-*",
    "x-yahoo-*",
];

/// Whether the public copy leaves a field out: one of [`LEFT_OUT`], or of the list's own names.
pub(super) fn is_left_out(name: &str, own: &[String]) -> bool {
    let matches = |pattern: &str| match pattern.strip_suffix('*') {
        Some(start) => name
            .get(..start.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(start)),
        None => name.eq_ignore_ascii_case(pattern),
    };
    let start: String = name
        .chars()
        .take(SAME)
        .collect::<String>()
        .to_ascii_lowercase();
    let from = LEFT_OUT.partition_point(|pattern| *pattern < start.as_str());
    let near = LEFT_OUT[from..].iter();
    near.take_while(|pattern| pattern.starts_with(&start))
        .any(|pattern| matches(pattern))
        || own.iter().any(|pattern| matches(pattern.trim()))
}

/// Characters that a name and the patterns that fit it have in common: no pattern of [`LEFT_OUT`] has
/// its star before.
const SAME: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_out() {
        let own = ["X-Face".to_owned(), "x-my-*".to_owned()];
        for name in [
            "Received",
            "ARC-Seal",
            "x-spam-status",
            "X-FACE",
            "X-My-Thing",
            "Bcc",
        ] {
            assert!(is_left_out(name, &own), "{name}");
        }
        for name in [
            "From",
            "Received-Late",
            "X-Mailer",
            "Message-ID",
            "",
            "X-My",
        ] {
            assert!(!is_left_out(name, &own), "{name}");
        }
        assert!(
            LEFT_OUT
                .iter()
                .all(|name| name.find('*').is_none_or(|star| star >= SAME))
        );
        let mut sorted = LEFT_OUT.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted, LEFT_OUT);
        assert!(
            LEFT_OUT
                .iter()
                .all(|name| name.to_ascii_lowercase() == *name)
        );
    }
}
