//! What a login has brought: a player, a token for a while, and what another one is to be had for.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use naru_protocol::login::LoginAnswer;
use naru_protocol::{OpenIdToken, RefreshToken, ShownName};
use serde::{Deserialize, Serialize};

use crate::view::Player;

/// Between two tokens, whatever the services say of the first: what is wrong may be no matter of the token.
const LEAST_BETWEEN: SignedDuration = SignedDuration::from_secs(60);

/// A player's login. `Debug` prints nothing of its tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) player: Player,
    pub(crate) token: OpenIdToken,
    pub(crate) expires_at: Timestamp,
    /// None where the provider gives none, and when it no longer takes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) refresh: Option<Refresh>,
}

/// What the next token is to be had for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Refresh {
    pub(crate) token: RefreshToken,
    /// The player's id at the provider.
    pub(crate) id: String,
    /// When the newest token came, by the clock of this machine.
    pub(crate) came_at: Timestamp,
    /// When the next one is fetched: in good time, so that a server that is away for some minutes is not
    /// noticed.
    pub(crate) due_at: Timestamp,
}

impl Session {
    /// What an answer is worth from `now` on; nothing where its token does not say how long it is good.
    /// Without a new refresh token the one `before` stays good.
    pub(crate) fn of(
        answer: LoginAnswer,
        provider: &str,
        before: Option<&RefreshToken>,
        now: Timestamp,
    ) -> Option<Self> {
        let lasts = lifetime(&answer.token, now)?;
        let id = answer.profile.id;
        let token = answer.refresh_token.or_else(|| before.cloned());
        Some(Self {
            expires_at: now.checked_add(lasts).ok()?,
            refresh: token.map(|token| Refresh { token, id, came_at: now, due_at: now + lasts * 3 / 4 }),
            player: Player { nickname: shown(answer.profile.nickname), provider: provider.to_owned() },
            token: answer.token,
        })
    }

    /// Keeps the name that is shown where the provider has told none this time.
    pub(crate) fn with_name_of(mut self, before: &Session) -> Self {
        let name = self.player.nickname.take().or_else(|| before.player.nickname.clone());
        self.player.nickname = name;
        self
    }

    /// What must be in no file that leaves the machine.
    pub(crate) fn secrets(&self) -> Vec<&str> {
        let refresh = self.refresh.as_ref().map(|refresh| refresh.token.expose());
        std::iter::once(self.token.expose()).chain(refresh).collect()
    }

    /// Whether the services would no longer take the token.
    pub(crate) fn is_expired(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }

    /// Whether only the player can get another one.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.refresh.is_none() && self.is_expired(now)
    }

    /// Makes the services' refusal count, whatever the clock of this machine says.
    pub(crate) fn expire(&mut self, now: Timestamp) {
        self.expires_at = self.expires_at.min(now);
        if let Some(refresh) = &mut self.refresh {
            let soonest = refresh.came_at.checked_add(LEAST_BETWEEN).unwrap_or(refresh.came_at);
            refresh.due_at = refresh.due_at.min(now.max(soonest));
        }
    }
}

/// A provider's name of a player, where it can be shown.
fn shown(name: Option<String>) -> Option<String> {
    Some(ShownName::parse(name?.trim()).ok()?.into_string())
}

impl Refresh {
    /// How long there is nothing to do. A clock that was set back says nothing of how old the token is.
    pub(crate) fn left(&self, now: Timestamp) -> SignedDuration {
        if now < self.came_at { SignedDuration::ZERO } else { self.due_at.duration_since(now) }
    }
}

#[derive(Deserialize)]
struct Claims {
    iat: Option<i64>,
    exp: i64,
}

/// How long a token is good, as it says itself: by the clock of the one who made it, since that of this
/// machine may be wrong. Only the services judge a token; here it is read to know when to ask for another.
fn lifetime(token: &OpenIdToken, now: Timestamp) -> Option<SignedDuration> {
    let claims = token.expose().split('.').nth(1)?;
    let claims = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    let claims: Claims = serde_json::from_slice(&claims).ok()?;
    let made = claims.iat.unwrap_or_else(|| now.as_second());
    let lasts = claims.exp.checked_sub(made).filter(|lasts| (1..=LONGEST).contains(lasts))?;
    Some(SignedDuration::from_secs(lasts))
}

/// The longest lifetime of a token, in seconds: Cognito's live for a day at most.
const LONGEST: i64 = 366 * 24 * 60 * 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_itself_how_long_it_is_good() {
        let token = |claims: &str| OpenIdToken::new(format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(claims)));
        let now = Timestamp::from_second(50).expect("a time");
        let seconds = |token| lifetime(&token, now).map(|lasts| lasts.as_secs());
        assert_eq!(
            seconds(token(r#"{"exp":60}"#)),
            Some(10),
            "from now on, where it does not say when it was made"
        );
        let elsewhere = token(r#"{"iat":1000,"exp":4600}"#);
        assert_eq!(seconds(elsewhere), Some(3600), "the clock of this machine may be wrong by hours");
        for bad in [
            "{}",
            r#"{"exp":"soon"}"#,
            "x",
            r#"{"iat":60,"exp":60}"#,
            r#"{"iat":0,"exp":9223372036854775807}"#,
        ] {
            assert_eq!(seconds(token(bad)), None, "{bad}");
        }
        assert_eq!(seconds(OpenIdToken::new("no token")), None);
    }
}
