//! The studio's apps at the login providers, as the environment names them.

use aws_config::SdkConfig;
use lambda_http::Error;
use naru_backend::accounts::{App, EndpointError, KakaoHosts, Provider, Providers};
use tokio::try_join;

use crate::{optional, secret, setting, warn};

/// The rows of the providers that the studio has an app at. All secrets are read at once: a function that is
/// not up after 10 seconds is started over.
pub async fn table(sdk: &SdkConfig) -> Result<Providers, Error> {
    let (kakao, google, facebook) = try_join!(kakao(sdk), google(sdk), facebook(sdk))?;
    Ok(Providers::new([kakao, google, facebook].into_iter().flatten()))
}

async fn kakao(sdk: &SdkConfig) -> Result<Option<Provider>, Error> {
    let Some(client_id) = optional("NARU_KAKAO_CLIENT_ID") else {
        warn("NARU_KAKAO_CLIENT_ID is not set: nobody can log in with Kakao");
        return Ok(None);
    };
    let app_id = setting("NARU_KAKAO_APP_ID")?.parse().map_err(|_| "NARU_KAKAO_APP_ID is not a number")?;
    let secret = secret::in_parameter(sdk, "NARU_KAKAO_SECRET_PARAMETER").await?;
    let row = Provider::kakao(App::with_secret(&client_id, &secret), app_id, &kakao_hosts());
    named("NARU_KAKAO_URL", row)
}

/// Kakao's own hosts. Another address is for tests.
fn kakao_hosts() -> KakaoHosts {
    match optional("NARU_KAKAO_URL") {
        Some(url) => KakaoHosts { auth: url.clone(), api: url },
        None => KakaoHosts::default(),
    }
}

async fn google(sdk: &SdkConfig) -> Result<Option<Provider>, Error> {
    // Most studios have no app there, which needs no warning.
    let Some(client_id) = optional("NARU_GOOGLE_CLIENT_ID") else { return Ok(None) };
    let secret = secret::in_parameter(sdk, "NARU_GOOGLE_SECRET_PARAMETER").await?;
    let app = App::with_secret(&client_id, &secret);
    named("NARU_GOOGLE_URL", Provider::google(app, optional("NARU_GOOGLE_URL").as_deref()))
}

async fn facebook(sdk: &SdkConfig) -> Result<Option<Provider>, Error> {
    let Some(app_id) = optional("NARU_FACEBOOK_CLIENT_ID") else { return Ok(None) };
    let app_id = app_id.parse().map_err(|_| "NARU_FACEBOOK_CLIENT_ID is not a number")?;
    let secret = secret::in_parameter(sdk, "NARU_FACEBOOK_SECRET_PARAMETER").await?;
    let row = Provider::facebook(app_id, &secret, optional("NARU_FACEBOOK_URL").as_deref());
    named("NARU_FACEBOOK_URL", row)
}

/// The one address that can be wrong is the one that a variable names.
fn named(variable: &str, row: Result<Provider, EndpointError>) -> Result<Option<Provider>, Error> {
    Ok(Some(row.map_err(|error| format!("{variable}: {error}"))?))
}
