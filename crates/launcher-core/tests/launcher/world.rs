//! A studio, its cloud, and a player's machine.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use naru_launcher_core::view::{self, Job, JobKind, JobState, Language, LauncherEvent, Outcome};
use naru_launcher_core::{
    BrandFile, Endpoint, Endpoints, Environment, Folders, Keychain, KeychainError, Launcher,
    LauncherEnvironment, Listener, Packaged, Publishing, SystemVariables,
};
use naru_local_cloud::{Config, LocalCloud};
use naru_patcher::{ChannelOptions, PublishOptions, Publisher, ReleaseLog, Silent};
use naru_store::S3Store;
use naru_testkit::ChaosProxy;
use tempfile::TempDir;

use crate::clock::TestClock;

pub const BRAND: &str = r##"
studio = "Studio"
providers = ["kakao"]
game = { ko = "놀이", en = "Game" }
tagline = { ko = "한 줄", en = "One line" }
accent = { light = "#0f766e", dark = "#5eead4" }
[start]
kind = "web"
entry = "index.html"
"##;

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct World {
    pub cloud: LocalCloud,
    /// Between the launcher and the edge.
    pub edge: ChaosProxy,
    pub keychain: Arc<TestKeychain>,
    pub heard: Arc<Heard>,
    pub brand: BrandFile,
    pub launcher: Packaged,
    pub admin: bool,
    pub clock: Arc<TestClock>,
    /// What the launcher was started with.
    pub environment: Vec<(OsString, OsString)>,
    pub folder: TempDir,
}

impl World {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = TempDir::new().unwrap();
        let mut config = Config::new(folder.path().join("cloud"));
        config.invalidation_time = Duration::ZERO;
        config.behind_proxies = true;
        change(&mut config);
        let cloud = LocalCloud::start(config).await.unwrap();
        let edge = cloud.endpoints().edge_url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self {
            edge: ChaosProxy::start(edge.parse().unwrap()).await,
            cloud,
            keychain: Arc::default(),
            heard: Arc::default(),
            brand: BrandFile::parse(BRAND).unwrap(),
            launcher: Packaged { version: "1.0.0".parse().unwrap(), target: None },
            admin: false,
            clock: Arc::new(TestClock::new()),
            environment: std::env::vars_os().collect(),
            folder,
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn install(&self) -> PathBuf {
        self.path("game")
    }

    /// The launcher as it starts on this machine.
    pub fn open(&self) -> Arc<Launcher> {
        self.open_with(self.endpoints())
    }

    pub fn open_with(&self, endpoints: Endpoints) -> Arc<Launcher> {
        let mut process = Environment::default();
        process.cache = Some(self.path("cache"));
        let environment = LauncherEnvironment {
            process,
            folders: Folders {
                data: self.path("data"),
                logs: self.path("logs"),
                default_install: self.install(),
            },
            runtime: tokio::runtime::Handle::current(),
            system_language: Language::Ko,
            install_folder: None,
            admin: self.admin,
            system_variables: SystemVariables::of(self.environment.clone()),
            launcher: self.launcher.clone(),
            aws: Some(self.sdk()),
            clock: self.clock.clone(),
        };
        let (keychain, heard) = (self.keychain.clone(), self.heard.clone());
        Launcher::open(self.brand.clone(), endpoints, environment, keychain, heard).unwrap()
    }

    pub fn endpoints(&self) -> Endpoints {
        let at = self.cloud.endpoints();
        Endpoints {
            edge: Some(Endpoint::parse(&self.edge.url()).unwrap()),
            services: Some(Endpoint::parse(&at.services_url).unwrap()),
            publishing: Some(Publishing {
                bucket: at.bucket.clone().try_into().unwrap(),
                distribution: Some(at.distribution.clone().try_into().unwrap()),
                preserve: vec!["saves/**".into()],
                ..Publishing::default()
            }),
            ..Endpoints::default()
        }
    }

    /// The same machine, with the network cable pulled.
    pub fn open_offline(&self) -> Arc<Launcher> {
        // Nothing listens on port 1.
        let nowhere = Endpoint::parse("http://127.0.0.1:1").unwrap();
        self.open_with(Endpoints { edge: Some(nowhere.clone()), services: Some(nowhere), ..self.endpoints() })
    }

    fn sdk(&self) -> SdkConfig {
        let (at, keys) = (self.cloud.endpoints(), self.cloud.publisher());
        let keys = Credentials::new(&keys.access_key_id, &keys.secret_access_key, None, None, "test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(at.region.clone()))
            .service_config(Addresses { s3: at.s3_url.clone(), control: at.control_url.clone() })
            .credentials_provider(SharedCredentialsProvider::new(keys))
            .build()
    }

    pub fn set_build(&self, files: &[(&str, &[u8])]) {
        let build = self.path("build");
        if build.exists() {
            std::fs::remove_dir_all(&build).unwrap();
        }
        files.iter().for_each(|(path, bytes)| write(&build.join(path), bytes));
    }

    /// Publishes as CI does, past the launcher.
    pub async fn publish(&self, files: &[(&str, &[u8])]) -> u64 {
        self.set_build(files);
        let store = Arc::new(S3Store::new(&self.sdk(), &self.cloud.endpoints().bucket));
        let log = ReleaseLog::new(store, None, ChannelOptions::default(), Arc::new(Silent));
        let publisher = Publisher::new(log, PublishOptions::new(self.path("build")));
        let plan = publisher.plan().await.unwrap();
        let number = publisher.publish(plan).await.unwrap().number;
        self.drop_edge_copies().await;
        number
    }

    async fn drop_edge_copies(&self) {
        use naru_store::{CloudFrontInvalidator, Invalidator};
        let invalidator = CloudFrontInvalidator::new(&self.sdk(), &self.cloud.endpoints().distribution);
        let mut state = invalidator.invalidate("update/version.json").await.unwrap();
        while !state.completed {
            state = invalidator.progress(&state.id).await.unwrap();
        }
    }

    /// A launcher with a game installed.
    pub async fn installed(&self, files: &[(&str, &[u8])]) -> Arc<Launcher> {
        self.publish(files).await;
        let launcher = self.open();
        run(&launcher, JobKind::Update).await;
        launcher
    }
}

/// What AWS's SDK is told by the environment elsewhere.
#[derive(Debug)]
struct Addresses {
    s3: String,
    control: String,
}

impl LoadServiceConfig for Addresses {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        match (key.service_id(), key.profile()) {
            ("S3", "endpoint_url") => Some(self.s3.clone()),
            ("CloudFront", "endpoint_url") => Some(self.control.clone()),
            _ => None,
        }
    }
}

/// Keeps all news.
#[derive(Default)]
pub struct Heard(Mutex<Vec<LauncherEvent>>);

impl Heard {
    pub fn all(&self) -> Vec<LauncherEvent> {
        self.0.lock().unwrap().clone()
    }

