//! A provider's page in the player's own browser, which comes back to a port of this machine (RFC 8252,
//! section 7.3).

use std::sync::Arc;
use std::time::Duration;

use naru_launcher_core::view::{Changed, LoginWay, Problem, ProblemCode};
use naru_launcher_core::{Core, LoginPage};
use tauri::{AppHandle, Manager, Runtime};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::page::is_redirect;
use super::{Waiting, finish, redirect_uri};

/// How long a browser is waited for.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// How long one request may take to arrive.
const REQUEST_PATIENCE: Duration = Duration::from_secs(10);

/// The longest head of a request that is read.
const LONGEST_HEAD: usize = 16 * 1024;

/// Opens the page, and waits for the redirect in the background.
pub async fn open<R: Runtime>(app: &AppHandle<R>, core: &Arc<Core>, provider: &str) -> Result<(), Problem> {
    let page = core.begin_login(provider, LoginWay::Browser, &redirect_uri(provider)).await?;
    match listen_and_show(core, &page).await {
        Ok(listener) => {
            let wait = wait(app.clone(), Arc::clone(core), page, listener);
            app.state::<Waiting>().replace(Some(tauri::async_runtime::spawn(wait)));
            Ok(())
        }
        Err(problem) => {
            core.cancel_login();
            Err(problem)
        }
    }
}

/// Listens first: a browser that knows the player comes back at once.
async fn listen_and_show(core: &Core, page: &LoginPage) -> Result<TcpListener, Problem> {
    let listener = listen(page).await?;
    core.open_outside(page.url.as_str()).await.map_err(no_browser)?;
    Ok(listener)
}

async fn listen(page: &LoginPage) -> Result<TcpListener, Problem> {
    let port = page.redirect.port_or_known_default().unwrap_or_default();
    TcpListener::bind(("127.0.0.1", port)).await.map_err(|error| Problem {
        code: ProblemCode::Busy,
        detail: format!("127.0.0.1:{port}: {error}"),
        changed: Changed::Nothing,
    })
}

fn no_browser(error: std::io::Error) -> Problem {
    Problem { code: ProblemCode::NotFound, detail: error.to_string(), changed: Changed::Nothing }
}

async fn wait<R: Runtime>(app: AppHandle<R>, core: Arc<Core>, page: LoginPage, listener: TcpListener) {
    let answered = timeout(PATIENCE, async {
        while let Ok((stream, _)) = listener.accept().await {
            if take(&app, &core, &page, stream).await {
                return;
            }
        }
    });
    if answered.await.is_err() {
        core.cancel_login();
    }
}

/// Answers one request; whether it was the redirect that ends the login.
async fn take<R: Runtime>(
    app: &AppHandle<R>,
    core: &Arc<Core>,
    page: &LoginPage,
    mut stream: TcpStream,
) -> bool {
    let asked = timeout(REQUEST_PATIENCE, read_target(&mut stream)).await;
    let url = asked.ok().flatten().and_then(|target| page.redirect.join(&target).ok());
    // A browser also asks for an icon; another program may ask for anything.
    let Some(url) = url.filter(|url| is_redirect(page, url)) else {
        let _ = stream
            .write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .await;
        return false;
    };
    let is_done = finish(app, core, &url).await.is_ok();
    // The browser may have gone; the login stands all the same.
    let _ = stream.write_all(goodbye(is_done).as_bytes()).await;
    let _ = stream.shutdown().await;
    // Any page can send a browser here with an answer to another login: the right one may still come.
    core.login_under_way() != Some(page.login)
}

/// The target of a `GET`, from the head of a request.
async fn read_target(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if head.len() > LONGEST_HEAD || stream.read_buf(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    let line = head.split(|byte| *byte == b'\r').next()?;
    let target = std::str::from_utf8(line).ok()?.strip_prefix("GET ")?.strip_suffix(" HTTP/1.1")?;
    target.starts_with('/').then(|| target.to_owned())
}

fn goodbye(is_done: bool) -> String {
    let (ko, en) = if is_done {
        (
            "로그인했습니다. 이 창을 닫고 런처로 돌아가십시오.",
            "You are logged in. Close this tab and go back to the launcher.",
        )
    } else {
        ("로그인하지 못했습니다. 런처에서 다시 시도하십시오.", "The login failed. Try again in the launcher.")
    };
    let page = format!(
        "<!doctype html><meta charset=\"utf-8\"><title>{ko}</title><p lang=\"ko\">{ko}</p><p lang=\"en\">{en}</p>"
    );
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Security-Policy: default-src 'none'\r\n\
         Referrer-Policy: no-referrer\r\nCache-Control: no-store\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
        page.len()
    )
}
