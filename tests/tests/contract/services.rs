//! The services' HTTP API: for each route what a good request and each kind of bad one is answered.

use std::time::Duration;

use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::golden::Golden;
use super::served::Served;

/// What a service or a login makes up.
const VARYING: [&str; 13] = [
    "run_id",
    "seed",
    "expires_at",
    "modified_at",
    "reached_at",
    "identityId",
    "IdentityId",
    "token",
    "Token",
    "refreshToken",
    "tag",
    "next",
    "username",
];

/// Frames until a lantern falls to the floor without any input: the same for every seed, because
/// a cave begins with a calm stretch.
const FALL: u64 = 16;
const FRAME: Duration = Duration::from_millis(75);

/// A server, what it answers, and the player's token once there is one.
struct Talk {
    served: Served,
    golden: Golden,
    token: String,
}

#[test]
fn serve_says_where_everything_is() {
    let served = Served::start();
    let mut golden = Golden::new("serve-ready", &["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]);
    show_addresses(&mut golden, &served);
    golden.heading("$ naru serve --json");
    golden.json(&served.line);
    golden.check();
}

fn show_addresses(golden: &mut Golden, served: &Served) {
    for (variable, name) in [
        ("AWS_ENDPOINT_URL_S3", "<s3>"),
        ("AWS_ENDPOINT_URL_CLOUDFRONT", "<control>"),
        ("NARU_EDGE_URL", "<edge>"),
        ("NARU_SERVICES_URL", "<services>"),
        ("NARU_KAKAO_URL", "<kakao>"),
    ] {
        golden.show(served.variable(variable), name);
    }
    let kakao = served.variable("NARU_KAKAO_URL").trim_start_matches("http://");
    golden.show(kakao, "<kakao's host>");
}

#[test]
fn the_services_answer_as_they_always_did() {
    let served = Served::start();
    let mut golden = Golden::new("services", &VARYING);
    show_addresses(&mut golden, &served);
    let mut talk = Talk { served, golden, token: String::new() };
    Runtime::new().unwrap().block_on(async {
        talk.log_in().await;
        talk.log_in_as_in_2017().await;
        talk.keep_data().await;
        talk.play().await;
        talk.read_scores().await;
        talk.ask_what_is_not_there().await;
    });
    talk.golden.check();
}

impl Talk {
    async fn log_in(&mut self) {
        self.ask("GET", "/login/providers").await;
        let login = self.served.login().await;
        let answer = self.send("POST /login/kakao", self.post("/login/kakao", &login)).await;
        self.token = answer["token"].as_str().unwrap().to_owned();
        self.send("POST /login/kakao: the code again", self.post("/login/kakao", &login)).await;
        self.send("POST /login/kakao: no code", self.post("/login/kakao", &json!({}))).await;
        self.send("POST /login/nobody", self.post("/login/nobody", &login)).await;
        let plain = self.served.request("POST", "/login/kakao").body("code=1");
        self.send("POST /login/kakao: not JSON", plain).await;
        let long = json!({"code": "x".repeat(20 << 10)});
        self.send("POST /login/kakao: too large", self.post("/login/kakao", &long)).await;

        let refresh = json!({"refresh_token": answer["refreshToken"], "id": answer["profile"]["id"]});
        self.send("POST /login/kakao/refresh", self.post("/login/kakao/refresh", &refresh)).await;
        let forged = json!({"refresh_token": "made up", "id": answer["profile"]["id"]});
        self.send("POST /login/kakao/refresh: made up", self.post("/login/kakao/refresh", &forged)).await;
        self.golden.show(answer["profile"]["id"].as_str().unwrap(), "<Kakao's number>");
    }

    async fn log_in_as_in_2017(&mut self) {
        let token = self.served.access_token().await;
        for (what, id, token) in [
            ("good", "4000000001", token.as_str()),
            ("another player's number", "4000000002", token.as_str()),
            ("a token that is made up", "4000000001", "made-up"),
        ] {
            let path = format!("/login/kakao?id={id}&access_token={token}&expires_in=3600");
            self.send(&format!("GET /login/kakao: {what}"), self.served.request("GET", &path)).await;
        }
        self.ask("GET", "/login/kakao").await;
    }

    async fn keep_data(&mut self) {
        self.ask("GET", "/datasets").await;
        self.ask_as_player("GET", "/datasets").await;
        self.ask_as_player("GET", "/datasets/profile").await;
        let nickname = |sync_count: u64, value: &str| json!({"changes": [{"key": "nickname", "value": value, "sync_count": sync_count}]});
        self.patch("good", &nickname(0, "사공")).await;
        self.patch("conflict", &nickname(0, "나루")).await;
        self.patch("a name that is refused", &nickname(1, "")).await;
        self.patch("unknown field", &json!({"changes": [], "more": 1})).await;
        self.patch("no changes", &json!({"changes": []})).await;
        let long = json!({"changes": [{"key": "k".repeat(2000), "value": "", "sync_count": 0}]});
        self.patch("a key that is too long", &long).await;
        let not_json = self.as_player("PATCH", "/datasets/profile").body("{}");
        self.send("PATCH /datasets/profile: not JSON", not_json).await;
        self.ask_as_player("GET", "/datasets").await;
        self.ask_as_player("GET", "/datasets/profile").await;
        self.ask_as_player("GET", "/datasets/profile?since=1").await;
        self.ask_as_player("GET", "/datasets/profile?since=x").await;
        self.ask_as_player("GET", "/datasets/pro%20file").await;
        self.ask_as_player("DELETE", "/datasets/other").await;
        self.ask("DELETE", "/datasets/profile").await;
    }

    async fn play(&mut self) {
        self.ask("POST", "/runs").await;
        let run = self.ask_as_player("POST", "/runs").await;
        let fall = |run: &Value, frames: u64| json!({"run_id": run["run_id"], "rules_version": 1, "recording": [{"input": 0, "frames": frames}]});
        self.score("good, but too fast", &fall(&run, FALL)).await;
        tokio::time::sleep(FRAME * FALL as u32 + Duration::from_millis(500)).await;
        self.score("a run that goes on", &fall(&run, FALL - 1)).await;
        self.score("frames after the end", &fall(&run, FALL + 1)).await;
        self.score("good", &fall(&run, FALL)).await;
        self.score("good, again", &fall(&run, FALL)).await;
        let mut other = fall(&run, FALL);
        other["recording"] = json!([{"input": 1, "frames": 4}, {"input": 0, "frames": FALL}]);
        self.score("another recording", &other).await;
        self.score("an unknown run", &fall(&json!({"run_id": "0".repeat(32)}), FALL)).await;
        let mut rules = fall(&self.ask_as_player("POST", "/runs").await, FALL);
        rules["rules_version"] = 2.into();
        self.score("other rules", &rules).await;
        let mut made_up = fall(&run, FALL);
        made_up["score"] = 9000.into();
        self.score("a score of its own", &made_up).await;
        self.score(
            "an empty recording",
            &json!({"run_id": run["run_id"], "rules_version": 1, "recording": []}),
        )
        .await;
        self.send("POST /scores: no login", self.post("/scores", &fall(&run, FALL))).await;
    }

    async fn read_scores(&mut self) {
        self.wait_for_statistics().await;
        for path in [
            "/scoreboard",
            "/scoreboard?limit=0",
            "/scoreboard?after=x",
            "/scoreboard?page=2",
            "/scorehistory",
            "/scorehistory?width=1",
            "/scorehistory?width=0",
            "/2017/scoreboard",
            "/2017/scorehistory",
        ] {
            self.ask("GET", path).await;
        }
        self.ask_as_player("GET", "/scoreboard?limit=1").await;
        let forged = self.served.request("GET", "/scoreboard").bearer_auth("forged");
        self.send("GET /scoreboard: a forged login", forged).await;
    }

    /// Scores are counted a moment after they were stored.
    async fn wait_for_statistics(&self) {
        for _ in 0..200 {
            let answer = self.served.request("GET", "/scorehistory").send().await.unwrap();
            let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
            if answer["total"] == 1 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the score was never counted");
    }

    async fn ask_what_is_not_there(&mut self) {
        self.ask("GET", "/nothing").await;
        self.ask("DELETE", "/runs").await;
        self.ask("PUT", "/scoreboard").await;
        let page = self.served.request("GET", "/scoreboard").header("origin", "https://page.example");
        self.send("GET /scoreboard: a web page of another origin", page).await;
        // Which player a tag names is made up with the identity, and so is the order of equal scores.
        self.ask_as_player("DELETE", "/datasets/profile").await;
    }

    fn as_player(&self, method: &str, path: &str) -> RequestBuilder {
        self.served.request(method, path).bearer_auth(&self.token)
    }

    fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.served.request("POST", path).json(body)
    }

    async fn patch(&mut self, what: &str, body: &Value) {
        let request = self.as_player("PATCH", "/datasets/profile").json(body);
        self.send(&format!("PATCH /datasets/profile: {what}"), request).await;
    }

    async fn score(&mut self, what: &str, body: &Value) {
        let request = self.as_player("POST", "/scores").json(body);
        self.send(&format!("POST /scores: {what}"), request).await;
    }

    async fn ask(&mut self, method: &str, path: &str) -> Value {
        self.send(&format!("{method} {path}"), self.served.request(method, path)).await
    }

    async fn ask_as_player(&mut self, method: &str, path: &str) -> Value {
        self.send(&format!("{method} {path}: logged in"), self.as_player(method, path)).await
    }

    /// Sends a request and writes down all of the answer but its date and its length.
    async fn send(&mut self, what: &str, request: RequestBuilder) -> Value {
        let answer = request.send().await.unwrap();
        self.golden.heading(&format!("> {what}"));
        self.golden.line(answer.status().as_str());
        let mut headers: Vec<String> = answer
            .headers()
            .iter()
            .filter(|(name, _)| !["date", "content-length"].contains(&name.as_str()))
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        headers.sort();
        headers.iter().for_each(|header| self.golden.line(header));
        let body = answer.text().await.unwrap();
        let value = serde_json::from_str(&body);
        match &value {
            Ok(_) => self.golden.json(&body),
            Err(_) if body.is_empty() => {}
            Err(_) => self.golden.sentence(body.trim_end()),
        }
        value.unwrap_or_default()
    }
}

#[test]
fn the_description_of_the_routes_is_the_same() {
    let served = Served::start();
    let document = Runtime::new().unwrap().block_on(async {
        served.request("GET", "/openapi.json").send().await.unwrap().text().await.unwrap()
    });
    let mut document: Value = serde_json::from_str(&document).unwrap();
    let mut golden = Golden::new("openapi", &[]);
    let mut sentences = Vec::new();
    take_sentences(&mut document, "", &mut sentences);
    golden.heading("> GET /openapi.json");
    golden.line(&serde_json::to_string_pretty(&document).unwrap());
    sentences.iter().for_each(|sentence| golden.sentence(sentence));
    golden.check();
}

/// Takes what is said for people out of the description.
fn take_sentences(value: &mut Value, place: &str, sentences: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                let place = format!("{place}/{key}");
                match inner {
                    Value::String(text) if ["description", "summary", "title"].contains(&key.as_str()) => {
                        sentences.push(format!("{place}: {}", text.replace('\n', " ")));
                        *inner = "<words>".into();
                    }
                    _ => take_sentences(inner, &place, sentences),
                }
            }
        }
        Value::Array(items) => {
            for (number, inner) in items.iter_mut().enumerate() {
                take_sentences(inner, &format!("{place}/{number}"), sentences);
            }
        }
        _ => {}
    }
}
