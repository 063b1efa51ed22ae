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

/// Reads `500K`, `1.5M`, `1G` or plain bytes, per second. `0` is no limit.
///
/// The error is the sentence that says what is allowed.
pub fn parse_rate(text: &str) -> Result<Option<u64>, String> {
    let allowed = || {
        format!(
            "`{text}` is not a rate: bytes per second such as `500K`, `1.5M` or `1G` (K, M, G count in 1024), or `0` for no limit"
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
    let rate = times(digits, unit).ok_or_else(allowed)?;
    // Less than a byte a second must not become "no limit".
    let is_zero = digits.chars().all(|digit| matches!(digit, '0' | '.'));
    if rate == 0 && !is_zero { Err(allowed()) } else { Ok((rate > 0).then_some(rate)) }
}

/// A number such as `15` or `1.5`, so many times; in whole numbers, of which none is lost.
fn times(number: &str, unit: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let is_number = |text: &str| text.bytes().all(|letter| letter.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let parts = 10u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let (whole, fraction): (u128, u128) = (whole.parse().ok()?, fraction.parse().ok()?);
    let all = whole.checked_mul(parts)?.checked_add(fraction)?.checked_mul(unit.into())?;
    u64::try_from(all / parts).ok()
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
            ("1.5M", Some(3 << 19)),
            ("0.25kb", Some(256)),
            ("0.0", None),
        ] {
            assert_eq!(parse_rate(text), Ok(rate), "{text}");
        }
        for wrong in ["", "M", "-1", "2X", "1.M", ".5M", "1.5.2M", "1e5", "0.1", "99999999999G", "2 M"] {
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
