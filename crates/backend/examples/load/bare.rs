//! The least: axum, a JSON body, one durable insert.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use naru_protocol::ScoreSubmission;
use reqwest::{Client, Request};
use rusqlite::{Connection, params};
use tempfile::TempDir;

use crate::players::PlayedScore;

/// A running server.
pub struct Bare {
    url: String,
    _folder: TempDir,
}

impl Bare {
    pub async fn start() -> Result<Self, Box<dyn Error + Send + Sync>> {
        let folder = tempfile::tempdir()?;
        let database = Connection::open(folder.path().join("bare.db"))?;
        database.pragma_update(None, "journal_mode", "WAL")?;
        database.pragma_update(None, "synchronous", "FULL")?;
        database.execute_batch("CREATE TABLE score (run TEXT PRIMARY KEY, recording BLOB) WITHOUT ROWID")?;
        let router = Router::new().route("/", post(insert)).with_state(Arc::new(Mutex::new(database)));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/", listener.local_addr()?);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url, _folder: folder })
    }

    /// The same body as the services get.
    pub fn insert(&self, client: &Client, score: &PlayedScore) -> reqwest::Result<Request> {
        client.post(&self.url).json(&score.submission).build()
    }
}

async fn insert(
    State(database): State<Arc<Mutex<Connection>>>,
    Json(score): Json<ScoreSubmission>,
) -> StatusCode {
    let work = move || {
        let recording: Vec<u8> = score.recording.iter().map(|span| span.input).collect();
        let database = database.lock().unwrap_or_else(PoisonError::into_inner);
        let mut insert = database.prepare_cached("INSERT INTO score VALUES (?1, ?2)")?;
        insert.execute(params![score.run_id, recording])
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(_)) => StatusCode::OK,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
