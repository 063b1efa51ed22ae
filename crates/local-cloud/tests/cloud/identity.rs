//! Logins and what a player's keys may do.

use aws_credential_types::Credentials;

use crate::support::{self, nobody, publisher, refusal, refused, s3};

const COGNITO: &str = "cognito-identity.amazonaws.com";

#[tokio::test]
async fn a_players_keys_give_no_right_on_the_bucket() {
    let cloud = support::start().await;
    cloud.put("update/version.json", "1").await;
    let player = cloud.player().await;
    assert!(player.access_key_id().starts_with("ASIA"), "temporary keys");
    let s3 = s3(&cloud.cloud, player);
    let denied = refused(403, "AccessDenied");

    // What any logged-in player of the 2017 sample could do.
    let put = s3.put_object().bucket("naru").key("update/version.json");
    assert_eq!(refusal(put.body(b"evil".to_vec().into()).send().await), denied);
    let get = s3.get_object().bucket("naru").key("update/version.json");
    assert_eq!(refusal(get.send().await), denied, "players read from the edge");
    let list = s3.list_object_versions().bucket("naru").send().await;
    assert_eq!(refusal(list), denied);
    let delete = s3.delete_object().bucket("naru").key("update/version.json");
    assert_eq!(refusal(delete.send().await), denied);
    let upload = s3.create_multipart_upload().bucket("naru").key("x");
    assert_eq!(refusal(upload.send().await), denied);
    assert_eq!(cloud.get("update/version.json").await, b"1");
}

#[tokio::test]
async fn temporary_keys_need_their_session_token() {
    let cloud = support::start().await;
    let player = cloud.player().await;
    let with = |token: Option<String>| {
        let (id, secret) = (player.access_key_id(), player.secret_access_key());
        s3(&cloud.cloud, Credentials::new(id, secret, token, None, "test"))
    };
    let missing = with(None).list_buckets().send().await;
    assert_eq!(refusal(missing), refused(403, "InvalidAccessKeyId"));
    let wrong = with(Some("other".to_owned())).list_buckets().send().await;
    assert_eq!(refusal(wrong), refused(400, "InvalidToken"));
}

#[tokio::test]
async fn a_user_keeps_their_identity() {
    let cloud = support::start().await;
    let (first, _) = cloud.login("kakao:1").await;
    let (again, _) = cloud.login("kakao:1").await;
    let (other, _) = cloud.login("kakao:2").await;
    assert_eq!(first, again, "scores and data hang on it");
    assert_ne!(first, other);
    assert!(first.starts_with("ap-northeast-2:"));
    let cloud = cloud.restart().await;
    let (later, token) = cloud.login("kakao:1").await;
    assert_eq!(first, later);

    let endpoints = cloud.cloud.endpoints();
    let get = cloud.identity(nobody()).get_id();
    let get = get.identity_pool_id(&endpoints.identity_pool).logins(COGNITO, token);
    assert_eq!(get.send().await.unwrap().identity_id, Some(first));
}

#[tokio::test]
async fn tokens_are_checked() {
    let cloud = support::start().await;
    let (identity, token) = cloud.login("one").await;
    let (other, _) = cloud.login("two").await;
    let anyone = cloud.identity(nobody());
    let credentials = |identity: &str| anyone.get_credentials_for_identity().identity_id(identity);
    let not_authorized = refused(400, "NotAuthorizedException");

    let garbage = credentials(&identity).logins(COGNITO, "garbage").send().await;
    assert_eq!(refusal(garbage), not_authorized);
    let mut forged = token.clone().into_bytes();
    forged[60] ^= 1;
    let forged = String::from_utf8(forged).unwrap();
    let forged = credentials(&identity).logins(COGNITO, forged).send().await;
    assert_eq!(refusal(forged), not_authorized, "a changed claim breaks the signature");
    let guest = credentials(&identity).send().await;
    assert_eq!(refusal(guest), not_authorized);
    let provider = credentials(&identity).logins("kauth.kakao.com", &token).send().await;
    assert_eq!(refusal(provider), not_authorized);
    let of_another = credentials(&other).logins(COGNITO, &token).send().await;
    assert_eq!(refusal(of_another), not_authorized, "my token is not your login");
    let unknown = credentials("ap-northeast-2:none").logins(COGNITO, &token);
    assert_eq!(refusal(unknown.send().await), refused(400, "ResourceNotFoundException"));
    let pool = anyone.get_id().identity_pool_id("ap-northeast-2:none");
    let pool = pool.logins(COGNITO, &token).send().await;
    assert_eq!(refusal(pool), refused(400, "ResourceNotFoundException"));
}

#[tokio::test]
async fn an_expired_token_gets_no_keys() {
    let cloud = support::start().await;
    let endpoints = cloud.cloud.endpoints();
    let backend = cloud.identity(publisher(&cloud.cloud));
    let login = backend.get_open_id_token_for_developer_identity();
    let login = login
        .identity_pool_id(&endpoints.identity_pool)
        .logins(&endpoints.developer_provider, "brief")
        .token_duration(1)
        .send()
        .await
        .unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    let get = cloud.identity(nobody()).get_credentials_for_identity();
    let get = get.identity_id(login.identity_id.unwrap());
    let get = get.logins(COGNITO, login.token.unwrap()).send().await;
    assert_eq!(refusal(get), refused(400, "NotAuthorizedException"));
}

#[tokio::test]
async fn only_the_backend_says_who_somebody_is() {
    let cloud = support::start().await;
    let endpoints = cloud.cloud.endpoints();
    for (credentials, code) in
        [(cloud.player().await, "AccessDeniedException"), (nobody(), "UnrecognizedClientException")]
    {
        let login = cloud.identity(credentials).get_open_id_token_for_developer_identity();
        let login = login.identity_pool_id(&endpoints.identity_pool);
        let login = login.logins(&endpoints.developer_provider, "admin").send().await;
        assert_eq!(refusal(login), refused(400, code));
    }
    let backend = cloud.identity(publisher(&cloud.cloud));
    let login = backend.get_open_id_token_for_developer_identity();
    let login = login.identity_pool_id(&endpoints.identity_pool);
    let login = login.logins("login.other", "user").send().await;
    assert_eq!(refusal(login), refused(400, "InvalidParameterException"));
}
