//! Starting and stopping everything.

use std::net::SocketAddr;
use std::sync::Arc;

use hyper::Request;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use naru_loopback::{Guard, bind, serve};
use s3s::service::S3Service;
use s3s::validation::{AwsNameValidation, NameValidation};
use tokio::net::TcpListener;
use tokio::task::{JoinSet, spawn_blocking};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::config::{Config, Endpoints};
use crate::control::{CloudFront, Control, IdentityPool, UserPool};
use crate::edge::Edge;
use crate::edge::cache::Cache;
use crate::error::{StartError, StorageError};
use crate::game_services::GameServices;
use crate::kakao::{Kakao, KakaoService};
use crate::keys::{Scheme, SigningKey, open_secret};
use crate::principals::{Credentials, Principals};
use crate::s3::{self, REGION};
use crate::storage::Storage;
use crate::tally::{Counters, Tally};

/// A running local cloud. Dropping it stops it too, without waiting.
pub struct LocalCloud {
    endpoints: Endpoints,
    publisher: Credentials,
    tally: Arc<Tally>,
    listeners: JoinSet<()>,
    stop: DropGuard,
}

/// The keys of the data folder.
struct Keys {
    identity: SigningKey,
    kakao: SigningKey,
    users: SigningKey,
    publisher: Credentials,
    sessions: Vec<u8>,
    codes: Vec<u8>,
}

/// The sockets, bound and not yet served.
struct Sockets {
    s3: TcpListener,
    edge: TcpListener,
    control: TcpListener,
    services: TcpListener,
    kakao: TcpListener,
}

impl LocalCloud {
    /// Opens the data folder, makes the bucket, and serves until [`LocalCloud::stop`].
    pub async fn start(config: Config) -> Result<LocalCloud, StartError> {
        if !AwsNameValidation::new().validate_bucket_name(&config.bucket) {
            return Err(StartError::BucketName(config.bucket));
        }
        let sockets = Sockets::bind(&config).await?;
        let endpoints = sockets.endpoints(&config)?;
        let (storage, keys) = open(&config).await?;
        let game = GameServices::open(&config, &endpoints, &keys.publisher).await?;
        let guards = Guards::new(&config, &sockets)?;

        let principals = Principals::new(Arc::clone(&storage), keys.publisher.clone(), &keys.sessions);
        let tally = Arc::new(Tally::default());
        let edge = Edge {
            storage: Arc::clone(&storage),
            cache: Arc::new(Cache::default()),
            tally: Arc::clone(&tally),
            bucket: config.bucket.as_str().into(),
            default_lifetime: config.edge_lifetime,
        };
        let edge_host = address(&sockets.edge)?.to_string();
        let apps = config.kakao_apps.clone();
        let kakao = Kakao::new(Arc::clone(&storage), keys.kakao, endpoints.kakao_url.clone(), apps);
        let users = UserPool::new(&config, &storage, keys.users, keys.codes, game.registration());
        let control = control(config, &edge, edge_host, &principals, keys.identity, users);
        let s3 = count_requests(s3::service(&storage, &principals, &tally), &tally);

        let stop = CancellationToken::new();
        let mut listeners = JoinSet::new();
        listeners.spawn(serve(sockets.s3, guards.s3, s3, stop.clone()));
        listeners.spawn(serve(sockets.edge, guards.edge, edge, stop.clone()));
        listeners.spawn(serve(sockets.control, guards.control, control, stop.clone()));
        listeners.spawn(serve(sockets.services, guards.services, game.answers(), stop.clone()));
        listeners.spawn(game.feed_statistics(stop.clone()));
        listeners.spawn(serve(sockets.kakao, guards.kakao, KakaoService(Arc::new(kakao)), stop.clone()));
        Ok(LocalCloud { endpoints, publisher: keys.publisher, tally, listeners, stop: stop.drop_guard() })
    }

    /// Where it is.
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// The publisher's keys.
    pub fn publisher(&self) -> &Credentials {
        &self.publisher
    }

    /// What has been served so far.
    pub fn counters(&self) -> Counters {
        self.tally.counters()
    }

    /// Accepts no more requests, waits for running ones (for at most 3 seconds), and stops.
    pub async fn stop(self) {
        self.stop.disarm().cancel();
        self.listeners.join_all().await;
    }
}

