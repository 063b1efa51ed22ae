//! The one rule for a short name that a player chooses and everybody sees.

use std::fmt;

use icu_properties::props::{
    CanonicalCombiningClass, DefaultIgnorableCodePoint, ExtendedPictographic, JoiningType,
};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};
use unicode_segmentation::UnicodeSegmentation;

/// Thai and Vietnamese need two above one letter; a pile of them runs over the lines around the name.
const MOST_STACKED_MARKS: usize = 2;

/// The longest emoji that Unicode recommends for interchange: a kiss with two skin tones.
const MOST_OF_AN_EMOJI: usize = 10;

/// Assigned code points in no ignorable class that are still invisible.
const BLANKS: [char; 5] = ['\u{2800}', '\u{FFFC}', '\u{13441}', '\u{13442}', '\u{1D159}'];

const ZERO_WIDTH_NON_JOINER: char = '\u{200C}';
const ZERO_WIDTH_JOINER: char = '\u{200D}';
const TEXT_STYLE: char = '\u{FE0E}';
const EMOJI_STYLE: char = '\u{FE0F}';
const KEYCAP: char = '\u{20E3}';

/// The flags of England, Scotland and Wales are spelled with tags that show nothing elsewhere.
const TAGGED_FLAGS: [&str; 3] = [
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}",
];

/// A name that shows something, and does no harm to the text around it. In Unicode's normal form C.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownName(String);

/// Why a name can't be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShownNameError {
    /// Too short or too long.
    #[error(
        "a name has 1 to {} characters, of at most {} code points",
        ShownName::MOST_CHARACTERS,
        ShownName::MOST_CODE_POINTS
    )]
    Length,
    /// White space at an end looks like another name.
    #[error("a name does not begin or end with white space")]
    Edge,
    /// Control, direction, invisible and unassigned characters.
    #[error("a name has no control, direction, invisible or unassigned characters (U+{0:04X})")]
    Character(u32),
    /// Marks without a letter, or too many on one.
    #[error("a name has no marks without a letter, and at most {MOST_STACKED_MARKS} on one")]
    Marks,
}

impl ShownName {
    /// What a reader counts as one character: an extended grapheme cluster of Unicode.
    pub const MOST_CHARACTERS: usize = 24;

    /// A character may be several code points. Each is a few bytes in every answer that has the name.
    pub const MOST_CODE_POINTS: usize = 96;

