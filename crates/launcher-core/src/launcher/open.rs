//! Opening the launcher: each feature gets exactly what it works with.

use std::sync::{Arc, Weak};

use naru_brand::{BrandFile, Endpoints};
use naru_store::Network;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::state::LauncherState;
use super::{Launcher, Listener};
use crate::account::{Account, AccountParts, AccountState, Keychain};
use crate::engine::Engine;
use crate::environment::LauncherEnvironment;
use crate::game::{EarlierGame, Game, GameProcessLock, GameState, InstalledGame, NativeGame, install_folder};
use crate::jobs::{Jobs, JobsState};
use crate::lease::InstallLease;
use crate::news::News;
use crate::publisher::{Publisher, PublisherState};
use crate::recheck::{Check, Recheck};
use crate::scores::Scores;
use crate::self_update::{SelfUpdate, SelfUpdateState};
use crate::services_client::Services;
use crate::settings::{Settings, SettingsFile, SettingsState, Stored};
use crate::state_cell::{Events, StateCell};
use crate::view::{Brand, LauncherEvent, Problem, PublisherAccess};

impl Launcher {
    /// Opens the launcher. What takes time (the keychain, an interrupted update, the publisher's
    /// credentials) is looked at afterwards, and goes out as events.
    pub fn open(
        brand: BrandFile,
        endpoints: Endpoints,
        environment: LauncherEnvironment,
        keychain: Arc<dyn Keychain>,
        listener: Arc<dyn Listener>,
    ) -> Result<Arc<Self>, Problem> {
        let services = endpoints.services.as_ref();
        let services =
            services.map(|at| Services::open(at.url(), &environment.process.network)).transpose()?;
        let (sender, events) = unbounded_channel();
        environment.runtime.spawn(hand_on(events, listener));
        let (recheck, checks) = Recheck::channel();
        let opening = Opening::new(brand, endpoints, environment, Events::new(sender), recheck);
        let (launcher, earlier) = opening.compose(services, keychain);
        launcher.begin(earlier, checks);
        Ok(launcher)
    }

    /// What the window need not wait for.
    fn begin(self: &Arc<Self>, earlier: Option<EarlierGame>, checks: UnboundedReceiver<Check>) {
        let runtime = self.game.runtime();
        runtime.spawn(run_checks(checks, Arc::downgrade(self)));
        let game = Arc::clone(&self.game);
        runtime.spawn(async move { game.recover(earlier).await });
        let account = Arc::clone(&self.account);
        runtime.spawn(async move { account.remember_login().await });
        self.account.tend_login();
        let publisher = Arc::clone(&self.publisher);
        runtime.spawn(async move { publisher.look_for_credentials().await });
    }
}

async fn hand_on(mut events: UnboundedReceiver<LauncherEvent>, listener: Arc<dyn Listener>) {
    while let Some(event) = events.recv().await {
        listener.on_event(event);
    }
}

/// Runs the checks that features ask for, each beside the others.
async fn run_checks(mut checks: UnboundedReceiver<Check>, launcher: Weak<Launcher>) {
    while let Some(check) = checks.recv().await {
        let Some(launcher) = launcher.upgrade() else { return };
        tokio::spawn(async move {
            launcher.check().await;
            if check == Check::All {
                launcher.self_update.check().await;
            }
        });
    }
}

/// What the features are made of.
struct Opening {
    brand: BrandFile,
    endpoints: Endpoints,
    environment: LauncherEnvironment,
    events: Events<LauncherEvent>,
    recheck: Recheck,
    lease: InstallLease,
    settings_file: SettingsFile,
    cell: Arc<StateCell<LauncherState>>,
}

impl Opening {
    fn new(
        brand: BrandFile,
        endpoints: Endpoints,
        environment: LauncherEnvironment,
        events: Events<LauncherEvent>,
        recheck: Recheck,
    ) -> Self {
        let settings_file = SettingsFile::new(&environment.folders.data);
        let state = first_state(&brand, &endpoints, &environment, settings_file.load());
        let cell = StateCell::new(state, events.clone());
        let lease = InstallLease::default();
        Self { brand, endpoints, environment, events, recheck, lease, settings_file, cell }
    }