impl Sockets {
    async fn bind(config: &Config) -> Result<Sockets, StartError> {
        Ok(Sockets {
            s3: bind(config.s3).await?,
            edge: bind(config.edge).await?,
            control: bind(config.control).await?,
            services: bind(config.services).await?,
            kakao: bind(config.kakao).await?,
        })
    }

    fn endpoints(&self, config: &Config) -> Result<Endpoints, StartError> {
        Ok(Endpoints {
            s3_url: format!("http://{}", address(&self.s3)?),
            edge_url: format!("http://{}/", address(&self.edge)?),
            control_url: format!("http://{}", address(&self.control)?),
            services_url: format!("http://{}", address(&self.services)?),
            kakao_url: format!("http://{}", address(&self.kakao)?),
            bucket: config.bucket.clone(),
            distribution: config.distribution.clone(),
            identity_pool: config.identity_pool.clone(),
            developer_provider: config.developer_provider.clone(),
            user_pool: config.user_pool.clone(),
            user_pool_client: config.user_pool_client.clone(),
            region: REGION.to_owned(),
        })
    }
}

/// The guard of each listener.
struct Guards {
    s3: Guard,
    edge: Guard,
    control: Guard,
    services: Guard,
    kakao: Guard,
}

impl Guards {
    fn new(config: &Config, sockets: &Sockets) -> Result<Guards, StartError> {
        let guard = |listener: &TcpListener| {
            let guard = Guard::new(address(listener)?);
            Ok::<_, StartError>(if config.behind_proxies { guard.behind_proxies() } else { guard })
        };
        Ok(Guards {
            s3: guard(&sockets.s3)?,
            edge: guard(&sockets.edge)?,
            control: guard(&sockets.control)?,
            services: guard(&sockets.services)?.with_pages(&config.pages),
            // The page on which a player logs in posts its form.
            kakao: guard(&sockets.kakao)?.with_own_pages(),
        })
    }
}

fn address(listener: &TcpListener) -> Result<SocketAddr, StartError> {
    listener
        .local_addr()
        .map_err(|source| StartError::Bind { address: SocketAddr::from(([127, 0, 0, 1], 0)), source })
}

fn control(
    config: Config,
    edge: &Edge,
    edge_host: String,
    principals: &Principals,
    key: SigningKey,
    users: UserPool,
) -> Control {
    let users = Arc::new(users);
    let cloudfront = CloudFront::new(
        &edge.storage,
        principals,
        &edge.cache,
        (config.distribution, edge_host),
        config.invalidation_time,
    );
    let identity = IdentityPool {
        storage: Arc::clone(&edge.storage),
        principals: principals.clone(),
        key,
        users: Arc::clone(&users),
        id: config.identity_pool,
        developer_provider: config.developer_provider,
    };
    Control {
        cloudfront: Arc::new(cloudfront),
        identity: Arc::new(identity),
        user_pool: users,
        tally: Arc::clone(&edge.tally),
    }
}

async fn open(config: &Config) -> Result<(Arc<Storage>, Keys), StartError> {
    let (data, bucket) = (config.data.clone(), config.bucket.clone());
    let opened = spawn_blocking(move || {
        let storage = Storage::open(&data)?;
        storage.index.create_bucket(&bucket)?;
        let keys = Keys {
            identity: SigningKey::new(&data, "cognito-identity", Scheme::Rs512),
            kakao: SigningKey::new(&data, "kakao", Scheme::Rs256),
            users: SigningKey::new(&data, "user-pool", Scheme::Rs256),
            publisher: Credentials::publisher(&open_secret(&data, "publisher")?),
            sessions: open_secret(&data, "sessions")?,
            codes: open_secret(&data, "confirmation-codes")?,
        };
        Ok::<_, StartError>((storage, keys))
    });
    opened.await.map_err(StorageError::from)?
}

fn count_requests(
    service: S3Service,
    tally: &Arc<Tally>,
) -> impl Service<Request<Incoming>, Response = s3s::HttpResponse, Error = s3s::HttpError, Future: Send>
+ Clone
+ Send
+ 'static {
    let tally = Arc::clone(tally);
    service_fn(move |request: Request<Incoming>| {
        tally.s3_requests.add(1);
        Service::call(&service, request)
    })
}
