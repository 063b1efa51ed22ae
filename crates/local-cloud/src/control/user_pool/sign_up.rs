//! Making an account, and confirming that its address is the player's.

use naru_backend::platform::PlayerId;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::runtime::Handle;

use super::password::{self, Hashed};
use super::users::User;
use super::{Fault, UserPool};
use crate::clock::{self, Millis};
use crate::names;

/// The longest address (RFC 5321).
const MOST_EMAIL: usize = 254;

/// Codes that are sent to one address in an hour. AWS has such a limit and does not tell it.
const MOST_CODES: u32 = 5;
const HOUR: Millis = 60 * 60 * 1000;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SignUp {
    client_id: String,
    username: String,
    password: String,
    #[serde(default)]
    user_attributes: Vec<Attribute>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute {
    name: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ConfirmSignUp {
    client_id: String,
    username: String,
    confirmation_code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ResendCode {
    client_id: String,
    username: String,
}

impl UserPool {
    pub(super) fn sign_up(&self, input: &SignUp) -> Result<Value, Fault> {
        self.require_client(&input.client_id)?;
        let email = email(&input.username)?;
        check_attributes(&email, &input.user_attributes)?;
        password::check(&input.password)?;
        let user = User::new(names::uuid(), email, Hashed::of(&input.password)?);
        if !self.storage.index.add_user(&user)? {
            let message = "An account with the given email already exists.";
            return Err(Fault::new("UsernameExistsException", message));
        }
        Ok(json!({
            "UserConfirmed": false,
            "UserSub": user.sub,
            "CodeDeliveryDetails": delivery(&user.email),
        }))
    }

    pub(super) fn confirm_sign_up(&self, input: &ConfirmSignUp) -> Result<Value, Fault> {
        self.require_client(&input.client_id)?;
        let expired =
            || Fault::new("ExpiredCodeException", "Invalid code provided, please request a code again.");
        // Of an address without an account it is said as well.
        let user = self.storage.index.user_of_email(&email(&input.username)?)?.ok_or_else(expired)?;
        if user.confirmed {
            return Err(already_confirmed());
        }
        if !self.storage.index.begin_code_try(&user.sub)? {
            return Err(too_often());
        }
        if self.codes.is_over(&user) {
            return Err(expired());
        }
        if input.confirmation_code != self.codes.of(&user) {
            let message = "Invalid verification code provided, please try again.";
            return Err(Fault::new("CodeMismatchException", message));
        }
        if !self.storage.index.confirm_user(&user.sub)? {
            return Err(already_confirmed());
        }
        self.post_confirmation(&user)?;
        Ok(json!({}))
    }

    pub(super) fn resend_code(&self, input: &ResendCode) -> Result<Value, Fault> {
        self.require_client(&input.client_id)?;
        let email = email(&input.username)?;
        // The answer must not reveal that there is no such account.
        let Some(user) = self.storage.index.user_of_email(&email)? else {
            return Ok(json!({"CodeDeliveryDetails": delivery(&email)}));
        };
        if user.confirmed {
            return Err(Fault::invalid("User is already confirmed."));
        }
        let hour_is_over = clock::now() - user.codes_since >= HOUR;
        let (codes, since) = if hour_is_over { (0, clock::now()) } else { (user.codes, user.codes_since) };
        if codes >= MOST_CODES {
            return Err(too_often());
        }
        self.storage.index.send_code(&user, codes + 1, since)?;
        Ok(json!({"CodeDeliveryDetails": delivery(&user.email)}))
    }

    /// Calls the trigger. As with AWS, the account stays confirmed where that fails.
    fn post_confirmation(&self, user: &User) -> Result<(), Fault> {
        let failed = |error: &dyn std::fmt::Display| {
            let message = format!("PostConfirmation failed with error {error}.");
            Fault::new("UserLambdaValidationException", message)
        };
        let account = PlayerId::parse(&user.sub).map_err(|error| failed(&error))?;
        let registered = self.registration.register(account, &user.email);
        // On a thread that may block: see `UserPool::answer`.
        Handle::current().block_on(registered).map_err(|error| failed(&error))
    }
}

/// An address, in the one spelling that counts.
pub(super) fn email(text: &str) -> Result<String, Fault> {
    let parts = text.split_once('@');
    let is_plain = text.chars().all(|char| !char.is_whitespace() && !char.is_control());
    match parts {
        Some((name, host))
            if is_plain
                && !name.is_empty()
                && !host.is_empty()
                && !host.contains('@')
                && text.len() <= MOST_EMAIL =>
        {
            Ok(text.to_lowercase())
        }
        _ => Err(Fault::invalid("Username should be an email.")),
    }
}

/// The address may be repeated as an attribute; this stand-in keeps no others.
fn check_attributes(email: &str, attributes: &[Attribute]) -> Result<(), Fault> {
    for attribute in attributes {
        if attribute.name != "email" || attribute.value.to_lowercase() != email {
            let message = format!("Attributes did not conform to the schema: {}", attribute.name);
            return Err(Fault::invalid(message));
        }
    }
    Ok(())
}

/// Where a code went: `p***@n***`.
fn delivery(email: &str) -> Value {
    let (name, host) = email.split_once('@').unwrap_or((email, ""));
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    json!({
        "AttributeName": "email",
        "DeliveryMedium": "EMAIL",
        "Destination": format!("{}***@{}***", first(name), first(host)),
    })
}

fn already_confirmed() -> Fault {
    Fault::not_authorized("User cannot be confirmed. Current status is CONFIRMED")
}

fn too_often() -> Fault {
    Fault::new("LimitExceededException", "Attempt limit exceeded, please try after some time.")
}
