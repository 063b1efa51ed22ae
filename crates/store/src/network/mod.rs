//! The way out: which proxy leads to an address, whose certificates are believed, and what AWS's own
//! settings say. Both HTTP clients are made here, so that one rule holds for all requests.
//!
//! The root of a program reads the environment and passes it down; no other code reads it.

mod aws;
mod certificates;
mod client;
mod no_proxy;
mod proxies;
mod variables;

pub use aws::AwsError;
pub(crate) use aws::own_endpoint;
pub use certificates::{BundleError, NoCertificates, check_certificates};
pub use client::{ClientError, safe_redirects};
pub use proxies::{Proxy, ProxyError};
pub use variables::{VariableError, VariableProblem};

use std::collections::BTreeMap;
use std::ffi::OsString;

use proxies::Proxies;

/// What the environment says of the way out.
#[derive(Debug, Clone, Default)]
pub struct Network {
    proxies: Proxies,
    variables: BTreeMap<&'static str, OsString>,
}

impl Network {
    /// Reads the variables that matter, as `variable` gives them. An empty one counts as unset: that is
    /// how one arrives from a CI system that does not have it.
    pub fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let variables = variables::NAMES.iter().filter_map(|name| Some((*name, variable(name)?)));
        Self { proxies: Proxies::of(&variable), variables: variables.collect() }
    }
}
