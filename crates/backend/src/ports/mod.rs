//! What the services need from the world.

mod clock;
mod login_providers;
mod player_identities;
mod token_verifier;

pub use clock::{Clock, SystemClock};
pub use login_providers::LoginProviders;
pub use player_identities::{PlayerIdentities, PlayerToken};
pub use token_verifier::{TokenError, TokenVerifier};
