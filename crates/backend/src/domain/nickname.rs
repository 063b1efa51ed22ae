//! The name that others see.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// The dataset that holds a player's profile.
pub const PROFILE: &str = "profile";

/// The record of the profile that holds the nickname.
pub const PROFILE_NICKNAME: &str = "nickname";

/// The longest nickname, in code points.
const MAX_CHARACTERS: usize = 24;

/// A name that can be shown on the board without harm to the page around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nickname(String);

/// Why a nickname is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NicknameError {
    /// Too short or too long.
    #[error("a nickname has 1 to {MAX_CHARACTERS} characters")]
    Length,
    /// White space at an end looks like another name.
    #[error("a nickname does not begin or end with white space")]
    Edge,
    /// Control and direction characters change the text around them.
    #[error("a nickname has no control, direction or unassigned characters (U+{0:04X})")]
    Character(u32),
}

impl Nickname {
    /// Takes a nickname that a player chose.
    pub fn parse(text: &str) -> Result<Nickname, NicknameError> {
        if !(1..=MAX_CHARACTERS).contains(&text.chars().count()) {
            return Err(NicknameError::Length);
        }
        if text.trim() != text {
            return Err(NicknameError::Edge);
        }
        match text.chars().find(|&character| !shows(character)) {
            Some(character) => Err(NicknameError::Character(u32::from(character))),
            None => Ok(Nickname(text.to_owned())),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The group `Other` holds control, format (bidi and zero-width), private and unassigned code points.
fn shows(character: char) -> bool {
    character.general_category_group() != GeneralCategoryGroup::Other
        && character.general_category() != GeneralCategory::LineSeparator
        && character.general_category() != GeneralCategory::ParagraphSeparator
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_spoil_the_board_are_refused() {
        for name in ["나루지기", "Ferry Man", "é", "🏮"] {
            assert!(Nickname::parse(name).is_ok(), "{name}");
        }
        for name in ["", " a", "a\n", "a\u{202e}b", "a\u{200b}b", "\0", &"가".repeat(25)] {
            assert!(Nickname::parse(name).is_err(), "{name:?}");
        }
    }
}
