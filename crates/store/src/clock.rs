//! Telling a wrong clock of this machine from a wrong server.

use std::error::Error;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use rustls::CertificateError;
use rustls::pki_types::UnixTime;

/// The message for a certificate that is valid, but not at this machine's time. `None` for any other
/// error.
pub fn wrong_clock(error: &(dyn Error + 'static)) -> Option<String> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(rustls::Error::InvalidCertificate(problem)) = error.downcast_ref() {
            return of_certificate(problem);
        }
        // An I/O error passes its own payload over when it is asked for its source.
        cause = match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

fn of_certificate(problem: &CertificateError) -> Option<String> {
    Some(match problem {
        CertificateError::NotValidYet => "the server's certificate is not valid yet".to_owned(),
        CertificateError::NotValidYetContext { time, not_before } => format!(
            "the server's certificate is valid from {}, and the clock of this computer says {}",
            date(*not_before),
            date(*time)
        ),
        CertificateError::Expired => "the server's certificate has expired".to_owned(),
        CertificateError::ExpiredContext { time, not_after } => format!(
            "the server's certificate was valid until {}, and the clock of this computer says {}",
            date(*not_after),
            date(*time)
        ),
        _ => return None,
    })
}

fn date(time: UnixTime) -> String {
    let date = DateTime::from_secs(i64::try_from(time.as_secs()).unwrap_or(i64::MAX));
    date.fmt(Format::DateTime).unwrap_or_else(|_| format!("{} s", time.as_secs()))
}

/// How far this machine is from the `Date` of an answer; nothing where that is a minute or less.
pub(crate) fn offset(server_date: &str) -> Option<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
    let server = http_date(server_date)?;
    let behind = server.checked_sub(i64::try_from(now).ok()?)?;
    let apart = Duration::from_secs(behind.unsigned_abs());
    let direction = if behind > 0 { "behind" } else { "ahead of" };
    (apart > Duration::from_secs(60))
        .then(|| format!("the clock of this computer is {} {direction} the server's", span(apart)))
}

fn span(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    match (minutes / (24 * 60), minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

/// Seconds since 1970.
pub(crate) fn http_date(text: &str) -> Option<i64> {
    DateTime::from_str(text, Format::HttpDate).ok().map(|date| date.secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_certificate_of_another_time_speaks_of_the_clock() {
        let wrapped = |problem| std::io::Error::other(rustls::Error::InvalidCertificate(problem));
        let at = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let early = wrapped(CertificateError::NotValidYetContext { time: at(0), not_before: at(86_400) });
        let words = wrong_clock(&early).expect("the clock");
        assert!(words.contains("1970-01-02T00:00:00Z") && words.contains("1970-01-01T00:00:00Z"), "{words}");
        assert!(wrong_clock(&wrapped(CertificateError::Expired)).is_some());
        assert_eq!(wrong_clock(&wrapped(CertificateError::UnknownIssuer)), None, "another server altogether");
        assert_eq!(wrong_clock(&std::io::Error::other("refused")), None);
    }

    #[test]
    fn the_offset_from_the_server_is_told_in_words() {
        assert_eq!(span(Duration::from_secs(16 * 60)), "16 min");
        assert_eq!(span(Duration::from_secs(3 * 3600 + 60)), "3 h 1 min");
        assert_eq!(span(Duration::from_secs(400 * 86_400)), "400 d 0 h");
        let past = offset("Wed, 21 Oct 2015 07:28:00 GMT").expect("years apart");
        assert!(past.contains("ahead of the server's"), "{past}");
        assert_eq!(offset("soon"), None);
    }
}
