//! The studio's app at Kakao, as the environment names it.

use aws_config::SdkConfig;
use lambda_http::Error;
use naru_backend::domain::accounts::{App, KakaoHosts, Provider};

use crate::{optional, secret, setting, warn};

/// Kakao as a login provider; nothing, where the studio has no app there.
pub async fn provider(sdk: &SdkConfig) -> Result<Option<Provider>, Error> {
    let Some(client_id) = optional("NARU_KAKAO_CLIENT_ID") else {
        warn("NARU_KAKAO_CLIENT_ID is not set: nobody can log in with Kakao");
        return Ok(None);
    };
    let app_id = setting("NARU_KAKAO_APP_ID")?.parse().map_err(|_| "NARU_KAKAO_APP_ID is not a number")?;
    let secret = secret::in_parameter(sdk, "NARU_KAKAO_SECRET_PARAMETER").await?;
    let app = App::with_secret(&client_id, &secret);
    let provider = Provider::kakao(app, app_id, &hosts());
    Ok(Some(provider.map_err(|error| format!("NARU_KAKAO_URL: {error}"))?))
}

/// Kakao's own hosts. Another address is for tests.
fn hosts() -> KakaoHosts {
    match optional("NARU_KAKAO_URL") {
        Some(url) => KakaoHosts { auth: url.clone(), api: url },
        None => KakaoHosts::default(),
    }
}
