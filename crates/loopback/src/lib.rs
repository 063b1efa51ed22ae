//! Servers on loopback that no web page can use.
//!
//! A browser on the same machine reaches every loopback port, on behalf of any page that it shows.
//! So each request passes a [`Guard`] before anything else sees it: it must name this machine, must
//! not come from a foreign page, and must be neither a WebSocket handshake nor a form upload. Every
//! answer tells the browser to trust its content type and to run no scripts in it.
//!
//! Nothing here trusts the loopback address itself: that only keeps other machines out.

mod bind;
mod guard;
mod interim;
mod refusal;
mod response;
mod serve;

pub use bind::{BindError, bind};
pub use guard::Guard;
pub use refusal::Refusal;
pub use serve::serve;
