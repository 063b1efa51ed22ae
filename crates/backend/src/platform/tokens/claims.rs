//! What a signed token has to say before it counts. Its signature is checked elsewhere.

use naru_protocol::Nonce;
use serde::Deserialize;

/// How far a provider's clock may be from ours.
pub(crate) const LEEWAY_SECONDS: i64 = 30;

/// The claims that matter (OpenID Connect Core, section 2).
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Claims {
    /// Who made the token.
    pub(crate) iss: Option<String>,
    /// Whom it speaks of.
    pub(crate) sub: Option<String>,
    /// For whom it was made.
    pub(crate) aud: Option<Audience>,
    /// Who asked for it, where there are several audiences.
    pub(crate) azp: Option<String>,
    /// When it ends, in seconds since 1970.
    pub(crate) exp: Option<i64>,
    /// When it was made.
    pub(crate) iat: Option<i64>,
    /// When it begins to count.
    pub(crate) nbf: Option<i64>,
    /// The login that it answers.
    pub(crate) nonce: Option<String>,
    /// How the player was authenticated, in Cognito's tokens.
    #[serde(default)]
    pub(crate) amr: Vec<String>,
    /// Kakao's name for the player.
    pub(crate) nickname: Option<String>,
    /// The others' name for the player.
    pub(crate) name: Option<String>,
    /// The player's picture.
    pub(crate) picture: Option<String>,
}

/// One audience or several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    /// `"aud": "…"`.
    One(String),
    /// `"aud": ["…"]`.
    Several(Vec<String>),
}

/// What a token must say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'a> {
    /// The names of the one maker that is trusted. (Google signs with two.)
    pub(crate) issuers: &'a [String],
    /// Our own name there.
    pub(crate) audience: &'a str,
    /// The login's nonce, where there is one.
    pub(crate) nonce: Option<&'a Nonce>,
}

/// Why a signed token does not count. Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignedTokenError {
    /// Not three parts of base64 and JSON, or longer than any real one.
    #[error("it is not a JSON Web Token")]
    Malformed,
    /// `none`, a shared secret, or anything else that is not on the list.
    #[error("its algorithm {0:?} is not allowed")]
    Algorithm(String),
    /// None of the issuer's keys has this name.
    #[error("its key {0:?} is not one of the issuer's")]
    UnknownKey(Option<String>),
    /// Changed, or signed with another key.
    #[error("its signature is wrong")]
    Signature,
    /// Something is not there that must be.
    #[error("it has no claim {0:?}")]
    Missing(&'static str),
    /// Issued by another issuer.
    #[error("its issuer is {0:?}")]
    Issuer(String),
    /// Issued for another audience.
    #[error("it was made for another audience")]
    Audience,
    /// It is over.
    #[error("it expired at {0}")]
    Expired(i64),
    /// It does not count yet, or was made in the future.
    #[error("it is not valid before {0}")]
    NotYetValid(i64),
    /// It answers another login.
    #[error("it answers another login: its nonce is another one")]
    Nonce,
    /// It is a guest's.
    #[error("it was not made for somebody who has logged in")]
    Guest,
}

impl Claims {
    /// Holds the claims against what they must be at `now`, and gives the subject.
    pub(crate) fn check(&self, expected: Expected<'_>, now: i64) -> Result<&str, SignedTokenError> {
        // Another issuer of the same keys could name any player.
        self.check_issuer(expected.issuers)?;
        // A good token that a player gave to another app would log that app's owner in as the player.
        self.check_audience(expected.audience)?;
        // A stolen token is good for as long as it lasts and no longer.
        self.check_time(now)?;
        // A token that was caught at one login must not answer another one.
        if let Some(nonce) = expected.nonce {
            self.check_nonce(nonce)?;
        }
        match self.sub.as_deref() {
            Some(subject) if !subject.is_empty() => Ok(subject),
            _ => Err(SignedTokenError::Missing("sub")),
        }
    }

    fn check_issuer(&self, issuers: &[String]) -> Result<(), SignedTokenError> {
        let issuer = self.iss.as_ref().ok_or(SignedTokenError::Missing("iss"))?;
        match issuers.contains(issuer) {
            true => Ok(()),
            false => Err(SignedTokenError::Issuer(issuer.chars().take(80).collect())),
        }
    }

