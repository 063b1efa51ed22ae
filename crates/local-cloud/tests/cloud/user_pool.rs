//! Accounts with an address and a password, through AWS's own SDK.

use std::time::Duration;

use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::config::{BehaviorVersion, Region};
use aws_sdk_cognitoidentityprovider::operation::initiate_auth::InitiateAuthError;
use aws_sdk_cognitoidentityprovider::types::{AuthFlowType, AuthenticationResultType};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use naru_local_cloud::LocalCloud;
use naru_protocol::IssuedRun;
use rusqlite::Connection;
use serde_json::Value;

use crate::support::{self, Cloud, config, nobody, refusal, refused};

const WHO: &str = "player@naru.test";
const PASSWORD: &str = "ten letters at least";

/// A launcher's view of the pool.
struct Pool {
    cloud: Cloud,
    sdk: Client,
    client: String,
}

impl Pool {
    async fn start() -> Pool {
        Pool::over(support::start().await)
    }

    fn over(cloud: Cloud) -> Pool {
        let at = cloud.cloud.endpoints();
        let config = aws_sdk_cognitoidentityprovider::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(at.region.clone()))
            .endpoint_url(&at.control_url);
        Pool { client: at.user_pool_client.clone(), sdk: Client::from_conf(config.build()), cloud }
    }

    async fn restart(self) -> Pool {
        Pool::over(self.cloud.restart().await)
    }

    async fn sign_up(&self, email: &str, password: &str) -> Result<String, (u16, String)> {
        let request = self.sdk.sign_up().client_id(&self.client).username(email).password(password);
        match request.send().await {
            Ok(answer) => Ok(answer.user_sub),
            error => Err(refusal(error)),
        }
    }

    async fn confirm(&self, email: &str, code: &str) -> Result<(), (u16, String)> {
        let request = self.sdk.confirm_sign_up().client_id(&self.client).username(email);
        match request.confirmation_code(code).send().await {
            Ok(_) => Ok(()),
            error => Err(refusal(error)),
        }
    }

    async fn resend(&self, email: &str) -> Result<String, (u16, String)> {
        let request = self.sdk.resend_confirmation_code().client_id(&self.client).username(email);
        match request.send().await {
            Ok(answer) => Ok(answer.code_delivery_details.unwrap().destination.unwrap()),
            error => Err(refusal(error)),
        }
    }

    async fn sign_in(&self, email: &str, password: &str) -> Result<AuthenticationResultType, String> {
        self.auth(AuthFlowType::UserPasswordAuth, &[("USERNAME", email), ("PASSWORD", password)]).await
    }

    /// Tokens, or the code and the words of the refusal.
    async fn auth(
        &self,
        flow: AuthFlowType,
        parameters: &[(&str, &str)],
    ) -> Result<AuthenticationResultType, String> {
        let mut request = self.sdk.initiate_auth().client_id(&self.client).auth_flow(flow);
        for (name, value) in parameters {
            request = request.auth_parameters(*name, *value);
        }
        match request.send().await.map_err(|error| error.into_service_error()) {
            Ok(answer) => Ok(answer.authentication_result.unwrap()),
            Err(InitiateAuthError::NotAuthorizedException(error)) => Err(error.message.unwrap()),
            Err(error) => Err(error.meta().code().unwrap().to_owned()),
        }
    }

    /// The newest code that an address got, from where a developer reads it.
    async fn code(&self, email: &str) -> String {
        let url = format!("{}/user-pool/inbox", self.cloud.cloud.endpoints().control_url);
        let inbox = reqwest::get(url).await.unwrap().text().await.unwrap();
        let mail = inbox.lines().find(|line| line.contains(&format!(" {email} "))).unwrap();
        mail.rsplit(' ').next().unwrap().to_owned()
    }

    /// An account that is ready to sign in.
    async fn account(&self) -> String {
        let sub = self.sign_up(WHO, PASSWORD).await.unwrap();
        self.confirm(WHO, &self.code(WHO).await).await.unwrap();
        sub
    }

    /// The claims of a token whose signature holds by the keys that the pool publishes.
    async fn claims(&self, token: &str) -> Value {
        let at = self.cloud.cloud.endpoints();
        let url = format!("{}/{}/.well-known/jwks.json", at.control_url, at.user_pool);
        let keys: JwkSet = reqwest::get(url).await.unwrap().json().await.unwrap();
        let header = jsonwebtoken::decode_header(token).unwrap();
        let key = DecodingKey::from_jwk(keys.find(&header.kid.unwrap()).unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_aud = false;
        validation.set_issuer(&[format!("https://cognito-idp.{}.amazonaws.com/{}", at.region, at.user_pool)]);
        jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap().claims
    }
}

