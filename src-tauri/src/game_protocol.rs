//! How the game's window gets its files, and the one service it may speak with.

use std::borrow::Cow;
use std::sync::Arc;

use naru_launcher_core::{GameFileError, GameRequest, GameResponse, Launcher};
use tauri::http::{Method, Request, Response, StatusCode, header};
use tauri::{Manager, Runtime, UriSchemeContext, UriSchemeResponder};
use url::Url;

use crate::labels::GAME;

/// The scheme of the game's addresses.
pub(crate) const SCHEME: &str = "naru-game";

/// Where the game finds the score service, below its own address.
pub(crate) const SERVICES: &str = "/services";

/// What a game may load and reach: its own files, and below them the score service.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
    media-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

type Answer = Response<Cow<'static, [u8]>>;

/// The address of one of the game's files.
pub(crate) fn address(path: &str) -> Result<Url, url::ParseError> {
    Url::parse(&format!("{}/{path}", origin()))
}

/// Windows has no custom schemes: there it is a host.
fn origin() -> String {
    if cfg!(windows) { format!("http://{SCHEME}.localhost") } else { format!("{SCHEME}://localhost") }
}

/// Whether an address is the game's own.
pub(crate) fn is_own(url: &Url) -> bool {
    url.as_str().strip_prefix(&origin()).is_some_and(|rest| rest.starts_with('/'))
}

/// Answers a request of the game's window; of no other.
pub(crate) fn answer<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    if context.webview_label() != GAME {
        return responder.respond(status(StatusCode::FORBIDDEN));
    }
    let launcher = Arc::clone(&context.app_handle().state::<Arc<Launcher>>());
    tauri::async_runtime::spawn(async move { responder.respond(respond(launcher, request).await) });
}

async fn respond(launcher: Arc<Launcher>, request: Request<Vec<u8>>) -> Answer {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    if let Some(route) = path.strip_prefix(SERVICES).filter(|route| route.starts_with('/')) {
        let route = route.to_owned();
        return from_services(launcher, route, request).await;
    }
    if request.method() != Method::GET {
        return status(StatusCode::METHOD_NOT_ALLOWED);
    }
    let path = request.uri().path().trim_start_matches('/').to_owned();
    let read = tauri::async_runtime::spawn_blocking(move || launcher.game().file(&path));
    match read.await {
        Ok(Ok(file)) => with_body(StatusCode::OK, file.media_type, file.bytes),
        Ok(Err(GameFileError::Unknown { .. })) => status(StatusCode::NOT_FOUND),
        // The launcher has written the reason into its log.
        Ok(Err(_)) => status(StatusCode::CONFLICT),
        Err(error) => {
            tracing::error!(%error, "reading a file of the game");
            status(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

async fn from_services(launcher: Arc<Launcher>, path_and_query: String, request: Request<Vec<u8>>) -> Answer {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok()).map(str::to_owned);
    let method = request.method().as_str().to_owned();
    let asked = GameRequest { method, path_and_query, content_type, body: request.into_body() };
    let GameResponse { status: code, content_type, retry_after, body } =
        launcher.scores().forward(asked).await;
    let code = StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_GATEWAY);
    let mut answer = with_body(code, content_type.as_deref().unwrap_or("application/json"), body);
    if let Some(seconds) = retry_after.and_then(|seconds| seconds.parse().ok()) {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    answer
}

fn status(code: StatusCode) -> Answer {
    with_body(code, "text/plain", Vec::new())
}

fn with_body(code: StatusCode, media_type: &str, body: Vec<u8>) -> Answer {
    let built: Result<Answer, _> = Response::builder()
        .status(code)
        .header(header::CONTENT_TYPE, media_type)
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CACHE_CONTROL, "no-store")
        .body(Cow::Owned(body));
    built.unwrap_or_else(|_| Response::new(Cow::Owned(Vec::new())))
}
