//! The login as the function `accounts`, with its secret in SSM.

use naru_local_cloud::{KakaoApp, LocalCloud};

use crate::gateway::{self, Functions};
use crate::moto::Moto;
use crate::runtime::Function;

pub struct LoginHost {
    pub url: String,
}

impl LoginHost {
    /// Kakao and Cognito are the embedded cloud's.
    pub async fn start(cloud: &LocalCloud) -> Option<LoginHost> {
        let (at, app, keys) = (cloud.endpoints(), KakaoApp::development(), cloud.publisher());
        let moto = Moto::with_tables(&at.region).await?;
        let (parameter, app_id) = (format!("/login/{:016x}", fastrand::u64(..)), app.app_id.to_string());
        moto.put_secret(&parameter, &app.client_secret).await;
        let variables = [
            ("NARU_DEVELOPER_PROVIDER", at.developer_provider.as_str()),
            ("NARU_IDENTITY_POOL", &at.identity_pool),
            ("NARU_KAKAO_CLIENT_ID", &app.rest_api_key),
            ("NARU_KAKAO_APP_ID", &app_id),
            ("NARU_KAKAO_SECRET_PARAMETER", &parameter),
            ("NARU_KAKAO_URL", &at.kakao_url),
            ("AWS_ENDPOINT_URL_SSM", &moto.endpoint),
            ("AWS_ENDPOINT_URL_COGNITO_IDENTITY", &at.control_url),
            // Cognito's stand-in knows the keys, and the region that they sign for.
            ("AWS_ACCESS_KEY_ID", &keys.access_key_id),
            ("AWS_SECRET_ACCESS_KEY", &keys.secret_access_key),
        ];
        let accounts = Function::start_with(env!("CARGO_BIN_EXE_accounts"), &moto, &variables).await;
        Some(LoginHost { url: gateway::start(Functions::from([("accounts", accounts)])).await })
    }
}