    /// Parses a name that a player chose.
    pub fn parse(text: &str) -> Result<ShownName, ShownNameError> {
        // Composing never makes a text longer than three times what it was.
        if text.chars().take(4 * Self::MOST_CODE_POINTS).count() == 4 * Self::MOST_CODE_POINTS {
            return Err(ShownNameError::Length);
        }
        // A Korean name typed on a Mac comes in its parts, and counts as what it looks like.
        let name: String = text.nfc().collect();
        let characters = name.graphemes(true).count();
        if !(1..=Self::MOST_CHARACTERS).contains(&characters) || name.chars().count() > Self::MOST_CODE_POINTS
        {
            return Err(ShownNameError::Length);
        }
        if name.trim() != name {
            return Err(ShownNameError::Edge);
        }
        for (at, cluster) in name.grapheme_indices(true) {
            if !is_emoji(cluster) {
                check_cluster(&name, at, cluster)?;
            }
        }
        Ok(ShownName(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as a text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for ShownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A letter with its marks, or any other character that is no emoji.
fn check_cluster(name: &str, start: usize, cluster: &str) -> Result<(), ShownNameError> {
    let mut stacked = 0;
    for (offset, character) in cluster.char_indices() {
        let at = start + offset;
        let is_joiner = [ZERO_WIDTH_JOINER, ZERO_WIDTH_NON_JOINER].contains(&character);
        let is_harmless = if is_joiner { joins(name, at, character) } else { shows(character) };
        if !is_harmless {
            return Err(ShownNameError::Character(u32::from(character)));
        }
        stacked = if is_mark(character) { stacked + 1 } else { 0 };
        // A mark on white space is a mark on nothing.
        let is_bare = stacked == 1 && (offset == 0 || cluster.starts_with(char::is_whitespace));
        if is_bare || stacked > MOST_STACKED_MARKS {
            return Err(ShownNameError::Marks);
        }
    }
    Ok(())
}

/// The group `Other` holds control, format (bidi and zero-width), private and unassigned code points.
fn shows(character: char) -> bool {
    let category = character.general_category();
    character.general_category_group() != GeneralCategoryGroup::Other
        && !matches!(category, GeneralCategory::LineSeparator | GeneralCategory::ParagraphSeparator)
        && !is_ignorable(character)
        && !BLANKS.contains(&character)
}

/// Whether Unicode lets a program that draws text leave the code point out.
pub(crate) fn is_ignorable(character: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
}

/// Whether a mark stacks on its letter. Spacing marks, such as vowels in Indian scripts, do not.
fn is_mark(character: char) -> bool {
    matches!(character.general_category(), GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark)
}

/// Where a joiner changes how the letters around it look: the rules of domain names (RFC 5892, appendices
/// A.1 and A.2). Anywhere else it shows nothing, and makes two names that look the same.
fn joins(name: &str, at: usize, joiner: char) -> bool {
    let (before, after) = (&name[..at], &name[at + joiner.len_utf8()..]);
    if before.chars().next_back().is_some_and(is_virama) {
        return true;
    }
    let kind = |character| CodePointMapData::<JoiningType>::new().get(character);
    let letter = |character: &char| kind(*character) != JoiningType::Transparent;
    let left = before.chars().rev().find(letter).map(kind);
    let right = after.chars().find(letter).map(kind);
    joiner == ZERO_WIDTH_NON_JOINER
        && matches!(left, Some(JoiningType::LeftJoining | JoiningType::DualJoining))
        && matches!(right, Some(JoiningType::RightJoining | JoiningType::DualJoining))
}

fn is_virama(character: char) -> bool {
    CodePointMapData::<CanonicalCombiningClass>::new().get(character) == CanonicalCombiningClass::Virama
}

/// Whether a cluster is one emoji: pictures joined as the rule GB11 of Unicode's segmentation has it, each
/// with its style or skin tone; a keycap; a flag.
fn is_emoji(cluster: &str) -> bool {
    let characters: Vec<char> = cluster.chars().collect();
    if let [key, EMOJI_STYLE, KEYCAP] = characters[..] {
        return key.is_ascii_digit() || key == '#' || key == '*';
    }
    characters.len() <= MOST_OF_AN_EMOJI && characters.split(|it| *it == ZERO_WIDTH_JOINER).all(is_picture)
        || TAGGED_FLAGS.contains(&cluster)
}

fn is_picture(part: &[char]) -> bool {
    let is_tone = |character: char| ('\u{1F3FB}'..='\u{1F3FF}').contains(&character);
    let (picture, rest) = match part {
        [picture, rest @ ..] => (*picture, rest),
        [] => return false,
    };
    let is_drawn = CodePointSetData::new::<ExtendedPictographic>().contains(picture) && shows(picture);
    let styled = match rest {
        [] | [EMOJI_STYLE | TEXT_STYLE] => true,
        [tone] | [tone, EMOJI_STYLE] => is_tone(*tone),
        _ => false,
    };
    is_drawn && styled
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn error(name: &str) -> Option<ShownNameError> {
        ShownName::parse(name).err()
    }

    #[test]
    fn names_of_all_scripts_and_emoji_are_taken_as_they_are() {
        for name in [
            "나루지기",
            "Ferry Man",
            "é",
            "🏮",
            "Nguyễn Thị Ánh",
            "ที่นี่",
            "हिन्दी",
            "עִבְרִית",
            "क्\u{200D}ष",
            "می\u{200C}خواهم",
            "👨\u{200D}👩\u{200D}👧\u{200D}👦",
            "👩🏽\u{200D}🚀",
            "🏳\u{FE0F}\u{200D}🌈",
            "❤\u{FE0F}",
            "🇰🇷",
            "1\u{FE0F}\u{20E3}",
            "👩🏻\u{200D}❤\u{FE0F}\u{200D}💋\u{200D}👨🏿",
            TAGGED_FLAGS[1],
            "ㅋㅋㅋ",
            "♥",
            "さくら",
            "Ωmega",
        ] {
            assert_eq!(ShownName::parse(name).map(ShownName::into_string).as_deref(), Ok(name));
        }
        assert_eq!(
            error(&"👨\u{200D}👩\u{200D}👧".repeat(19)),
            None,
            "19 characters, whatever they are made of"
        );
    }

    #[test]
    fn a_name_in_its_parts_is_the_name_that_it_looks_like() {
        let in_parts: String = "나루지기".nfd().collect();
        assert_eq!(ShownName::parse(&in_parts).unwrap().as_str(), "나루지기");
        let longest: String = "값".repeat(24).nfd().collect();
        assert_eq!(ShownName::parse(&longest).unwrap().as_str(), "값".repeat(24), "24 on any machine");
        assert_eq!(error(&"값".repeat(25)), Some(ShownNameError::Length));
    }

    #[test]
    fn no_ignorable_code_point_is_part_of_a_name() {
        let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
        let all: Vec<char> = ('\0'..=char::MAX).filter(|it| ignorable.contains(*it)).collect();
        assert!(all.len() > 4000, "the class has {} code points", all.len());
        for known in ['\u{3164}', '\u{1160}', '\u{115F}', '\u{FFA0}', '\u{034F}', '\u{200B}', '\u{E0001}'] {
            assert!(all.contains(&known), "U+{:04X}", u32::from(known));
        }
        for character in all {
            for name in [
                format!("{character}"),
                format!("{character}{character}"),
                format!("a{character}"),
                format!("{character}a"),
                format!("a{character}b"),
                format!("가{character}나"),
                format!("a {character} b"),
            ] {
                assert!(error(&name).is_some(), "U+{:04X} shows nothing in {name:?}", u32::from(character));
            }
        }
    }

    #[test]
    fn what_shows_nothing_or_spoils_the_text_around_it_is_no_name() {
        for name in
            ["", " a", "a\n", "a\u{202e}b", "a\u{200b}b", "\0", "\u{3000}", "\u{2028}", "\u{E000}", "\u{378}"]
        {
            assert!(error(name).is_some(), "{name:?}");
        }
        for blank in BLANKS {
            assert!(error(&format!("a{blank}b")).is_some(), "U+{:04X}", u32::from(blank));
        }
    }

    #[test]
    fn marks_stand_on_a_letter_and_are_few() {
        let zalgo = format!("Z{}", "\u{0321}\u{0316}\u{0359}".repeat(3));
        for name in
            ["\u{0301}", "\u{0301}\u{0301}", "a \u{0301}", "\u{20DD}", "q\u{0321}\u{0316}\u{0359}", &zalgo]
        {
            assert_eq!(error(name), Some(ShownNameError::Marks), "{name:?}");
        }
    }

    #[test]
    fn a_joiner_counts_where_it_shows() {
        for name in [
            "a\u{200D}b",
            "가\u{200C}나",
            "👨\u{200D}",
            "\u{200D}👨",
            "👨\u{200D}a",
            "م\u{200C}",
            "a\u{FE0F}",
            "👨\u{200D}\u{200D}👩",
        ] {
            assert!(matches!(error(name), Some(ShownNameError::Character(_))), "{name:?}");
        }
        let crowd = ["👨"; 6].join("\u{200D}");
        assert!(error(&crowd).is_some(), "no emoji has this many parts");
    }
}
