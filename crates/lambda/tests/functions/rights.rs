//! The rights that a function has in AWS, on its way to moto: what its role may not do is refused here
//! as AWS refuses it. The role is read from `infra/`; moto itself checks no permissions.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::moto::Moto;

const INFRA: [&str; 2] =
    [include_str!("../../../../infra/functions.tf"), include_str!("../../../../infra/user_pool.tf")];

/// An action, and the table or the index of a table that it is done to.
type Right = (String, String);

struct Guard {
    moto: String,
    /// What the names of this test's tables begin with.
    prefix: String,
    rights: BTreeSet<Right>,
    client: reqwest::Client,
}

/// Listens until the test ends, and answers the address of DynamoDB for this function.
pub async fn before(moto: &Moto, function: &str) -> String {
    let (prefix, rights) = (moto.table(""), rights_of(function));
    let guard = Guard { moto: moto.endpoint.clone(), prefix, rights, client: reqwest::Client::new() };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new().fallback(pass).with_state(Arc::new(guard));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    url
}

async fn pass(State(guard): State<Arc<Guard>>, headers: HeaderMap, body: Bytes) -> (StatusCode, Bytes) {
    let target = headers["x-amz-target"].to_str().unwrap();
    let request: Value = serde_json::from_slice(&body).unwrap();
    for right in needed(target.rsplit('.').next().unwrap(), &request, &guard.prefix) {
        if !guard.rights.contains(&right) {
            return (StatusCode::BAD_REQUEST, refusal(&right));
        }
    }
    let mut sent = guard.client.post(&guard.moto).body(body.clone());
    for name in ["authorization", "content-type", "x-amz-date", "x-amz-target"] {
        sent = sent.header(name, &headers[name]);
    }
    let answer = sent.send().await.unwrap();
    (answer.status(), answer.bytes().await.unwrap())
}

/// What a request does:
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html>
fn needed(operation: &str, request: &Value, prefix: &str) -> Vec<Right> {
    let table = |of: &Value| of["TableName"].as_str().unwrap().strip_prefix(prefix).unwrap().to_owned();
    if operation == "TransactWriteItems" {
        let writes = request["TransactItems"].as_array().unwrap().iter();
        let writes = writes.flat_map(|write| write.as_object().unwrap());
        return writes.map(|(kind, write)| (format!("{kind}Item"), table(write))).collect();
    }
    let place = match request["IndexName"].as_str() {
        Some(index) => format!("{}/{index}", table(request)),
        None => table(request),
    };
    vec![(operation.to_owned(), place)]
}

fn refusal((action, place): &Right) -> Bytes {
    let words = format!("not authorized to perform: dynamodb:{action} on resource: {place}");
    json!({ "__type": "com.amazon.coral.service#AccessDeniedException", "message": words }).to_string().into()
}

/// The statements of a function's policy that are about DynamoDB's tables.
fn rights_of(function: &str) -> BTreeSet<Right> {
    let head = format!("data \"aws_iam_policy_document\" \"{function}\" {{\n");
    let (_, policy) = INFRA.iter().find_map(|file| file.split_once(&head)).unwrap();
    let policy = policy.split("\n}\n").next().unwrap();
    let statements = policy.split("statement {").skip(1);
    statements
        .flat_map(|statement| {
            let actions = quoted(list(statement, "actions")).filter_map(|it| it.strip_prefix("dynamodb:"));
            let tables: Vec<String> = tables(list(statement, "resources")).collect();
            let rights = actions.flat_map(move |action| {
                tables.clone().into_iter().map(move |table| (action.to_owned(), table))
            });
            rights.collect::<Vec<_>>()
        })
        .collect()
}

/// What stands between the brackets of `name = [ … ]`.
fn list<'a>(statement: &'a str, name: &str) -> &'a str {
    let start = statement.find(&format!("    {name}")).unwrap();
    let text = statement[start..].split_once("= [").unwrap().1;
    text.split_once(if text.starts_with('\n') { "\n    ]" } else { "]\n" }).unwrap().0
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

/// `aws_dynamodb_table.service["board"].arn`, and the same with `}/index/in-order"` behind it.
fn tables(resources: &str) -> impl Iterator<Item = String> {
    resources.split("aws_dynamodb_table.service[\"").skip(1).filter_map(|rest| {
        let (table, behind) = rest.split_once("\"].").unwrap();
        let behind = behind.strip_prefix("arn")?;
        let index = behind.strip_prefix("}/index/").and_then(|name| name.split('"').next());
        Some(index.map_or_else(|| table.to_owned(), |index| format!("{table}/{index}")))
    })
}

#[test]
fn the_rights_are_those_of_the_roles() {
    let count = |function| rights_of(function).len();
    let counts = ["accounts", "registration", "scores", "statistics", "player_data"].map(count);
    assert_eq!(counts, [1, 1, 13, 4, 7], "DynamoDB's rights of each role in infra/tests/requests_tried.py");
    let index = ("Query".to_owned(), "board/in-order".to_owned());
    assert!(rights_of("scores").contains(&index), "a right on an index is none on its table");
}

#[tokio::test]
async fn what_a_role_may_not_do_is_refused() {
    let Some(moto) = Moto::new().await else { return };
    let statistics = before(&moto, "statistics").await;
    let table = moto.table("runs");
    let records = crate::stream_records::StreamRecords { endpoint: &statistics, region: "r", table: &table };
    let scan = json!({ "TableName": table });
    let (status, words) = records.answer("DynamoDB_20120810.Scan", &scan).await;
    assert_eq!(status, 400, "the consumer of the stream reads no runs: {words}");
    assert!(words.contains("AccessDeniedException"), "{words}");
}
