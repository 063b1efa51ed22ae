//! The login on `axum::serve`.

use std::sync::Arc;

use naru_backend::adapters::Database;
use naru_backend::domain::ServiceLimits;
use naru_backend::flows::Allowances;
use naru_backend::http;
use naru_backend::ports::SystemClock;
use naru_local_cloud::LocalCloud;
use tempfile::TempDir;

use crate::cases::embedded::login;

pub struct LoginHost {
    pub url: String,
    _folder: TempDir,
}

impl LoginHost {
    pub async fn start(cloud: &LocalCloud) -> Option<LoginHost> {
        let folder = tempfile::tempdir().unwrap();
        let counted = Arc::new(Database::open(&folder.path().join("services.db")).unwrap());
        let allowances = Allowances::new(counted, Arc::new(SystemClock), ServiceLimits::default());
        let router = http::login_router(login(cloud).accounts, allowances, http::Options::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Some(LoginHost { url, _folder: folder })
    }
}
