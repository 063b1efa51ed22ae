//! The end of a login in the player's own browser, which comes back to a port of this machine (RFC
//! 8252, section 7.3).

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use naru_loopback::{BindError, Guard, bind, serve};
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{Account, LoginPage};
use crate::view::{ErrorCode, Problem};

/// How long a browser is waited for.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// The address contains the code, which must not reach a site or the disk.
const PRIVATE: [(HeaderName, &str); 3] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Listens where a login's page ends.
pub struct RedirectListener {
    listener: TcpListener,
    guard: Guard,
}

/// What an answer needs to know.
struct Waiting<F> {
    account: Arc<Account>,
    page: LoginPage,
    on_end: F,
    stop: CancellationToken,
}

impl RedirectListener {
    /// Takes the port of the page's redirect.
    pub async fn bind(page: &LoginPage) -> Result<Self, Problem> {
        let port = page.redirect.port_or_known_default().unwrap_or_default();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = bind(address).await.map_err(|error| not_listening(&error))?;
        // The provider's page sends the browser here; nothing else of the web may.
        Ok(Self { listener, guard: Guard::new(address).with_visits() })
    }

    /// Answers the browser until the login has ended; calls `on_end` for each redirect that was read.
    pub async fn wait<F>(self, account: Arc<Account>, page: LoginPage, on_end: F)
    where
        F: Fn() + Send + Sync + 'static,
    {
        let stop = CancellationToken::new();
        let waiting = Arc::new(Waiting { account: Arc::clone(&account), page, on_end, stop: stop.clone() });
        let service = service_fn(move |request: Request<Incoming>| {
            let waiting = Arc::clone(&waiting);
            let url = waiting.redirect(&request);
            async move { Ok::<_, Infallible>(waiting.answer(url).await) }
        });
        if timeout(PATIENCE, serve(self.listener, self.guard, service, stop)).await.is_err() {
            account.cancel_login();
        }
    }
}

impl<F: Fn()> Waiting<F> {
    async fn answer(&self, url: Option<Url>) -> Response<Full<Bytes>> {
        // A browser also asks for an icon; another program may ask for anything.
        let Some(url) = url else {
            return empty(StatusCode::NOT_FOUND);
        };
        // The browser may close before the code is exchanged; the login still counts.
        let account = Arc::clone(&self.account);
        let finished = tokio::spawn(async move { account.finish_login(&url).await }).await;
        let is_done = match finished {
            Ok(Ok(())) => true,
            Ok(Err(problem)) => {
                tracing::warn!(code = ?problem.code, "the login failed");
                false
            }
            Err(_) => false,
        };
        (self.on_end)();
        // Any page can send a browser here with an answer to another login: the right one may still come.
        if self.account.login_under_way() != Some(self.page.login) {
            self.stop.cancel();
        }
        goodbye(is_done)
    }

    fn redirect(&self, request: &Request<Incoming>) -> Option<Url> {
        let target = request.uri().path_and_query().filter(|_| request.method() == Method::GET)?;
        let url = self.page.redirect.join(target.as_str()).ok()?;
        self.page.ends_at(&url).then_some(url)
    }
}

fn not_listening(error: &BindError) -> Problem {
    let detail = match error {
        BindError::Refused { address, source } => format!("{address}: {source}"),
        BindError::NotLoopback(_) => error.to_string(),
    };
    Problem::new(ErrorCode::Busy, detail)
}

fn empty(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}

fn goodbye(is_done: bool) -> Response<Full<Bytes>> {
    let (ko, en) = if is_done {
        (
            "로그인했습니다. 이 창을 닫고 런처로 돌아가세요.",
            "You are logged in. Close this tab and return to the launcher.",
        )
    } else {
        ("로그인하지 못했습니다. 런처에서 다시 시도하세요.", "The login failed. Try again in the launcher.")
    };
    let page = format!(
        "<!doctype html><meta charset=\"utf-8\"><title>{ko}</title><p lang=\"ko\">{ko}</p><p lang=\"en\">{en}</p>"
    );
    let mut response = Response::new(Full::new(Bytes::from(page)));
    for (name, value) in PRIVATE {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().expect("an address")
    }

    #[test]
    fn the_redirect_is_known_by_its_place_alone() {
        let page = LoginPage {
            login: 1,
            url: url("https://kauth.kakao.com/"),
            redirect: url("http://127.0.0.1:9720/login/kakao"),
            hosts: Vec::new(),
        };
        assert!(page.ends_at(&url("http://127.0.0.1:9720/login/kakao?code=a&state=b")));
        for other in ["http://127.0.0.1:9721/login/kakao?code=a", "http://127.0.0.1:9720/login/kakao/x"] {
            assert!(!page.ends_at(&url(other)), "{other}");
        }
    }
}
