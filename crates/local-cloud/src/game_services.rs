//! The game services and the login: the production router on SQLite. It reaches Cognito and Kakao
//! over HTTP at the addresses of their stand-ins, as it would reach theirs.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use aws_credential_types::Credentials as AwsCredentials;
use aws_sdk_cognitoidentity::Client;
use aws_sdk_cognitoidentity::config::{BehaviorVersion, Region};
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use naru_backend::accounts::{
    App, EndpointError, KakaoHosts, Login, LoginPlaces, Provider, Providers, Registration,
};
use naru_backend::platform::{Allowances, BoundedHttp, Platform, SystemClock};
use naru_backend::scores::{EngineLimits, QuickJs};
use naru_backend::{Options, SAMPLE_GAME, Services, open_database};
use tokio_util::sync::CancellationToken;

use crate::config::{Config, Endpoints, StudioApp};
use crate::error::{StartError, StorageError};
use crate::principals::Credentials;

/// The services, ready to be served.
pub(crate) struct GameServices {
    services: Services,
    options: Options,
}

impl GameServices {
    /// Opens `services.db` in the data folder.
    pub(crate) async fn open(
        config: &Config,
        at: &Endpoints,
        keys: &Credentials,
    ) -> Result<GameServices, StartError> {
        let login = login(config, at, keys).map_err(StartError::Services)?;
        let file = config.data.join("services.db");
        let opened = tokio::task::spawn_blocking(move || open(file, login));
        let services = opened.await.map_err(StorageError::from)?.map_err(StartError::Services)?;
        let options = Options { on_fault, shapes_2017: config.shapes_2017 };
        Ok(GameServices { services, options })
    }

    /// What takes the new accounts of the user pool.
    pub(crate) fn registration(&self) -> Registration {
        self.services.registration.clone()
    }

    /// The router as a service that hyper can serve.
    pub(crate) fn answers(
        &self,
    ) -> impl Service<
        Request<Incoming>,
        Response = axum::response::Response,
        Error = std::convert::Infallible,
        Future: Send,
    > + Clone
    + Send
    + use<> {
        TowerToHyperService::new(self.services.clone().router(self.options))
    }

    /// Counts scores until `stop`.
    pub(crate) async fn feed_statistics(self, stop: CancellationToken) {
        self.services.feeder.feed_until(on_fault, stop.cancelled()).await;
    }
}

/// Shows a developer why the services failed.
fn on_fault(fault: &str) {
    eprintln!("game services: {fault}");
}

fn open(file: PathBuf, login: Login) -> Result<Services, Box<dyn Error + Send + Sync>> {
    let database = open_database(&file)?;
    let game = QuickJs::load(SAMPLE_GAME, EngineLimits::default())?;
    let clock = Arc::new(SystemClock);
    let allowances = Allowances::new(Arc::new(database.clone()), clock.clone());
    let platform = Platform { tokens: login.tokens, allowances, clock };
    Ok(Services::on_sqlite(&database, Arc::new(game), login.accounts, platform))
}

/// The login with the stand-in for Kakao, and with the providers that have an app of the studio.
fn login(config: &Config, at: &Endpoints, keys: &Credentials) -> Result<Login, Box<dyn Error + Send + Sync>> {
    let rows = rows(config, at)?;
    let is_all_here = rows.iter().all(|row| row.token_url.scheme() == "http");
    Ok(Login::open(LoginPlaces {
        // The stand-ins speak plain HTTP, and the machine may have no root certificates.
        http: if is_all_here { BoundedHttp::for_plain_http()? } else { BoundedHttp::new()? },
        providers: Providers::new(rows),
        cognito: cognito(at, keys),
        cognito_url: at.control_url.parse()?,
        identity_pool: at.identity_pool.clone(),
        developer_provider: at.developer_provider.clone(),
    })?)
}

fn rows(config: &Config, at: &Endpoints) -> Result<Vec<Provider>, Box<dyn Error + Send + Sync>> {
    let hosts = KakaoHosts { auth: at.kakao_url.clone(), api: at.kakao_url.clone() };
    let kakao = config.kakao_apps.first().map(|app| {
        Provider::kakao(App::with_secret(&app.rest_api_key, &app.client_secret), app.app_id, &hosts)
    });
    let google = config.google.as_ref().map(|app| {
        Provider::google(App::with_secret(&app.client_id, &app.client_secret), app.url.as_deref())
    });
    let facebook = config.facebook.as_ref().map(facebook).transpose()?;
    Ok([kakao, google].into_iter().flatten().chain(facebook).collect::<Result<_, _>>()?)
}

fn facebook(app: &StudioApp) -> Result<Result<Provider, EndpointError>, String> {
    let not_a_number = |_| format!("{:?} is no app id of Facebook: it takes a number", app.client_id);
    let app_id = app.client_id.parse().map_err(not_a_number)?;
    Ok(Provider::facebook(app_id, &app.client_secret, app.url.as_deref()))
}

fn cognito(at: &Endpoints, keys: &Credentials) -> Client {
    let (id, secret) = (keys.access_key_id.as_str(), keys.secret_access_key.as_str());
    let config = aws_sdk_cognitoidentity::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(at.region.clone()))
        .endpoint_url(&at.control_url)
        // Plain HTTP is all that is spoken here, and root certificates take a while to read.
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .credentials_provider(AwsCredentials::new(id, secret, None, None, "services"));
    Client::from_conf(config.build())
}
