//! Builds the two HTTP clients with the network settings.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{self, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use naru_protocol::Endpoint;
use reqwest::redirect::{Action, Attempt, Policy};
use reqwest::{Client, ClientBuilder};
use url::Url;

use super::certificates::Bundle;
use super::proxies::Proxies;
use super::{Network, ProxyError};

/// An HTTP client that can't be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The environment names a proxy that can't be used.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
    /// The client refused what it was given.
    #[error("no HTTP client: {0}")]
    Http(#[from] reqwest::Error),
}

/// Follows at most this many redirects, each checked by the rule for addresses.
pub fn safe_redirects(most: usize) -> Policy {
    Policy::custom(move |attempt: Attempt<'_>| -> Action {
        if attempt.previous().len() > most {
            return attempt.error(format!("more than {most} redirects"));
        }
        match Endpoint::check_redirect(attempt.previous(), attempt.url()) {
            Ok(()) => attempt.follow(),
            Err(refused) => attempt.error(refused),
        }
    })
}

impl Network {
    /// A client for the server at `url`, with the proxy and certificates of the environment. It follows no
    /// redirects unless the caller sets a policy.
    pub fn client_for(&self, url: &Url) -> Result<ClientBuilder, ClientError> {
        // The library would apply its own rules to the environment.
        let builder = Client::builder().no_proxy().redirect(Policy::none());
        let Some(proxy) = self.proxy_for(url)? else {
            return Ok(builder);
        };
        let through = reqwest::Proxy::all(proxy.url())?;
        Ok(builder.proxy(match proxy.authorization() {
            Some(value) => through.custom_http_auth(value),
            None => through,
        }))
    }

    /// AWS's client, by the same rule.
    pub(super) fn aws_client(&self, bundle: Option<Bundle>) -> SharedHttpClient {
        let tls = tls_context(bundle);
        let through = self.proxies().usable().filter_map(|proxy| {
            let config = ProxyConfig::all(proxy.url_with_password().as_str()).ok()?;
            Some((proxy.url_with_password().to_string(), client(&tls, config)))
        });
        SharedHttpClient::new(Routes {
            proxies: self.proxies().clone(),
            direct: client(&tls, ProxyConfig::disabled()),
            through: through.collect(),
        })
    }
}

/// Cannot fail here: the system's certificates were found and those of a bundle were read before.
fn tls_context(bundle: Option<Bundle>) -> TlsContext {
    let Some(bundle) = bundle else { return TlsContext::default() };
    let add = |store: TrustStore, pem: String| store.with_pem_certificate(pem);
    let store = bundle.certificates.into_iter().fold(TrustStore::empty(), add);
    TlsContext::builder().with_trust_store(store).build().unwrap_or_default()
}

fn client(tls: &TlsContext, proxy: ProxyConfig) -> SharedHttpClient {
    let tls = tls.clone();
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut builder = Connector::builder().proxy_config(proxy.clone());
        builder.set_connector_settings(settings.cloned());
        builder.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        builder.tls_provider(tls::Provider::rustls(CryptoMode::AwsLc)).tls_context(tls.clone()).build()
    })
}

/// Sends each request through the proxy that leads to its host. AWS's own client has
/// a single list of hosts without a proxy, with different rules.
#[derive(Debug)]
struct Routes {
    proxies: Proxies,
    direct: SharedHttpClient,
    through: BTreeMap<String, SharedHttpClient>,
}

impl HttpClient for Routes {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let connector = |client: &SharedHttpClient| client.http_connector(settings, components);
        let through = self.through.iter().map(|(proxy, client)| (proxy.clone(), connector(client)));
        SharedHttpConnector::new(Route {
            proxies: self.proxies.clone(),
            direct: connector(&self.direct),
            through: Arc::new(through.collect()),
        })
    }
}

#[derive(Debug)]
struct Route {
    proxies: Proxies,
    direct: SharedHttpConnector,
    through: Arc<BTreeMap<String, SharedHttpConnector>>,
}

impl Route {
    fn connector_for(&self, uri: &str) -> Result<&SharedHttpConnector, ConnectorError> {
        let url = Url::parse(uri).map_err(|error| ConnectorError::user(error.into()))?;
        let proxy = self.proxies.for_url(&url).map_err(|error| ConnectorError::user(error.into()))?;
        let Some(proxy) = proxy else { return Ok(&self.direct) };
        // Never bypass a configured proxy: it may be the only way out of this network.
        let missing = || ConnectorError::user("the proxy can't be used".into());
        self.through.get(proxy.url_with_password().as_str()).ok_or_else(missing)
    }
}

impl HttpConnector for Route {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        match self.connector_for(request.uri()) {
            Ok(connector) => connector.call(request),
            Err(error) => HttpConnectorFuture::ready(Err(error)),
        }
    }
}
