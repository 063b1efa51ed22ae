//! The services on `axum::serve`, with SQLite behind them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use aws_sdk_cognitoidentity::config::{BehaviorVersion, Region};
use jiff::Timestamp;
use naru_backend::accounts::{Login, LoginPlaces, Providers};
use naru_backend::platform::{
    AllowanceStore, Allowances, BoundedHttp, Clock, CognitoTokens, Database, KeySets, Platform, Requester,
    StoreError, SystemClock,
};
use naru_backend::scores::{EngineLimits, QuickJs};
use naru_backend::statistics::feed_statistics;
use naru_backend::{Options, SAMPLE_GAME, Services, open_database};
use tempfile::TempDir;

use crate::cases::service::Setting;
use crate::cases::tokens::POOL;

pub struct Host {
    pub url: String,
    pub services: Services,
    clock: Arc<HandClock>,
    _folder: TempDir,
}

/// A clock that a test moves.
struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

impl Host {
    /// How many honest runs, and how many rounds of forgeries, are played here.
    pub const RUNS: u32 = 1000;
    pub const ROUNDS: u32 = 500;

    /// `cognito`: where the keys of the players' tokens are.
    pub async fn start(setting: Setting, cognito: &str) -> Option<Host> {
        let folder = tempfile::tempdir().unwrap();
        let database = open_database(&folder.path().join("services.db")).unwrap();
        let game = QuickJs::load(SAMPLE_GAME, EngineLimits::default()).unwrap();
        let clock = Arc::new(HandClock(AtomicI64::new(1_700_000_000_000)));
        let allowances = Allowances::new(allowance_store(setting, &database), clock.clone());
        let tokens = Arc::new(tokens(cognito));
        let platform = Platform { tokens, allowances, clock: clock.clone() };
        let accounts = nobodys_login().accounts;
        let services = Services::on_sqlite(&database, Arc::new(game), accounts, platform);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let options =
            Options { on_fault: |fault| println!("fault: {fault}"), shapes_2017: setting.shapes_2017 };
        let router = services.clone().router(options);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Some(Host { url, services, clock, _folder: folder })
    }

    /// Lets time pass.
    pub async fn advance(&self, milliseconds: i64) {
        self.clock.0.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// Lets the consumer of the stream run until it has nothing left to do.
    pub async fn feed(&self) {
        let feeder = &self.services.feeder;
        feed_statistics(&*feeder.stream, &*feeder.counts).await.unwrap();
    }
}

/// The check of tokens is production's own. Its clock is the machine's: the tokens are made by it.
fn tokens(cognito: &str) -> CognitoTokens {
    let keys = KeySets::new(BoundedHttp::new().unwrap());
    CognitoTokens::new(keys, &cognito.parse().unwrap(), POOL, Arc::new(SystemClock)).unwrap()
}

fn allowance_store(setting: Setting, database: &Database) -> Arc<dyn AllowanceStore> {
    match setting.rate_limits {
        true => Arc::new(database.clone()),
        false => Arc::new(Unlimited(database.clone())),
    }
}

/// Counts, and never refuses.
struct Unlimited(Database);

#[async_trait]
impl AllowanceStore for Unlimited {
    async fn take(
        &self,
        by: &Requester,
        action: &'static str,
        window: i64,
        _limit: u32,
    ) -> Result<bool, StoreError> {
        self.0.take(by, action, window, u32::MAX).await
    }
}

/// A login without providers: these tests have tokens of their own, and `tests/accounts` logs in.
fn nobodys_login() -> Login {
    let nowhere = "http://127.0.0.1:1";
    let cognito = aws_sdk_cognitoidentity::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("ap-northeast-2"))
        .endpoint_url(nowhere);
    let places = LoginPlaces {
        http: BoundedHttp::new().unwrap(),
        providers: Providers::default(),
        cognito: aws_sdk_cognitoidentity::Client::from_conf(cognito.build()),
        cognito_url: nowhere.parse().unwrap(),
        identity_pool: "ap-northeast-2:none".to_owned(),
        developer_provider: "none".to_owned(),
    };
    Login::open(places).unwrap()
}
