//! Facebook's Graph API, which speaks of access tokens.
//!
//! Source: <https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow>, "Inspecting access
//! tokens"

use naru_protocol::AccessToken;
use naru_protocol::login::Profile;
use serde::Deserialize;

use super::provider::FacebookApi;
use super::{App, TokenOwner};
use crate::accounts::LoginError;
use crate::platform::{BoundedHttp, ProviderRefusal, send};

#[derive(Deserialize)]
struct TokenInfo {
    data: InfoData,
}

/// Of a token that is no good there is only `is_valid`, and why.
#[derive(Deserialize)]
struct InfoData {
    #[serde(default)]
    is_valid: bool,
    app_id: Option<String>,
    user_id: Option<String>,
    error: Option<InfoError>,
}

#[derive(Deserialize)]
struct InfoError {
    code: Option<i64>,
}

#[derive(Deserialize)]
struct Me {
    id: String,
    name: Option<String>,
    picture: Option<Picture>,
}

#[derive(Deserialize)]
struct Picture {
    data: Option<PictureData>,
}

#[derive(Deserialize)]
struct PictureData {
    url: Option<String>,
}

/// Asked as our app, so a refusal is a wrong setting; problems of the player's token are in the answer.
pub(super) async fn token_owner(
    http: &BoundedHttp,
    facebook: &FacebookApi,
    app: &App,
    token: &AccessToken,
) -> Result<TokenOwner, LoginError> {
    // `/me` answers for the token of any app; only this answer says to which app it was given.
    let mut url = facebook.token_info_url.clone();
    url.query_pairs_mut().append_pair("input_token", token.expose());
    let secret = app.client_secret.as_ref().map_or("", |secret| secret.expose());
    let answer = send(http.get(&url).bearer_auth(format!("{}|{secret}", app.client_id)), &url).await?;
    answer.check(LoginError::Client)?;
    let TokenInfo { data } = answer.value("token info")?;
    match (data.is_valid, data.app_id.and_then(|id| id.parse().ok()), data.user_id) {
        (true, Some(app_id), Some(user)) => Ok(TokenOwner { user, app_id }),
        _ => Err(LoginError::AccessToken(ProviderRefusal {
            status: 200,
            error: "invalid".to_owned(),
            code: data.error.and_then(|error| error.code).map_or_else(String::new, |code| code.to_string()),
        })),
    }
}

/// Only code 190 says that the token is no good; others are of Facebook's troubles or of our app's settings, and
/// pass without the player.
///
/// Source: <https://developers.facebook.com/docs/graph-api/guides/error-handling>
fn of_token_or_of_ours(refusal: ProviderRefusal) -> LoginError {
    if refusal.code == "190" { LoginError::AccessToken(refusal) } else { LoginError::Client(refusal) }
}

pub(super) async fn profile(
    http: &BoundedHttp,
    facebook: &FacebookApi,
    token: &AccessToken,
) -> Result<Profile, LoginError> {
    let url = &facebook.profile_url;
    let answer = send(http.get(url).bearer_auth(token.expose()), url).await?;
    answer.check(of_token_or_of_ours)?;
    let me: Me = answer.value("profile")?;
    Ok(Profile {
        auth_provider: "facebook".to_owned(),
        id: me.id,
        nickname: me.name,
        picture: me.picture.and_then(|picture| picture.data).and_then(|data| data.url),
    })
}
