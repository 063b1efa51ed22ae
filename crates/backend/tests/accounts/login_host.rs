//! The login on `axum::serve`.

use naru_backend::http;
use naru_local_cloud::LocalCloud;

use crate::cases::embedded::login;

pub struct LoginHost {
    pub url: String,
}

impl LoginHost {
    pub async fn start(cloud: &LocalCloud) -> Option<LoginHost> {
        let router = http::login_router(login(cloud).accounts, http::Options::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Some(LoginHost { url })
    }
}
