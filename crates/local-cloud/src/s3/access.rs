//! Whose request it is, and whether they may.

use std::sync::Arc;

use async_trait::async_trait;
use percent_encoding::percent_decode_str;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::{S3Auth, SecretKey};
use s3s::{S3Error, S3Result, s3_error};

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
        let Some(credentials) = context.credentials() else {
            return Err(s3_error!(AccessDenied, "Access Denied"));
        };
        let Some(principal) = self.principals.find(&credentials.access_key)? else {
            return Err(unknown_key());
        };
        match principal.check_token(session_token(context).as_deref()) {
            Ok(Role::Publisher) => {
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