    fn check_audience(&self, ours: &str) -> Result<(), SignedTokenError> {
        match self.aud.as_ref().ok_or(SignedTokenError::Missing("aud"))? {
            Audience::One(audience) if audience == ours => {}
            Audience::Several(all) if all.len() == 1 && all[0] == ours => {}
            // With several audiences the token must say that it was us who asked.
            Audience::Several(all) if all.iter().any(|one| one == ours) && self.azp.is_some() => {}
            _ => return Err(SignedTokenError::Audience),
        }
        match self.azp.as_deref() {
            None => Ok(()),
            Some(asked) if asked == ours => Ok(()),
            Some(_) => Err(SignedTokenError::Audience),
        }
    }

    fn check_time(&self, now: i64) -> Result<(), SignedTokenError> {
        let expires = self.exp.ok_or(SignedTokenError::Missing("exp"))?;
        let made = self.iat.ok_or(SignedTokenError::Missing("iat"))?;
        if expires.saturating_add(LEEWAY_SECONDS) <= now {
            return Err(SignedTokenError::Expired(expires));
        }
        let begins = made.max(self.nbf.unwrap_or(i64::MIN));
        if begins > now.saturating_add(LEEWAY_SECONDS) {
            return Err(SignedTokenError::NotYetValid(begins));
        }
        Ok(())
    }

    fn check_nonce(&self, expected: &Nonce) -> Result<(), SignedTokenError> {
        match self.nonce.as_deref() {
            None => Err(SignedTokenError::Missing("nonce")),
            Some(nonce) if expected.is(nonce) => Ok(()),
            Some(_) => Err(SignedTokenError::Nonce),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NOW: i64 = 1_800_000_000;

    /// Checks good claims that a case has changed; `null` takes a claim away.
    fn check(changes: &Value) -> Result<(), SignedTokenError> {
        let mut claims =
            json!({"iss": "us", "aud": "app", "sub": "1", "exp": NOW + 60, "iat": NOW, "nonce": "n"});
        for (name, value) in changes.as_object().expect("an object") {
            claims[name] = value.clone();
        }
        let claims: Claims = serde_json::from_value(claims).expect("claims");
        let (issuers, nonce) = (["us".to_owned()], Nonce::new("n"));
        let expected = Expected { issuers: &issuers, audience: "app", nonce: Some(&nonce) };
        claims.check(expected, NOW).map(|_| ())
    }

    #[test]
    fn a_token_counts_within_its_time_and_the_leeway() {
        for good in [
            json!({}),
            json!({"aud": ["app"]}),
            json!({"aud": ["app", "other"], "azp": "app"}),
            json!({"exp": NOW - LEEWAY_SECONDS + 1}),
            json!({"iat": NOW + LEEWAY_SECONDS, "nbf": NOW - 5}),
        ] {
            assert_eq!(check(&good), Ok(()), "{good}");
        }
    }

    #[test]
    fn each_wrong_or_missing_claim_has_its_own_error() {
        use SignedTokenError as E;
        for (bad, error) in [
            (json!({"iss": "them"}), E::Issuer("them".into())),
            (json!({"iss": null}), E::Missing("iss")),
            (json!({"aud": "other"}), E::Audience),
            (json!({"aud": []}), E::Audience),
            (json!({"aud": ["app", "other"]}), E::Audience),
            (json!({"aud": "app", "azp": "other"}), E::Audience),
            (json!({"aud": null}), E::Missing("aud")),
            (json!({"exp": NOW - LEEWAY_SECONDS}), E::Expired(NOW - LEEWAY_SECONDS)),
            (json!({"exp": null}), E::Missing("exp")),
            (json!({"iat": NOW + 31}), E::NotYetValid(NOW + 31)),
            (json!({"nbf": NOW + 31}), E::NotYetValid(NOW + 31)),
            (json!({"iat": null}), E::Missing("iat")),
            (json!({"iat": i64::MAX, "exp": i64::MAX}), E::NotYetValid(i64::MAX)),
            (json!({"nonce": "m"}), E::Nonce),
            (json!({"nonce": null}), E::Missing("nonce")),
            (json!({"sub": ""}), E::Missing("sub")),
            (json!({"sub": null}), E::Missing("sub")),
        ] {
            assert_eq!(check(&bad), Err(error), "{bad}");
        }
    }
}
