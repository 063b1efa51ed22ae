//! Network settings: which proxy to use for an address, which certificates to trust, and AWS's own settings.
//! Both HTTP clients are built here, so that the same rules apply to all requests.
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

/// The network settings of the environment.
#[derive(Debug, Clone, Default)]
pub struct Network {
    proxies: Proxies,
    variables: BTreeMap<&'static str, OsString>,
}

impl Network {
    /// Reads the relevant variables through `variable`. An empty one counts as unset, because CI systems set
    /// missing variables to an empty value.
    pub fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let variables = variables::NAMES.iter().filter_map(|name| Some((*name, variable(name)?)));
        Self { proxies: Proxies::of(&variable), variables: variables.collect() }
    }
}
