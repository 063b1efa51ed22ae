//! Signature Version 4 of the control APIs. (The S3 endpoint's signatures are checked by `s3s`,
//! whose own verifier is private and knows S3 and STS only.)
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use hmac::{Hmac, KeyInit, Mac};
use hyper::http::request::Parts;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

use crate::error::StorageError;
use crate::principals::{Principals, Role, TokenFault};

/// How far the clocks may differ: 5 minutes.
const SKEW_SECONDS: i64 = 5 * 60;

/// RFC 3986's unreserved characters stay.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The same for a path.
const UNRESERVED_PATH: &AsciiSet = &UNRESERVED.remove(b'/');

/// Why a request is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthError {
    /// No signature at all.
    #[error("Request is missing Authentication Token")]
    Anonymous,
    /// The header cannot be read, or says another service or region.
    #[error("{0}")]
    Incomplete(&'static str),
    /// An unknown access key.
    #[error("The security token included in the request is invalid.")]
    UnknownKey,
    /// The caller lacks the secret, or the request was modified in transit.
    #[error(
        "The request signature we calculated does not match the signature you provided. Check \
         your AWS Secret Access Key and signing method."
    )]
    WrongSignature,
    /// The request is too old or too new.
    #[error("Signature expired: the request's time is too far from the server's")]
    Skewed,
    /// Temporary keys that are over.
    #[error("The security token included in the request is expired")]
    Expired,
    /// The index could not be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The service and region that a signature must be made for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope {
    pub(crate) service: &'static str,
    pub(crate) region: &'static str,
}

/// Checks the signature of a request and gives the role of its signer.
pub(crate) fn verify(
    principals: &Principals,
    scope: Scope,
    request: &Parts,
    body: &[u8],
) -> Result<Role, AuthError> {
    let authorization = header(request, "authorization").ok_or(AuthError::Anonymous)?;
    let signed = Authorization::parse(authorization)
        .ok_or(AuthError::Incomplete("Authorization header is malformed."))?;
    if signed.service != scope.service || signed.region != scope.region {
        return Err(AuthError::Incomplete(
            "Credential should be scoped to a valid region and the correct service.",
        ));
    }
    if !signed.headers.contains(&"host") {
        return Err(AuthError::Incomplete("'Host' must be a signed header."));
    }
    let date = header(request, "x-amz-date").ok_or(AuthError::Incomplete("x-amz-date is missing."))?;
    check_date(date, signed.date)?;

    let principal = principals.find(signed.access_key)?.ok_or(AuthError::UnknownKey)?;
    let canonical = canonical_request(request, &signed, body).ok_or(AuthError::WrongSignature)?;
    let text = format!(
        "AWS4-HMAC-SHA256\n{date}\n{}/{}/{}/aws4_request\n{}",
        signed.date,
        signed.region,
        signed.service,
        hex::encode(Sha256::digest(canonical)),
    );
    check_signature(&principal.secret, &signed, &text)?;
    principal.check_token(header(request, "x-amz-security-token")).map_err(|fault| match fault {
        TokenFault::Missing | TokenFault::Wrong => AuthError::UnknownKey,
        TokenFault::Expired => AuthError::Expired,
    })
}

/// The `Authorization` header, in its parts.
struct Authorization<'a> {
    access_key: &'a str,
    date: &'a str,
    region: &'a str,
    service: &'a str,
    headers: Vec<&'a str>,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    fn parse(header: &'a str) -> Option<Authorization<'a>> {
        let fields = header.strip_prefix("AWS4-HMAC-SHA256")?;
        let field = |name: &str| {
            fields.split(',').find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='))
        };
        let mut credential = field("Credential")?.split('/');
        let parsed = Authorization {
            access_key: credential.next()?,
            date: credential.next()?,
            region: credential.next()?,
            service: credential.next()?,
            headers: field("SignedHeaders")?.split(';').collect(),
            signature: field("Signature")?,
        };
        (credential.next() == Some("aws4_request")).then_some(parsed)
    }
}

fn check_date(date: &str, day: &str) -> Result<(), AuthError> {
    let time = DateTime::strptime("%Y%m%dT%H%M%SZ", date)
        .and_then(|time| Offset::UTC.to_timestamp(time))
        .map_err(|_| AuthError::Incomplete("x-amz-date is malformed."))?;
    if !date.starts_with(day) {
        return Err(AuthError::Incomplete(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date.",
        ));
    }
    match (Timestamp::now().as_second() - time.as_second()).abs() <= SKEW_SECONDS {
        true => Ok(()),
        false => Err(AuthError::Skewed),
    }
}

fn canonical_request(request: &Parts, signed: &Authorization, body: &[u8]) -> Option<String> {
    let mut headers = String::new();
    for name in &signed.headers {
        let values: Vec<String> = request
            .headers
            .get_all(*name)
            .iter()
            .map(|value| value.to_str().map(collapse_spaces))
            .collect::<Result<_, _>>()
            .ok()?;
        headers += &format!("{name}:{}\n", values.join(","));
    }
    Some(format!(
        "{}\n{}\n{}\n{headers}\n{}\n{}",
        request.method,
        // The path as sent is encoded once; every service but S3 signs it encoded twice.
        utf8_percent_encode(request.uri.path(), UNRESERVED_PATH),
        canonical_query(request.uri.query().unwrap_or_default()),
        signed.headers.join(";"),
        // Of the body that came, and not what a header says about it.
        hex::encode(Sha256::digest(body)),
    ))
}

fn canonical_query(query: &str) -> String {
    let encode = |text: &str| {
        let text = percent_decode_str(text).decode_utf8_lossy();
        utf8_percent_encode(&text, UNRESERVED).to_string()
    };
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (encode(name), encode(value)))
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

fn collapse_spaces(value: &str) -> String {
    value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

fn check_signature(secret: &str, signed: &Authorization, text: &str) -> Result<(), AuthError> {
    let mut key = format!("AWS4{secret}").into_bytes();
    for part in [signed.date, signed.region, signed.service, "aws4_request"] {
        key = hmac(&key, part).finalize().into_bytes().to_vec();
    }
    let signature = hex::decode(signed.signature).map_err(|_| AuthError::WrongSignature)?;
    hmac(&key, text).verify_slice(&signature).map_err(|_| AuthError::WrongSignature)
}

/// HMAC-SHA256 of `text`, unfinished.
#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
pub(crate) fn hmac(key: &[u8], text: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    mac
}

fn header<'a>(request: &'a Parts, name: &str) -> Option<&'a str> {
    request.headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_sorted_and_encoded_as_signers_do() {
        assert_eq!(canonical_query("b=2&a=x%2Fy&a"), "a=&a=x%2Fy&b=2");
    }

    #[test]
    fn an_authorization_header_with_and_without_spaces_is_read() {
        for header in [
            "AWS4-HMAC-SHA256 Credential=K/20260101/us-east-1/cloudfront/aws4_request, SignedHeaders=host;x-amz-date, Signature=00",
            "AWS4-HMAC-SHA256 Credential=K/20260101/us-east-1/cloudfront/aws4_request,SignedHeaders=host;x-amz-date,Signature=00",
        ] {
            let parsed = Authorization::parse(header).map(|parsed| (parsed.region, parsed.headers));
            assert_eq!(parsed, Some(("us-east-1", vec!["host", "x-amz-date"])));
        }
    }
}
