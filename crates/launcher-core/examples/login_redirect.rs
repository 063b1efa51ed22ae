//! A login in a browser, as far as its redirect: what `tests/web` lets foreign pages loose on.
//!
//! `login_redirect SERVICES_URL REDIRECT_URI` prints the page and then each change of the account, a
//! line of JSON each, until its input ends.

use std::error::Error;
use std::io;
use std::path::Path;
use std::sync::Arc;

use naru_launcher_core::view::{Language, LauncherEvent, LoginWay};
use naru_launcher_core::{
    BrandFile, Endpoint, Endpoints, Environment, Folders, Keychain, KeychainError, Launcher,
    LauncherEnvironment, Listener, Packaged, RedirectListener, SystemClock, SystemVariables,
};
use serde_json::json;

const BRAND: &str = r##"
studio = "Studio"
providers = ["kakao"]
game = { ko = "놀이", en = "Game" }
tagline = { ko = "한 줄", en = "One line" }
accent = { light = "#0f766e", dark = "#5eead4" }
[start]
kind = "web"
entry = "index.html"
"##;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let services = Endpoint::parse(&arguments.next().ok_or("SERVICES_URL is missing")?)?;
    let redirect_uri = arguments.next().ok_or("REDIRECT_URI is missing")?;
    let folder = tempfile::tempdir()?;
    let launcher = open(folder.path(), services)?;

    let failed = |problem| format!("{problem:?}");
    let page =
        launcher.account().begin_login("kakao", LoginWay::Browser, &redirect_uri).await.map_err(failed)?;
    let listener = RedirectListener::bind(&page).await.map_err(failed)?;
    println!("{}", json!({"page": page.url, "redirect": page.redirect}));
    let waiting = tokio::spawn(listener.wait(Arc::clone(launcher.account()), page, || {}));
    tokio::task::spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink())).await??;
    waiting.abort();
    Ok(())
}

fn open(folder: &Path, services: Endpoint) -> Result<Arc<Launcher>, Box<dyn Error>> {
    let environment = LauncherEnvironment {
        process: Environment::default(),
        folders: Folders {
            data: folder.join("data"),
            logs: folder.join("logs"),
            default_install: folder.join("game"),
        },
        runtime: tokio::runtime::Handle::current(),
        system_language: Language::En,
        install_folder: None,
        admin: false,
        system_variables: SystemVariables::default(),
        launcher: Packaged { version: "1.0.0".parse()?, target: None },
        aws: None,
        clock: Arc::new(SystemClock),
    };
    let endpoints = Endpoints { services: Some(services), ..Endpoints::default() };
    let (keychain, printer) = (Arc::new(NoKeychain), Arc::new(Printer));
    Launcher::open(BrandFile::parse(BRAND)?, endpoints, environment, keychain, printer)
        .map_err(|problem| format!("{problem:?}").into())
}

/// Prints what becomes of the login.
struct Printer;

impl Listener for Printer {
    fn on_event(&self, event: LauncherEvent) {
        if let LauncherEvent::Account(account) = event {
            println!("{}", json!({"account": account}));
        }
    }
}

/// Keeps nothing.
struct NoKeychain;

impl Keychain for NoKeychain {
    fn get(&self) -> Result<Option<Vec<u8>>, KeychainError> {
        Ok(None)
    }

    fn set(&self, _: &[u8]) -> Result<(), KeychainError> {
        Ok(())
    }

    fn delete(&self) -> Result<(), KeychainError> {
        Ok(())
    }
}