    /// Waits until something was told.
    pub async fn until(&self, what: &str, is_it: impl Fn(&LauncherEvent) -> bool) {
        wait(what, || self.all().iter().any(&is_it)).await;
    }

    pub fn jobs(&self) -> Vec<Job> {
        let job = |event| if let LauncherEvent::Job(job) = event { job } else { None };
        self.all().into_iter().filter_map(job).collect()
    }
}

impl Listener for Heard {
    fn on_event(&self, event: LauncherEvent) {
        self.0.lock().unwrap().push(event);
    }
}

/// A keychain in memory, which can be locked.
#[derive(Default)]
pub struct TestKeychain {
    pub secret: Mutex<Option<Vec<u8>>>,
    pub is_locked: Mutex<bool>,
}

impl TestKeychain {
    /// Waits until it holds what it should.
    pub async fn until(&self, what: &str, is_so: impl Fn(Option<&[u8]>) -> bool) {
        wait(what, || is_so(self.secret.lock().unwrap().as_deref())).await;
    }

    /// What is kept of the login.
    pub fn login(&self) -> serde_json::Value {
        serde_json::from_slice(self.secret.lock().unwrap().as_deref().unwrap()).unwrap()
    }

    fn check(&self) -> Result<(), KeychainError> {
        if *self.is_locked.lock().unwrap() { Err(KeychainError("locked".into())) } else { Ok(()) }
    }
}

impl Keychain for TestKeychain {
    fn get(&self) -> Result<Option<Vec<u8>>, KeychainError> {
        self.check()?;
        Ok(self.secret.lock().unwrap().clone())
    }

    fn set(&self, secret: &[u8]) -> Result<(), KeychainError> {
        self.check()?;
        *self.secret.lock().unwrap() = Some(secret.to_vec());
        Ok(())
    }

    fn delete(&self) -> Result<(), KeychainError> {
        self.check()?;
        *self.secret.lock().unwrap() = None;
        Ok(())
    }
}

/// Waits until a condition without an event holds.
pub async fn wait(what: &str, is_so: impl Fn() -> bool) {
    let watch = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, watch).await.expect(what);
}

/// Waits until the window would show something.
pub async fn until(
    launcher: &Launcher,
    what: &str,
    is_so: impl Fn(&view::Launcher) -> bool,
) -> view::Launcher {
    let watch = async {
        loop {
            let view = launcher.view();
            if is_so(&view) {
                return view;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    match tokio::time::timeout(PATIENCE, watch).await {
        Ok(view) => view,
        Err(_) => panic!("{what}: {:#?}", launcher.view()),
    }
}

/// Begins a job and waits for its end.
pub async fn run(launcher: &Arc<Launcher>, kind: JobKind) -> Outcome {
    let begun = match kind {
        JobKind::Update => launcher.game().update(),
        JobKind::Verify => launcher.game().verify(),
        JobKind::Repair => launcher.game().repair(),
        other => panic!("{other:?} is begun with what it is about"),
    };
    begun.unwrap();
    done(launcher).await
}

/// The end of the job that is under way, which must be a good one.
pub async fn done(launcher: &Launcher) -> Outcome {
    match ended(launcher).await {
        JobState::Done { outcome } => outcome,
        other => panic!("{other:?}"),
    }
}

/// How the job that is under way ends.
pub async fn ended(launcher: &Launcher) -> JobState {
    let is_over =
        |view: &view::Launcher| !matches!(view.job.as_ref().unwrap().state, JobState::Running { .. });
    until(launcher, "the job ends", is_over).await.job.unwrap().state
}

pub fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// Bytes that no compression and no chance repeats.
pub fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes());
    hasher.finalize_xof().fill(&mut bytes);
    bytes
}
