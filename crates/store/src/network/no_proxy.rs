//! `NO_PROXY`: the hosts that are asked directly.

use std::net::IpAddr;

use url::{Host, Url};

/// The entries of `NO_PROXY`, as curl, Go and the AWS tools read them.
#[derive(Debug, Clone, Default)]
pub(super) struct NoProxy(Vec<Entry>);

#[derive(Debug, Clone)]
struct Entry {
    hosts: Hosts,
    /// Only this port.
    port: Option<u16>,
}

#[derive(Debug, Clone)]
enum Hosts {
    All,
    /// A name and everything below it, in lower case.
    Domain(String),
    /// An address, or those that share its first bits.
    Network(IpAddr, u8),
}

impl NoProxy {
    /// Reads a list with commas or spaces between its entries.
    pub(super) fn parse(text: &str) -> Self {
        let entries = text.split([',', ' ', '\t', '\n', '\r']).filter(|entry| !entry.is_empty());
        Self(entries.filter_map(Entry::parse).collect())
    }

    /// Whether an address is asked without a proxy.
    pub(super) fn names(&self, url: &Url) -> bool {
        self.0.iter().any(|entry| entry.names(url))
    }
}

impl Entry {
    fn parse(text: &str) -> Option<Self> {
        if let Some(network) = network(text) {
            return Some(Self { hosts: network, port: None });
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (text, None),
        };
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let name = bare.strip_prefix("*.").or(bare.strip_prefix('.')).unwrap_or(bare);
        let hosts = match network(bare) {
            Some(network) => network,
            None if bare == "*" => Hosts::All,
            None if name.is_empty() => return None,
            None => Hosts::Domain(name.trim_end_matches('.').to_ascii_lowercase()),
        };
        Some(Self { hosts, port })
    }

    fn names(&self, url: &Url) -> bool {
        if self.port.is_some() && self.port != url.port_or_known_default() {
            return false;
        }
        match (&self.hosts, url.host()) {
            (Hosts::All, _) => true,
            (Hosts::Domain(domain), Some(Host::Domain(host))) => is_below(domain, host),
            (Hosts::Network(first, bits), Some(Host::Ipv4(address))) => shares(*first, *bits, address.into()),
            (Hosts::Network(first, bits), Some(Host::Ipv6(address))) => shares(*first, *bits, address.into()),
            _ => false,
        }
    }
}

/// `10.0.0.0/8`, or one address.
fn network(text: &str) -> Option<Hosts> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address.parse().ok()?, Some(bits.parse().ok()?)),
        None => (text.parse::<IpAddr>().ok()?, None),
    };
    let all = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.unwrap_or(all);
    (bits <= all).then_some(Hosts::Network(address, bits))
}

fn is_below(domain: &str, host: &str) -> bool {
    let host = host.trim_end_matches('.');
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn shares(first: IpAddr, bits: u8, address: IpAddr) -> bool {
    let (one, other, all) = match (first, address) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (u128::from(one.to_bits()), u128::from(other.to_bits()), 32),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits(), other.to_bits(), 128),
        _ => return false,
    };
    let outside = u32::from(all - bits);
    // A shift by all bits of the type is none at all.
    (one ^ other).checked_shr(outside).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_named_in_every_spelling_that_other_tools_take() {
        for (list, url, named) in [
            ("*", "https://cdn.example.com/", true),
            ("*", "http://127.0.0.1:9700/", true),
            ("*", "http://[::1]:9700/", true),
            ("127.0.0.1", "http://127.0.0.1:9700/", true),
            ("127.0.0.1", "http://127.0.0.2/", false),
            ("127.0.0.1:9700", "http://127.0.0.1:9700/", true),
            ("127.0.0.1:9700", "http://127.0.0.1:9701/", false),
            ("::1", "http://[::1]:9700/", true),
            ("[::1]:9700", "http://[::1]:9700/", true),
            ("[::1]:9700", "http://[::1]:9701/", false),
            ("10.0.0.0/8", "https://10.1.2.3/", true),
            ("10.0.0.0/8", "https://11.1.2.3/", false),
            ("192.168.1.128/25", "https://192.168.1.200/", true),
            ("192.168.1.128/25", "https://192.168.1.100/", false),
            ("0.0.0.0/0", "https://8.8.8.8/", true),
            ("0.0.0.0/0", "https://cdn.example.com/", false),
            ("fd00::/8", "https://[fd12::1]/", true),
            ("fd00::/8", "https://[fe80::1]/", false),
            ("example.com", "https://example.com/", true),
            ("example.com", "https://cdn.EXAMPLE.com/", true),
            ("example.com", "https://notexample.com/", false),
            (".example.com", "https://cdn.example.com/", true),
            (".example.com", "https://example.com/", true),
            ("*.example.com", "https://cdn.example.com/", true),
            ("EXAMPLE.com:443", "https://cdn.example.com/", true),
            ("example.com:8443", "https://cdn.example.com/", false),
            ("localhost", "http://localhost:9700/", true),
            (" other.example , example.com ", "https://example.com/", true),
            ("other.example example.com", "https://example.com/", true),
            ("", "https://example.com/", false),
            (",,", "https://example.com/", false),
            ("10.0.0.0/99", "https://10.0.0.1/", false),
            ("example.com:port", "https://example.com/", false),
        ] {
            let parsed = Url::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
            assert_eq!(NoProxy::parse(list).names(&parsed), named, "NO_PROXY={list:?} and {url}");
        }
    }
}
