//! Whose requests are counted together.

use std::net::{IpAddr, Ipv6Addr};

use crate::platform::PlayerId;

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Requester {
    /// A player, wherever the requests come from: many players share the address of a school or a PC café.
    Player(PlayerId),
    /// Clients that are not logged in, by the address that the host of the services saw; `None` where it saw none.
    Address(Option<IpAddr>),
    /// All together.
    Everybody,
}

impl From<&PlayerId> for Requester {
    fn from(player: &PlayerId) -> Requester {
        Requester::Player(player.clone())
    }
}

impl Requester {
    /// The key under which a store counts. No player's id has an `@` or a `*`, so no player can use up the
    /// allowance of an address or of everybody.
    pub(crate) fn as_key(&self) -> String {
        match self {
            Requester::Player(player) => player.to_string(),
            Requester::Address(Some(address)) => format!("@{}", counted_as(address.to_canonical())),
            Requester::Address(None) => "@".to_owned(),
            Requester::Everybody => "*".to_owned(),
        }
    }
}

/// A household has as many IPv6 addresses as it likes, in a network of 64 bits (RFC 6177).
fn counted_as(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn key(address: &str) -> String {
        Requester::Address(Some(address.parse().unwrap())).as_key()
    }

    #[test]
    fn addresses_of_one_machine_are_counted_together_and_nobody_counts_as_a_player() {
        assert_eq!(key("192.0.2.1"), "@192.0.2.1");
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"), "the same machine on another socket");
        assert_eq!(key("2001:db8:1:2:3:4:5:6"), key("2001:db8:1:2::"), "one household");
        assert_ne!(key("2001:db8:1:3::"), key("2001:db8:1:2::"));
        for key in [key("192.0.2.1"), Requester::Address(None).as_key(), Requester::Everybody.as_key()] {
            assert!(PlayerId::parse(&key).is_err(), "a player named {key} would use up what is another's");
        }
    }
}