    fn compose(
        self,
        services: Option<Services>,
        keychain: Arc<dyn Keychain>,
    ) -> (Arc<Launcher>, Option<EarlierGame>) {
        let settings = Arc::new(self.settings());
        let (jobs, engine) = (self.jobs(), self.engine(&settings));
        let account = Arc::new(self.account(services.clone(), keychain));
        let installed = self.installed_game(&settings);
        let lock = GameProcessLock::new(&self.environment.folders.data);
        let earlier = EarlierGame::look(&lock, &installed, &self.lease, &self.recheck);
        let native = self.native_game(&installed, &account, lock);
        let launcher = Launcher {
            game: Arc::new(self.game(&installed, &engine, &jobs, native)),
            publisher: Arc::new(self.publisher(installed, engine, &jobs)),
            scores: Scores::new(services, Arc::clone(&account), self.events.clone()),
            self_update: Arc::new(self.self_update(&settings)),
            news: News::new(self.endpoints.news.clone(), self.network()),
            version: self.environment.launcher.version.to_string(),
            brand: Brand::of(&self.brand, &self.endpoints),
            endpoints: self.endpoints,
            folders: self.environment.folders,
            system_variables: self.environment.system_variables,
            cell: self.cell,
            account,
            jobs,
            settings,
        };
        (Arc::new(launcher), earlier)
    }

    fn settings(&self) -> Settings {
        let state = self.cell.slice(|state| &state.settings, |state| &mut state.settings);
        Settings::new(state, self.settings_file.clone(), self.recheck.clone())
    }

    fn jobs(&self) -> Jobs {
        let state = self.cell.slice(|state| &state.jobs, |state| &mut state.jobs);
        Jobs::new(state, self.lease.clone(), self.recheck.clone(), self.runtime())
    }

    fn engine(&self, settings: &Arc<Settings>) -> Engine {
        let LauncherEnvironment { process, aws, .. } = &self.environment;
        Engine::new(process.clone(), self.endpoints.clone(), aws.clone(), Arc::clone(settings))
    }

    fn account(&self, services: Option<Services>, keychain: Arc<dyn Keychain>) -> Account {
        let state = self.cell.slice(|state| &state.account, |state| &mut state.account);
        let parts = AccountParts {
            providers: self.brand.providers.clone(),
            services,
            keychain,
            clock: Arc::clone(&self.environment.clock),
            events: self.events.clone(),
            runtime: self.runtime(),
        };
        Account::new(state, parts)
    }

    fn installed_game(&self, settings: &Arc<Settings>) -> InstalledGame {
        let state = self.cell.slice(|state| &state.game, |state| &mut state.game);
        InstalledGame { state, settings: Arc::clone(settings) }
    }

    fn native_game(
        &self,
        installed: &InstalledGame,
        account: &Arc<Account>,
        lock: GameProcessLock,
    ) -> NativeGame {
        NativeGame {
            installed: installed.clone(),
            account: Arc::clone(account),
            services: self.endpoints.services.clone(),
            system_variables: self.environment.system_variables.clone(),
            lock,
            runtime: self.runtime(),
        }
    }

    fn game(&self, installed: &InstalledGame, engine: &Engine, jobs: &Jobs, native: NativeGame) -> Game {
        Game {
            installed: installed.clone(),
            engine: engine.clone(),
            jobs: jobs.clone(),
            lease: self.lease.clone(),
            recheck: self.recheck.clone(),
            runtime: self.runtime(),
            start: self.brand.start.clone(),
            native,
        }
    }

    fn publisher(&self, installed: InstalledGame, engine: Engine, jobs: &Jobs) -> Publisher {
        let state = self.cell.slice(|state| &state.publisher, |state| &mut state.publisher);
        Publisher::new(state, engine, installed, jobs.clone(), self.environment.aws.clone())
    }

    fn self_update(&self, settings: &Settings) -> SelfUpdate {
        SelfUpdate {
            state: self.cell.slice(|state| &state.self_update, |state| &mut state.self_update),
            updates: self.brand.launcher_updates.clone(),
            launcher: self.environment.launcher.clone(),
            data: self.environment.folders.data.clone(),
            network: self.network(),
            rate_limit: settings.rate_limit(),
            lease: self.lease.clone(),
            runtime: self.runtime(),
        }
    }

    fn network(&self) -> Arc<Network> {
        Arc::clone(&self.environment.process.network)
    }

    fn runtime(&self) -> Handle {
        self.environment.runtime.clone()
    }
}

fn first_state(
    brand: &BrandFile,
    endpoints: &Endpoints,
    environment: &LauncherEnvironment,
    settings: Stored,
) -> LauncherState {
    let folder = match &environment.install_folder {
        Some(folder) => folder.clone(),
        None => install_folder(&environment.folders.default_install, &settings),
    };
    let wanted = if endpoints.services.is_some() { brand.providers.clone() } else { Vec::new() };
    let bucket = endpoints.publishing.as_ref().map(|publishing| publishing.bucket.as_str().to_owned());
    LauncherState {
        settings: SettingsState::new(settings, environment.system_language),
        game: GameState::new(folder),
        account: AccountState::new(Arc::clone(&environment.clock), wanted),
        jobs: JobsState::default(),
        publisher: PublisherState::new(PublisherAccess { shown: environment.admin, bucket }),
        self_update: SelfUpdateState::default(),
    }
}
