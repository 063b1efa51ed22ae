//! Text that must not appear in logs or messages.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Declares a text whose `Debug` prints nothing of it, and that has no `Display`.
macro_rules! secret {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the text.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text itself. The caller is responsible for where it goes.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

secret! {
    /// What a provider's page gives to the client, and the backend exchanges, once.
    AuthorizationCode;
    /// The client's proof that it began the login whose code it presents (RFC 7636).
    CodeVerifier;
    /// A provider's right to read a player's profile.
    AccessToken;
    /// A provider's right to make further access tokens.
    RefreshToken;
    /// A provider's signed statement of who logged in.
    IdToken;
    /// Cognito's signed statement of which identity a player has: what the services take.
    OpenIdToken;
    /// What a provider knows the backend by.
    ClientSecret;
    /// Ties a redirect to the login that it answers (RFC 6749, section 10.12).
    State;
    /// Ties an ID token to the login that it answers (OpenID Connect Core, section 3.1.2.1).
    Nonce;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_prints_nothing_of_a_secret() {
        let shown = format!("{:?}", Some(AccessToken::new("canary")));
        assert_eq!(shown, "Some(AccessToken(…))");
    }
}