/// The player's records, as the services keep them.
fn records(pool: &Pool) -> Vec<(String, String)> {
    let db = Connection::open(pool.cloud.folder.path().join("services.db")).unwrap();
    let mut query = db.prepare("SELECT account, email FROM player").unwrap();
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[tokio::test]
async fn a_player_signs_up_confirms_and_signs_in() {
    let pool = Pool::start().await;
    let sub = pool.sign_up(WHO, PASSWORD).await.unwrap();
    assert_eq!(pool.sign_in(WHO, PASSWORD).await.unwrap_err(), "UserNotConfirmedException");
    assert_eq!(records(&pool), [], "an unconfirmed address is not a player");

    pool.confirm(WHO, &pool.code(WHO).await).await.unwrap();
    assert_eq!(records(&pool), [(sub.clone(), WHO.to_owned())], "the trigger made the player's record");
    let tokens = pool.sign_in("Player@Naru.Test", PASSWORD).await.unwrap();
    assert_eq!(tokens.expires_in, 3600);

    let id = pool.claims(tokens.id_token().unwrap()).await;
    assert_eq!((&id["sub"], &id["token_use"]), (&sub.as_str().into(), &"id".into()));
    assert_eq!((&id["aud"], &id["email"]), (&pool.client.as_str().into(), &WHO.into()));
    assert_eq!(id["email_verified"], true);
    let access = pool.claims(tokens.access_token().unwrap()).await;
    assert_eq!((&access["username"], &access["token_use"]), (&sub.as_str().into(), &"access".into()));
    assert_eq!(access["client_id"], pool.client.as_str());
    assert_eq!(access["origin_jti"], id["origin_jti"], "both name the sign-in that they come of");

    let user = pool.sdk.get_user().access_token(tokens.access_token().unwrap()).send().await.unwrap();
    assert_eq!(user.username, sub);
    let email = user.user_attributes.iter().find(|attribute| attribute.name == "email").unwrap();
    assert_eq!(email.value(), Some(WHO));
    let other = pool.sdk.get_user().access_token(tokens.id_token().unwrap()).send().await;
    assert_eq!(refusal(other), refused(400, "NotAuthorizedException"), "an ID token is no access token");
}

#[tokio::test]
async fn an_account_is_an_identity_for_the_services() {
    let pool = Pool::start().await;
    pool.account().await;
    let at = pool.cloud.cloud.endpoints().clone();
    let provider = format!("cognito-idp.{}.amazonaws.com/{}", at.region, at.user_pool);
    let tokens = pool.sign_in(WHO, PASSWORD).await.unwrap();
    let cognito = pool.cloud.identity(nobody());

    let get = || cognito.get_id().identity_pool_id(&at.identity_pool);
    let identity = get().logins(&provider, tokens.id_token().unwrap()).send().await.unwrap();
    let identity = identity.identity_id.unwrap();
    let again = pool.sign_in(WHO, PASSWORD).await.unwrap();
    let same = get().logins(&provider, again.id_token().unwrap()).send().await.unwrap();
    assert_eq!(same.identity_id.unwrap(), identity, "scores and data hang on it");
    let access = get().logins(&provider, tokens.access_token().unwrap()).send().await;
    assert_eq!(refusal(access), refused(400, "NotAuthorizedException"), "it says nothing of who is there");

    let token = cognito.get_open_id_token().identity_id(&identity);
    let token = token.logins(&provider, tokens.id_token().unwrap()).send().await.unwrap().token.unwrap();
    let run = reqwest::Client::new().post(format!("{}/runs", at.services_url)).bearer_auth(&token);
    let run: IssuedRun = run.send().await.unwrap().json().await.unwrap();
    assert_eq!(run.run_id.len(), 32, "to the services a player is a player, however he logs in");
    let keys = cognito.get_credentials_for_identity().identity_id(&identity);
    let keys = keys.logins(&provider, tokens.id_token().unwrap()).send().await.unwrap();
    assert!(keys.credentials.unwrap().access_key_id.unwrap().starts_with("ASIA"));

    let (others, others_token) = pool.cloud.login("kakao:1").await;
    let prolonged = cognito.get_open_id_token().identity_id(&others);
    let prolonged = prolonged.logins("cognito-identity.amazonaws.com", others_token).send().await;
    assert_eq!(refusal(prolonged), refused(400, "NotAuthorizedException"), "no token makes another one");
    let theirs = cognito.get_open_id_token().identity_id(others);
    let theirs = theirs.logins(&provider, tokens.id_token().unwrap()).send().await;
    assert_eq!(refusal(theirs), refused(400, "NotAuthorizedException"), "another player's identity");
}

#[tokio::test]
async fn what_is_wrong_with_a_sign_up_is_told_as_aws_tells_it() {
    let pool = Pool::start().await;
    for (email, password, code) in [
        (WHO, "too short", "InvalidPasswordException"),
        ("no-address", PASSWORD, "InvalidParameterException"),
        ("a b@naru.test", PASSWORD, "InvalidParameterException"),
    ] {
        assert_eq!(pool.sign_up(email, password).await.unwrap_err(), refused(400, code), "{email}");
    }
    pool.sign_up(WHO, PASSWORD).await.unwrap();
    let taken = pool.sign_up("PLAYER@naru.test", PASSWORD).await.unwrap_err();
    assert_eq!(taken, refused(400, "UsernameExistsException"), "one account for an address, however written");
    let other = pool.sdk.sign_up().client_id("somebody-else").username("b@naru.test").password(PASSWORD);
    assert_eq!(refusal(other.send().await), refused(400, "ResourceNotFoundException"));
}

#[tokio::test]
async fn a_code_is_good_for_its_account_once_and_not_for_ever() {
    let pool = Pool::start().await;
    pool.sign_up(WHO, PASSWORD).await.unwrap();
    let first = pool.code(WHO).await;
    let wrong = if first == "000000" { "000001" } else { "000000" };
    let mismatch = refused(400, "CodeMismatchException");
    assert_eq!(pool.confirm(WHO, wrong).await.unwrap_err(), mismatch);
    assert_eq!(pool.resend(WHO).await.unwrap(), "p***@n***");
    assert_ne!(pool.code(WHO).await, first, "each mail has a new code (except once in a million)");
    assert_eq!(pool.confirm(WHO, &first).await.unwrap_err(), mismatch, "a newer mail voids the older one");
    pool.confirm(WHO, &pool.code(WHO).await).await.unwrap();
    assert_eq!(pool.confirm(WHO, &first).await.unwrap_err(), refused(400, "NotAuthorizedException"));
    assert_eq!(pool.resend(WHO).await.unwrap_err(), refused(400, "InvalidParameterException"));

    let folder = tempfile::tempdir().unwrap();
    let mut brief = config(&folder);
    brief.confirmation_lifetime = Duration::ZERO;
    let cloud = LocalCloud::start(brief).await.unwrap();
    let s3 = support::s3(&cloud, support::publisher(&cloud));
    let pool = Pool::over(Cloud { cloud, s3, folder });
    pool.sign_up(WHO, PASSWORD).await.unwrap();
    let late = pool.confirm(WHO, &pool.code(WHO).await).await.unwrap_err();
    assert_eq!(late, refused(400, "ExpiredCodeException"));
}

#[tokio::test]
async fn codes_cannot_be_guessed() {
    let pool = Pool::start().await;
    pool.sign_up(WHO, PASSWORD).await.unwrap();
    let right = pool.code(WHO).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let limit = refused(400, "LimitExceededException");
    for _ in 0..5 {
        assert_eq!(pool.confirm(WHO, wrong).await.unwrap_err(), refused(400, "CodeMismatchException"));
    }
    assert_eq!(pool.confirm(WHO, &right).await.unwrap_err(), limit, "the right one comes too late");
    for _ in 0..4 {
        pool.resend(WHO).await.unwrap();
    }
    assert_eq!(pool.resend(WHO).await.unwrap_err(), limit, "nor can he flood a mailbox");
    pool.confirm(WHO, &pool.code(WHO).await).await.unwrap();
}

#[tokio::test]
async fn passwords_and_accounts_cannot_be_guessed() {
    let pool = Pool::start().await;
    pool.account().await;
    let wrong = "Incorrect username or password.";
    assert_eq!(pool.sign_in("nobody@naru.test", PASSWORD).await.unwrap_err(), wrong);
    assert_eq!(
        pool.resend("nobody@naru.test").await.unwrap(),
        "n***@n***",
        "the same answer as for an account"
    );
    let code = pool.confirm("nobody@naru.test", "000000").await.unwrap_err();
    assert_eq!(code, refused(400, "ExpiredCodeException"));

    for _ in 0..5 {
        assert_eq!(pool.sign_in(WHO, "a wrong password").await.unwrap_err(), wrong);
    }
    // The fifth failure locks for a second, the sixth for two.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(pool.sign_in(WHO, "a wrong password").await.unwrap_err(), wrong);
    let locked = pool.sign_in(WHO, PASSWORD).await.unwrap_err();
    assert_eq!(locked, "Password attempts exceeded", "the right one has to wait as well");
    tokio::time::sleep(Duration::from_millis(2100)).await;
    pool.sign_in(WHO, PASSWORD).await.unwrap();
}

#[tokio::test]
async fn an_account_and_its_session_survive_a_restart_and_leave_no_secret_behind() {
    let pool = Pool::start().await;
    let sub = pool.sign_up(WHO, PASSWORD).await.unwrap();
    let code = pool.code(WHO).await;
    let pool = pool.restart().await;
    assert_eq!(pool.code(WHO).await, code, "a mail that is on its way");
    pool.confirm(WHO, &code).await.unwrap();
    let tokens = pool.sign_in(WHO, PASSWORD).await.unwrap();
    let refresh = tokens.refresh_token().unwrap();

    let pool = pool.restart().await;
    let fresh = pool.auth(AuthFlowType::RefreshTokenAuth, &[("REFRESH_TOKEN", refresh)]).await.unwrap();
    assert!(fresh.refresh_token().is_none(), "the client keeps the one that it has");
    let claims = pool.claims(fresh.id_token().unwrap()).await;
    assert_eq!(claims["sub"], sub.as_str());
    assert_eq!(claims["origin_jti"], pool.claims(tokens.id_token().unwrap()).await["origin_jti"]);
    let wrong = pool.auth(AuthFlowType::RefreshTokenAuth, &[("REFRESH_TOKEN", "made-up")]).await;
    assert_eq!(wrong.unwrap_err(), "Invalid Refresh Token");

    for entry in std::fs::read_dir(pool.cloud.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for secret in [PASSWORD, refresh, tokens.access_token().unwrap()] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{} holds a secret", path.display());
        }
    }
}
