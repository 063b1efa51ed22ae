//! Bytes, rates, times and dates as people read and write them.

use jiff::Timestamp;

use crate::language::{Language, say};

const STEPS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];

/// `532 B`, `1.4 MiB`.
pub fn bytes(count: u64) -> String {
    let mut value = count as f64;
    let mut step = 0;
    while value >= 1024.0 && step + 1 < STEPS.len() {
        value /= 1024.0;
        step += 1;
    }
    if step == 0 { format!("{count} B") } else { format!("{value:.1} {}", STEPS[step]) }
}

/// `1 file`, `62 files`.
pub fn files(language: Language, count: u64) -> String {
    match count {
        1 => say!(language, "1 file", "파일 1개"),
        _ => say!(language, "{count} files", "파일 {count}개"),
    }
}

/// `2026-11-21 04:06 UTC`: the same for every reader of a release list.
pub fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Reads `500K`, `2M`, `1G` or plain bytes, per second. `0` is no limit.
///
/// The error is the sentence that says what is allowed.
pub fn parse_rate(text: &str) -> Result<Option<u64>, String> {
    let allowed = || {
        format!(
            "`{text}` is not a rate: bytes per second such as `500K`, `2M` or `1G` (K, M, G count in 1024), or `0` for no limit"
        )
    };
    let digits = text.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let unit = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "K" | "KB" | "KIB" => 1 << 10,
        "M" | "MB" | "MIB" => 1 << 20,
        "G" | "GB" | "GIB" => 1 << 30,
        _ => return Err(allowed()),
    };
    let count: u64 = digits.parse().map_err(|_| allowed())?;
    let rate = count.checked_mul(unit).ok_or_else(allowed)?;
    Ok((rate > 0).then_some(rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_as_curl_reads_them() {
        for (text, rate) in [
            ("0", None),
            ("512", Some(512)),
            ("500K", Some(500 << 10)),
            ("2M", Some(2 << 20)),
            ("2mib", Some(2 << 20)),
            ("1G", Some(1 << 30)),
        ] {
            assert_eq!(parse_rate(text), Ok(rate), "{text}");
        }
        for wrong in ["", "M", "-1", "2X", "1.5M", "99999999999G", "2 M"] {
            assert!(parse_rate(wrong).is_err(), "{wrong} must be refused");
        }
    }

    #[test]
    fn bytes_are_short() {
        assert_eq!(
            [bytes(0), bytes(1023), bytes(1536), bytes(5 << 30)],
            ["0 B", "1023 B", "1.5 KiB", "5.0 GiB"]
        );
    }
}
