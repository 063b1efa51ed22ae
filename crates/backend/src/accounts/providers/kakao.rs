//! Kakao's own API, which speaks of access tokens.
//!
//! Source: <https://developers.kakao.com/docs/latest/en/kakaologin/rest-api>

use naru_protocol::AccessToken;
use naru_protocol::login::Profile;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::TokenOwner;
use super::provider::KakaoApi;
use crate::accounts::LoginError;
use crate::platform::{BoundedHttp, send};

#[derive(Deserialize)]
struct TokenInfo {
    id: u64,
    app_id: u64,
}

#[derive(Deserialize)]
struct Me {
    id: u64,
    #[serde(default)]
    properties: Properties,
    #[serde(default)]
    kakao_account: KakaoAccount,
}

#[derive(Default, Deserialize)]
struct Properties {
    nickname: Option<String>,
}

#[derive(Default, Deserialize)]
struct KakaoAccount {
    #[serde(default)]
    profile: KakaoProfile,
}

#[derive(Default, Deserialize)]
struct KakaoProfile {
    nickname: Option<String>,
    thumbnail_image_url: Option<String>,
}

pub(super) async fn token_owner(
    http: &BoundedHttp,
    kakao: &KakaoApi,
    token: &AccessToken,
) -> Result<TokenOwner, LoginError> {
    let info: TokenInfo = ask(http, &kakao.token_info_url, token, "token info").await?;
    Ok(TokenOwner { user: info.id.to_string(), app_id: info.app_id })
}

pub(super) async fn profile(
    http: &BoundedHttp,
    kakao: &KakaoApi,
    token: &AccessToken,
) -> Result<Profile, LoginError> {
    let me: Me = ask(http, &kakao.profile_url, token, "profile").await?;
    let told = me.kakao_account.profile;
    Ok(Profile {
        auth_provider: "kakao".to_owned(),
        id: me.id.to_string(),
        nickname: told.nickname.or(me.properties.nickname),
        picture: told.thumbnail_image_url,
    })
}

async fn ask<T: DeserializeOwned>(
    http: &BoundedHttp,
    url: &Url,
    token: &AccessToken,
    wanted: &'static str,
) -> Result<T, LoginError> {
    let answer = send(http.get(url).bearer_auth(token.expose()), url).await?;
    answer.check(LoginError::AccessToken)?;
    Ok(answer.value(wanted)?)
}
