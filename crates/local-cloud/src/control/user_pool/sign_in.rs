//! Tokens for a password or a refresh token, and what they let a player read.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::password::Hashed;
use super::tokens::{LIFETIME, Session};
use super::users::{Try, User};
use super::{Fault, UserPool, sign_up};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InitiateAuth {
    client_id: String,
    auth_flow: String,
    #[serde(default)]
    auth_parameters: HashMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetUser {
    access_token: String,
}

impl UserPool {
    pub(super) fn initiate_auth(&self, input: &InitiateAuth) -> Result<Value, Fault> {
        self.require_client(&input.client_id)?;
        match input.auth_flow.as_str() {
            "USER_PASSWORD_AUTH" => {
                let (name, password) = (input.parameter("USERNAME")?, input.parameter("PASSWORD")?);
                self.sign_in(name, password)
            }
            "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" => self.refresh(input.parameter("REFRESH_TOKEN")?),
            flow => Err(Fault::invalid(format!("{flow} is not implemented by this stand-in"))),
        }
    }

    fn sign_in(&self, name: &str, password: &str) -> Result<Value, Fault> {
        let refused = || Fault::not_authorized("Incorrect username or password.");
        let email = sign_up::email(name).map_err(|_| refused())?;
        let user = match self.storage.index.begin_try(&email)? {
            Try::Granted(user) => user,
            Try::Locked => return Err(Fault::not_authorized("Password attempts exceeded")),
            Try::Nobody => {
                Hashed::verify_against_nothing(password);
                return Err(refused());
            }
        };
        if !user.password.is(password) {
            self.storage.index.end_failed_try(&user.sub)?;
            return Err(refused());
        }
        self.storage.index.forgive_tries(&user.sub)?;
        if !user.confirmed {
            return Err(Fault::new("UserNotConfirmedException", "User is not confirmed."));
        }
        let session = Session::begin();
        let mut tokens = self.tokens(&user, &session)?;
        tokens["RefreshToken"] = self.storage.index.issue_refresh_token(&user.sub, &session)?.into();
        Ok(json!({"ChallengeParameters": {}, "AuthenticationResult": tokens}))
    }

    /// New tokens of the same session; the refresh token stays what it is.
    fn refresh(&self, token: &str) -> Result<Value, Fault> {
        let found = self.storage.index.refresh_token(token)?;
        let (sub, session, is_over) = found.ok_or_else(|| Fault::not_authorized("Invalid Refresh Token"))?;
        if is_over {
            return Err(Fault::not_authorized("Refresh Token has expired"));
        }
        let user = self.storage.index.user_of_sub(&sub)?;
        let user = user.ok_or_else(|| Fault::not_authorized("Invalid Refresh Token"))?;
        Ok(json!({"ChallengeParameters": {}, "AuthenticationResult": self.tokens(&user, &session)?}))
    }

    fn tokens(&self, user: &User, session: &Session) -> Result<Value, Fault> {
        Ok(json!({
            "AccessToken": self.access_token(user, session)?,
            "IdToken": self.id_token(user, session)?,
            "ExpiresIn": LIFETIME,
            "TokenType": "Bearer",
        }))
    }

    pub(super) fn get_user(&self, input: &GetUser) -> Result<Value, Fault> {
        let sub = self.owner_of_access_token(&input.access_token)?;
        let user = self.storage.index.user_of_sub(&sub)?;
        let user = user.ok_or_else(|| Fault::not_authorized("Invalid Access Token"))?;
        let attribute = |name: &str, value: &str| json!({"Name": name, "Value": value});
        Ok(json!({
            "Username": user.sub,
            "UserAttributes": [
                attribute("sub", &user.sub),
                attribute("email", &user.email),
                attribute("email_verified", if user.confirmed { "true" } else { "false" }),
            ],
        }))
    }
}

impl InitiateAuth {
    fn parameter(&self, name: &str) -> Result<&str, Fault> {
        let value = self.auth_parameters.get(name).map(String::as_str);
        value.ok_or_else(|| Fault::invalid(format!("Missing required parameter {name}")))
    }
}
