//! Cognito, as far as the services ask it: the keys of the tokens that these tests hand out.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA512};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Value, json};

/// The identity pool whose players the services take.
pub const POOL: &str = "ap-northeast-2:00000000-0000-4000-8000-000000000000";

const HOUR: i64 = 3600;

static KEY: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).unwrap());

/// A running issuer; ends with the test.
pub struct Tokens {
    /// Where its keys are.
    pub url: String,
    made: Mutex<HashMap<u32, String>>,
}

impl Tokens {
    /// `has_keys`: whether the keys can be had.
    pub async fn start(has_keys: bool) -> Tokens {
        let keys = get(async move || match has_keys {
            true => Ok(Json(key_set())),
            false => Err(StatusCode::SERVICE_UNAVAILABLE),
        });
        let routes = Router::new().route("/.well-known/jwks_uri", keys);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Tokens { url, made: Mutex::default() }
    }

    /// The token of a player, whom the services know as `player-<number>`.
    pub fn of(&self, player: u32) -> String {
        let mut made = self.made.lock().unwrap();
        made.entry(player).or_insert_with(|| signed(&format!("player-{player}"), HOUR)).clone()
    }

    /// A token that was good until an hour ago.
    pub fn expired(&self) -> String {
        signed("player-1", -HOUR)
    }
}

fn key_set() -> Value {
    let key = KEY.public_key();
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let modulus = part(key.modulus().big_endian_without_leading_zero());
    let exponent = part(key.exponent().big_endian_without_leading_zero());
    json!({ "keys": [{ "kty": "RSA", "use": "sig", "alg": "RS512", "kid": "key", "n": modulus, "e": exponent }] })
}

/// Signed as Cognito signs: <https://docs.aws.amazon.com/cognito/latest/developerguide/open-id.html>
fn signed(player: &str, lifetime: i64) -> String {
    let until = Timestamp::now().as_second() + lifetime;
    let claims = json!({
        "iss": "https://cognito-identity.amazonaws.com",
        "aud": POOL,
        "sub": player,
        "amr": ["authenticated", "login.test"],
        "iat": until - 2 * HOUR,
        "exp": until,
    });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(&json!({ "alg": "RS512", "kid": "key", "typ": "JWS" })), part(&claims));
    let mut signature = vec![0; KEY.public_modulus_len()];
    KEY.sign(&RSA_PKCS1_SHA512, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}
