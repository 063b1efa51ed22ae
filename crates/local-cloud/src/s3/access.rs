//! Whose request it is, and whether they may.

use std::sync::Arc;

use async_trait::async_trait;
use percent_encoding::percent_decode_str;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::{S3Auth, SecretKey};
use s3s::{S3Error, S3Result, s3_error};

use super::{faults, unimplemented};
use crate::names;
use crate::principals::{Principals, Role, TokenFault};
use crate::tally::Tally;

/// The keys that sign; `s3s` checks the signature.
pub(super) struct Keys(pub(super) Principals);

#[async_trait]
impl S3Auth for Keys {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        match self.0.find(access_key)? {
            Some(principal) => Ok(principal.secret.into()),
            None => Err(unknown_key()),
        }
    }
}

/// What the owner of a right signature may do.
pub(super) struct Rights {
    pub(super) principals: Principals,
    pub(super) tally: Arc<Tally>,
}

#[async_trait]
impl S3Access for Rights {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        if is_version_2(context) {
            return Err(s3_error!(
                InvalidRequest,
                "The authorization mechanism you have provided is not supported. Please use \
                 AWS4-HMAC-SHA256."
            ));
        }
        let Some(credentials) = context.credentials() else {
            return Err(s3_error!(AccessDenied, "Access Denied"));
        };
        let Some(principal) = self.principals.find(&credentials.access_key)? else {
            return Err(unknown_key());
        };
        match principal.check_token(session_token(context).as_deref()) {
            Ok(Role::Publisher) => {
                check_version_ids(context)?;
                unimplemented::refuse(context.method(), context.uri(), context.headers())?;
                self.tally.operation(context.s3_op().name());
                Ok(())
            }
            // Players fetch from the edge. A right on the bucket is what let any player of the
            // 2017 sample overwrite the patch.
            Ok(Role::Player) => Err(s3_error!(AccessDenied, "Access Denied")),
            Err(fault) => Err(token_fault(fault)),
        }
    }
}

/// `s3s` takes Signature Version 2 too, which signs neither the body nor, in a URL, when it was made.
/// Regions of today, like the one that this endpoint says it is in, refuse it.
fn is_version_2(context: &S3AccessContext<'_>) -> bool {
    let header = context.headers().get("authorization").and_then(|value| value.to_str().ok());
    let mut names = context.uri().query().unwrap_or_default().split('&');
    header.is_some_and(|header| header.starts_with("AWS "))
        || names.any(|pair| pair.starts_with("AWSAccessKeyId="))
}

fn session_token(context: &S3AccessContext<'_>) -> Option<String> {
    const NAME: &str = "x-amz-security-token";
    if let Some(value) = context.headers().get(NAME) {
        return value.to_str().ok().map(str::to_owned);
    }
    context.uri().query()?.split('&').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.eq_ignore_ascii_case(NAME).then(|| percent_decode_str(value).decode_utf8_lossy().into_owned())
    })
}

/// Tells a malformed version id from an unknown one, for all operations.
fn check_version_ids(context: &S3AccessContext<'_>) -> S3Result<()> {
    let source = context.headers().get("x-amz-copy-source").and_then(|value| value.to_str().ok());
    let of_source = source.and_then(|source| source.split_once('?')).map(|(_, query)| query);
    let queries = [context.uri().query(), of_source].into_iter().flatten();
    let mut ids =
        queries.flat_map(|query| query.split('&')).filter_map(|pair| pair.strip_prefix("versionId="));
    match ids.all(|id| names::read_version_id(id).is_some()) {
        true => Ok(()),
        false => Err(faults::malformed_version()),
    }
}

fn unknown_key() -> S3Error {
    s3_error!(InvalidAccessKeyId, "The AWS Access Key Id you provided does not exist in our records.")
}

fn token_fault(fault: TokenFault) -> S3Error {
    match fault {
        TokenFault::Missing => unknown_key(),
        TokenFault::Wrong => s3_error!(InvalidToken, "The provided token is malformed or otherwise invalid."),
        TokenFault::Expired => s3_error!(ExpiredToken, "The provided token has expired."),
    }
}
