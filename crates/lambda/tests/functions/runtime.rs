//! The side of Lambda: hands events to a program that asks for them, and takes its answers.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::{get, post};
use serde_json::Value;
use tempfile::NamedTempFile;
use tokio::sync::{Mutex, mpsc};

use crate::moto::Moto;
use crate::rights;

const PATIENCE: Duration = Duration::from_secs(20);

const INFRA: &str = include_str!("../../../../infra/functions.tf");

/// A running program, and both ends of its work; ended when this is dropped.
pub struct Function {
    process: Child,
    output: NamedTempFile,
    events: mpsc::Sender<String>,
    /// Held from an event to its answer: an instance of a function does one thing at a time.
    answers: Mutex<mpsc::Receiver<Result<Value, Value>>>,
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _ended = self.process.wait();
        if std::thread::panicking() {
            println!("the function said:\n{}", self.output());
        }
    }
}

#[derive(Clone)]
struct Runtime {
    events: Arc<Mutex<mpsc::Receiver<String>>>,
    answers: mpsc::Sender<Result<Value, Value>>,
}

impl Function {
    pub async fn start(program: &str, moto: &Moto) -> Function {
        Function::start_with(program, moto, &[]).await
    }

    /// Starts a program with variables beside those, or instead of those, that all functions have.
    pub async fn start_with(program: &str, moto: &Moto, variables: &[(&'static str, &str)]) -> Function {
        let (events, to_hand_out) = mpsc::channel(1);
        let (answered, answers) = mpsc::channel(1);
        let runtime = Runtime { events: Arc::new(Mutex::new(to_hand_out)), answers: answered };
        let routes = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .with_state(runtime);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut environment = environment(&listener.local_addr().unwrap().to_string(), moto);
        let name = program.rsplit('/').next().unwrap().replace('-', "_");
        environment.insert("AWS_ENDPOINT_URL_DYNAMODB".to_owned(), rights::before(moto, &name).await);
        for table in tables_of(&name) {
            environment.insert(format!("NARU_TABLE_{}", table.to_uppercase()), moto.table(table));
        }
        environment.extend(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let output = NamedTempFile::new().unwrap();
        let process = Command::new(program)
            .env_clear()
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(append(&output))
            .stderr(append(&output))
            .spawn();
        Function { process: process.unwrap(), output, events, answers: Mutex::new(answers) }
    }

    /// The answer to an event.
    pub async fn call(&self, event: &Value) -> Value {
        self.outcome(event).await.expect("an answer, and no error")
    }

    /// The answer to an event, or the error that the function reports instead.
    pub async fn outcome(&self, event: &Value) -> Result<Value, Value> {
        let mut answers = self.answers.lock().await;
        self.events.send(event.to_string()).await.unwrap();
        tokio::time::timeout(PATIENCE, answers.recv()).await.expect("an answer within 20 s").unwrap()
    }

    /// All that the program wrote, as it would stand in its log.
    pub fn output(&self) -> String {
        std::fs::read_to_string(self.output.path()).unwrap()
    }

    /// What a program wrote that ends without asking for work.
    pub async fn last_words(mut self) -> String {
        for _ in 0..200 {
            if let Some(status) = self.process.try_wait().unwrap() {
                assert!(!status.success(), "a function that can't work has to say so by its exit code");
                return self.output();
            }
            tokio::time::sleep(PATIENCE / 200).await;
        }
        panic!("the program still runs: {}", self.output());
    }
}

/// Both streams of a program go into one file, and neither over the other.
fn append(file: &NamedTempFile) -> File {
    OpenOptions::new().append(true).open(file.path()).unwrap()
}

/// What Lambda sets, and what `infra/functions.tf` does.
fn environment(address: &str, moto: &Moto) -> BTreeMap<String, String> {
    let variables = [
        ("AWS_LAMBDA_RUNTIME_API", address),
        ("AWS_REGION", &moto.region),
        // Nothing listens there: a test that has keys for tokens overrides this.
        ("AWS_ENDPOINT_URL_COGNITO_IDENTITY", "http://127.0.0.1:9"),
        ("AWS_LAMBDA_FUNCTION_NAME", "naru"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/naru"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "stream"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("NARU_IDENTITY_POOL", "ap-northeast-2:00000000-0000-4000-8000-000000000000"),
    ];
    variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The tables that a function is told of in AWS: a program that needs another one fails here too.
pub fn tables_of(name: &str) -> impl Iterator<Item = &'static str> {
    let start = INFRA.find("tables_of = {\n").unwrap();
    let lines = INFRA[start..].lines().skip(1).take_while(|line| line.trim() != "}");
    let line = lines.filter(|line| line.trim_start().starts_with(&format!("{name} "))).last();
    // The user pool's trigger stands in a file of its own, with its one table.
    let line = line.unwrap_or(if name == "registration" { "\"players\"" } else { "" });
    line.split('"').skip(1).step_by(2)
}

async fn next(State(runtime): State<Runtime>) -> (HeaderMap, String) {
    let event = runtime.events.lock().await.recv().await.unwrap_or_default();
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
        ("lambda-runtime-deadline-ms", "4102444800000"),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:ap-northeast-2:123456789012:function:naru"),
        ("lambda-runtime-trace-id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0"),
    ] {
        headers.insert(name, value.parse().unwrap());
    }
    (headers, event)
}

async fn response(State(runtime): State<Runtime>, body: Bytes) {
    runtime.answers.send(Ok(serde_json::from_slice(&body).unwrap())).await.unwrap();
}

async fn error(State(runtime): State<Runtime>, body: Bytes) {
    runtime.answers.send(Err(serde_json::from_slice(&body).unwrap())).await.unwrap();
}
