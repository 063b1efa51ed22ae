//! The game services: the production router on SQLite, for players of the embedded identity pool.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use naru_backend::adapters::{Database, EngineLimits, QuickJs};
use naru_backend::domain::PlayerId;
use naru_backend::ports::{TokenError, TokenVerifier};
use naru_backend::{SAMPLE_GAME, Services, feed_until, http};
use tokio_util::sync::CancellationToken;

use crate::clock;
use crate::config::Config;
use crate::control::Claims;
use crate::error::{StartError, StorageError};
use crate::keys::SigningKey;

/// The services, ready to be served.
pub(crate) struct GameServices {
    services: Services,
    options: http::Options,
}

impl GameServices {
    /// Opens `services.db` in the data folder.
    pub(crate) async fn open(config: &Config, key: &Arc<SigningKey>) -> Result<GameServices, StartError> {
        let tokens = Arc::new(PoolTokens { key: Arc::clone(key), pool: config.identity_pool.clone() });
        let file = config.data.join("services.db");
        let opened = tokio::task::spawn_blocking(move || open(file, tokens));
        let services = opened.await.map_err(StorageError::from)?.map_err(StartError::Services)?;
        Ok(GameServices { services, options: http::Options { on_fault, shapes_2017: config.shapes_2017 } })
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
        TowerToHyperService::new(http::router(self.services.clone(), self.options))
    }

    /// Counts scores until `stop`.
    pub(crate) async fn feed_statistics(self, stop: CancellationToken) {
        feed_until(self.services, on_fault, stop.cancelled()).await;
    }
}

/// Whoever develops against the services sees why they failed.
fn on_fault(fault: &str) {
    eprintln!("game services: {fault}");
}

fn open(
    file: PathBuf,
    tokens: Arc<PoolTokens>,
) -> Result<Services, Box<dyn std::error::Error + Send + Sync>> {
    let database = Database::open(&file)?;
    let game = QuickJs::load(SAMPLE_GAME, EngineLimits::default())?;
    Ok(Services::on_sqlite(&database, Arc::new(game), tokens))
}

/// Checks tokens of the embedded pool, which signs them with a key of the data folder.
struct PoolTokens {
    key: Arc<SigningKey>,
    pool: String,
}

#[async_trait]
impl TokenVerifier for PoolTokens {
    async fn verify(&self, bearer: &str) -> Result<PlayerId, TokenError> {
        let refused = |reason: &str| TokenError::Refused(reason.to_owned());
        let claims: Claims = self.key.read(bearer).ok_or_else(|| refused("not signed by this pool"))?;
        if claims.aud != self.pool {
            return Err(refused("for another pool"));
        }
        if claims.exp <= clock::now() / 1000 {
            return Err(TokenError::Expired);
        }
        PlayerId::parse(&claims.sub).map_err(|error| refused(&error.to_string()))
    }
}
