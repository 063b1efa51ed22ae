//! The side of Lambda: hands events to a program that asks for them, and takes its answers.

use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::{get, post};
use serde_json::Value;
use tokio::sync::{Mutex, mpsc};

const PATIENCE: Duration = Duration::from_secs(20);

/// Where a function finds its tables.
pub struct Tables {
    endpoint: String,
    region: String,
}

/// The tables that the tests need, new; nothing where moto is not named.
pub async fn tables() -> Option<Tables> {
    let Ok(endpoint) = std::env::var("NARU_TEST_MOTO") else {
        use std::io::Write;
        let words = b"NOT CHECKED: NARU_TEST_MOTO is not set; `cargo xtask test` starts it\n";
        std::io::stderr().write_all(words).unwrap();
        return None;
    };
    let region = format!("f{:016x}", fastrand::u64(..));
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.clone()))
        .endpoint_url(&endpoint)
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .build();
    let client = Client::from_conf(config);
    let (text, number) = (ScalarAttributeType::S, ScalarAttributeType::N);
    for (table, key, kind) in
        [("board", "player", text.clone()), ("counted", "run", text), ("statistics", "points", number)]
    {
        let attribute = AttributeDefinition::builder().attribute_name(key).attribute_type(kind);
        let hash = KeySchemaElement::builder().attribute_name(key).key_type(KeyType::Hash);
        let create = client.create_table().table_name(table).billing_mode(BillingMode::PayPerRequest);
        let create = create.attribute_definitions(attribute.build().unwrap());
        create.key_schema(hash.build().unwrap()).send().await.unwrap();
    }
    Some(Tables { endpoint, region })
}

/// A running program, and both ends of its work; ended when this is dropped.
pub struct Function {
    process: Child,
    events: mpsc::Sender<String>,
    answers: Mutex<mpsc::Receiver<Result<Value, Value>>>,
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _ended = self.process.wait();
    }
}

#[derive(Clone)]
struct Runtime {
    events: Arc<Mutex<mpsc::Receiver<String>>>,
    answers: mpsc::Sender<Result<Value, Value>>,
}

impl Function {
    pub async fn start(program: &str, tables: &Tables) -> Function {
        let (events, to_hand_out) = mpsc::channel(1);
        let (answered, answers) = mpsc::channel(1);
        let runtime = Runtime { events: Arc::new(Mutex::new(to_hand_out)), answers: answered };
        let routes = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .with_state(runtime);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let process = Command::new(program)
            .env_clear()
            .envs(environment(&address, tables))
            .stdin(Stdio::null())
            .spawn();
        Function { process: process.unwrap(), events, answers: Mutex::new(answers) }
    }

    /// The answer to an event.
    pub async fn call(&self, event: &Value) -> Value {
        self.events.send(event.to_string()).await.unwrap();
        let mut answers = self.answers.lock().await;
        let answer = tokio::time::timeout(PATIENCE, answers.recv()).await.expect("an answer within 20 s");
        answer.unwrap().expect("an answer, and no error")
    }
}

/// What Lambda sets, and what `infra/functions.tf` does.
fn environment(address: &str, tables: &Tables) -> BTreeMap<&'static str, String> {
    let mut environment = BTreeMap::from([
        ("AWS_LAMBDA_RUNTIME_API", address.to_owned()),
        ("AWS_REGION", tables.region.clone()),
        ("AWS_ENDPOINT_URL_DYNAMODB", tables.endpoint.clone()),
        // Keys that sign the tokens of this test there are none.
        ("AWS_ENDPOINT_URL_COGNITO_IDENTITY", "http://127.0.0.1:9".to_owned()),
    ]);
    for (name, value) in [
        ("AWS_LAMBDA_FUNCTION_NAME", "naru"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/naru"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "stream"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("NARU_TABLE_BOARD", "board"),
        ("NARU_TABLE_COUNTED", "counted"),
        ("NARU_TABLE_STATISTICS", "statistics"),
        ("NARU_IDENTITY_POOL", "ap-northeast-2:00000000-0000-4000-8000-000000000000"),
    ] {
        environment.insert(name, value.to_owned());
    }
    environment
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
