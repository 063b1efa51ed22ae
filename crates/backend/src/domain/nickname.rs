//! Where a player's public name is: in a dataset of the player's own.

/// The dataset that holds a player's profile.
pub const PROFILE: &str = "profile";

/// The record of the profile that holds the nickname.
pub const PROFILE_NICKNAME: &str = "nickname";
