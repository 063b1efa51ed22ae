//! Signing in: the bodies of the accounts service, and the client's own part of a login.

mod attempt;
mod pkce;

use serde::{Deserialize, Serialize};

use crate::secret::{AuthorizationCode, CodeVerifier, Nonce, OpenIdToken, RefreshToken};

pub use attempt::{LoginAttempt, RedirectError};
pub use pkce::CodeChallenge;

/// What a client needs to open a provider's page. An element of `GET /login/providers`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LoginProvider {
    /// `kakao`, `google` …: the last part of the path that the code is posted to.
    pub provider: String,
    /// The provider's page.
    pub authorize_url: String,
    /// The studio's app at the provider.
    pub client_id: String,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// The hosts that a login window may show, with all below them; those with a port are that one place.
    /// With none of them the provider wants the player's own browser.
    #[serde(default)]
    pub window_hosts: Vec<String>,
    /// Where the page ends, of a provider that leads to no address of the player's own machine. A window that
    /// sees it does not load it; a browser can't be used.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub redirect_uri: Option<String>,
}

/// The body of `POST /login/{provider}`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    /// From the redirect.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub code: AuthorizationCode,
    /// Whose challenge the page was opened with.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub code_verifier: CodeVerifier,
    /// Where the page redirected to: providers compare it with the first one.
    pub redirect_uri: String,
    /// What the page was opened with.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub nonce: Nonce,
}

/// The body of `POST /login/{provider}/refresh`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RefreshRequest {
    /// The newest one that an answer has brought.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub refresh_token: RefreshToken,
    /// The `id` in the profile of the login: another player's refresh token is refused.
    pub id: String,
}

/// The answer of `POST /login/{provider}`, and of its `/refresh`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LoginAnswer {
    /// The player's Cognito identity.
    pub identity_id: String,
    /// What `GetCredentialsForIdentity` and the services take.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub token: OpenIdToken,
    /// Who it is, as the provider says.
    pub profile: Profile,
    /// What another token is to be had for. None where the provider gives none; after a refresh, none where
    /// the one before stays good.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub refresh_token: Option<RefreshToken>,
}

/// The answer of the 2017 login, `GET /login/kakao?id&access_token&expires_in`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "PascalCase")]
pub struct LoginAnswer2017 {
    /// The player's Cognito identity.
    pub identity_id: String,
    /// What `GetCredentialsForIdentity` takes.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub token: OpenIdToken,
}

/// A player as a provider knows him.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// The provider's name.
    pub auth_provider: String,
    /// The player's id there.
    pub id: String,
    /// The name he chose there, when he lets the game see it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub nickname: Option<String>,
    /// His picture there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub picture: Option<String>,
}
