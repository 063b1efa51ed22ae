//! What the game asks the services through the launcher: the game's page has no token and no other
//! address.

use naru_protocol::{OpenIdToken, PROBLEM_JSON, Problem as Refusal, ProblemCode as RefusalCode};

use super::Scores;
use crate::services_client::{Answer, Method, Request};
use crate::view::{LauncherEvent, Problem, ProblemCode};

/// A request's body, as the services limit it.
const MOST_BYTES: usize = 2 << 20;

/// All that a game may ask.
const ROUTES: [(&str, &str); 4] =
    [("POST", "/runs"), ("POST", "/scores"), ("GET", "/scoreboard"), ("GET", "/scorehistory")];

/// A request of the game's page.
#[derive(Debug, Clone, Default)]
pub struct GameRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// From the slash on, such as `/scoreboard?limit=10`.
    pub path_and_query: String,
    /// The body's media type. No other header of the page is forwarded.
    pub content_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// The answer for the game's page.
#[derive(Debug, Clone)]
pub struct GameResponse {
    /// The HTTP status.
    pub status: u16,
    /// The body's media type.
    pub content_type: Option<String>,
    /// When to try again, of a refusal.
    pub retry_after: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Scores {
    /// Hands a request of the game on to the score service, with the player's token. Whatever else
    /// the page asks is answered here.
    pub async fn forward(&self, request: GameRequest) -> GameResponse {
        match self.hand_on(&request).await {
            Ok(answer) => answer,
            Err(refusal) => refused(refusal),
        }
    }

    async fn hand_on(&self, request: &GameRequest) -> Result<GameResponse, Refusal> {
        let method = allowed(request)?;
        let services = self.services.as_ref().ok_or_else(|| refusal(RefusalCode::NotFound, "no services"))?;
        let mut token = self.account.fresh_token().await;
        let mut answer = services.send(sent(request, &method, token.as_ref())).await.map_err(failed)?;
        if let Some(refused) = token.filter(|_| answer.status == 401) {
            self.account.refused(&refused);
            // A refused request has changed nothing, so it may be repeated once.
            token = self.account.fresh_token().await;
            if token.is_some() {
                answer = services.send(sent(request, &method, token.as_ref())).await.map_err(failed)?;
            }
        }
        if answer.status == 200 && path(&request.path_and_query) == "/scores" {
            self.events.emit(LauncherEvent::Scores(()));
        }
        Ok(answer.into())
    }
}

fn sent<'a>(request: &'a GameRequest, method: &Method, token: Option<&'a OpenIdToken>) -> Request<'a> {
    let media_type = request.content_type.as_deref().unwrap_or("application/json");
    Request {
        path_and_query: &request.path_and_query,
        token,
        body: (method == Method::POST).then(|| (media_type, request.body.clone())),
        method: method.clone(),
    }
}

/// The method, where the route is one of the game's.
fn allowed(request: &GameRequest) -> Result<Method, Refusal> {
    let asked = (&*request.method, path(&request.path_and_query));
    if !ROUTES.contains(&asked) {
        return Err(refusal(RefusalCode::NotFound, "the game may not ask that"));
    }
    // What would make the address another one when it is put together.
    if request.path_and_query.contains(['#', '\\']) || request.path_and_query.contains(char::is_control) {
        return Err(refusal(RefusalCode::BadRequest, "the query can't be read"));
    }
    if request.body.len() > MOST_BYTES {
        return Err(refusal(RefusalCode::TooLarge, "the body has more than 2 MiB"));
    }
    Ok(if request.method == "POST" { Method::POST } else { Method::GET })
}

fn path(path_and_query: &str) -> &str {
    path_and_query.split('?').next().unwrap_or_default()
}

fn refusal(code: RefusalCode, detail: &str) -> Refusal {
    Refusal::new(code, detail)
}

fn failed(problem: Problem) -> Refusal {
    match problem.code {
        ProblemCode::NotLoggedIn => refusal(RefusalCode::NotLoggedIn, "log in again"),
        _ => refusal(RefusalCode::Busy, "the services can't be reached"),
    }
}

fn refused(refusal: Refusal) -> GameResponse {
    GameResponse {
        status: refusal.status,
        content_type: Some(PROBLEM_JSON.to_owned()),
        retry_after: refusal.retry_after_seconds.map(|seconds| seconds.to_string()),
        // A value of strings and numbers is always written.
        body: serde_json::to_vec(&refusal).unwrap_or_default(),
    }
}

impl From<Answer> for GameResponse {
    fn from(answer: Answer) -> Self {
        let Answer { status, media_type: content_type, retry_after, body } = answer;
        Self { status, content_type, retry_after, body }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(method: &str, path_and_query: &str) -> bool {
        let (method, path_and_query) = (method.to_owned(), path_and_query.to_owned());
        allowed(&GameRequest { method, path_and_query, ..GameRequest::default() }).is_ok()
    }

    #[test]
    fn the_routes_of_the_game_are_a_list_and_nothing_leads_past_it() {
        assert!(judge("POST", "/runs"));
        assert!(judge("GET", "/scoreboard?limit=10&after=x"));
        for (method, path) in [
            ("GET", "/runs"),
            ("DELETE", "/scores"),
            ("POST", "/login/kakao"),
            ("GET", "/login/providers"),
            ("GET", "/datasets"),
            ("GET", "/scoreboard/../datasets"),
            ("GET", "/scoreboard/"),
            ("GET", "//evil.example/scoreboard"),
            ("GET", "@evil.example/scoreboard"),
            ("GET", "http://evil.example/scoreboard"),
            ("GET", "/scoreboard?a\r\nX: y"),
            ("GET", "/scoreboard#?"),
            ("get", "/scoreboard"),
            ("GET", ""),
        ] {
            assert!(!judge(method, path), "{method} {path}");
        }
    }
}
