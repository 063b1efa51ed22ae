//! The one way to a path: a name that is safe on Windows, macOS and Linux at once.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::Limits;
use crate::shown_name::is_ignorable;

/// A relative path with `/` between components that no supported system reinterprets.
///
/// The rules of all three systems hold on all three, so that a release which one player can install
/// every player can install, and a hostile manifest finds no system on which it works.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelPath(Box<str>);

/// A name that [`RelPath`] refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path:?}: {problem}")]
pub struct NameError {
    /// The name as it came.
    pub path: String,
    /// Which rule it breaks.
    pub problem: NameProblem,
}

/// The rule that a name breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameProblem {
    /// No name at all, or `//`.
    #[error("has an empty component")]
    Empty,
    /// `.` or `..`.
    #[error("has a `.` or `..` component")]
    Dots,
    /// Over the limit of a system.
    #[error("is too long for one of the systems")]
    TooLong,
    /// The file system's name is no text.
    #[error("is not UTF-8 text")]
    NotUnicode,
    /// `\ : * ? " < > |` or a control character.
    #[error("has the character \"{}\" (U+{:04X}), which Windows does not allow", .0.escape_debug(), *.0 as u32)]
    ForbiddenCharacter(char),
    /// Zero-width, direction-changing, private or unassigned.
    #[error("has the character U+{:04X}, which can't be seen or is not assigned", *.0 as u32)]
    InvisibleCharacter(char),
    /// Windows drops it.
    #[error("has a component that ends with a dot or a space")]
    TrailingDotOrSpace,
    /// CON, NUL, COM1 …
    #[error("has a component that is a device name on Windows")]
    DeviceName,
    /// `PROGRA~1`: another file's second name on Windows.
    #[error("has a component that looks like a Windows short name")]
    ShortName,
    /// macOS's decomposed form.
    #[error("is not in Unicode normal form C")]
    NotNfc,
    /// `.naru` belongs to Naru.
    #[error("is in `.naru`, which Naru uses itself")]
    Reserved,
}

impl RelPath {
    /// Parses a path with `/` between its components.
    pub fn parse(path: &str) -> Result<Self, NameError> {
        match check(path) {
            Ok(()) => Ok(Self(path.into())),
            Err(problem) => Err(NameError { path: path.chars().take(Limits::PATH).collect(), problem }),
        }
    }

    /// Parses a name as a file system gave it: macOS's decomposed Korean is composed first.
    pub fn from_file_system(path: &str) -> Result<Self, NameError> {
        if is_nfc(path) {
            return Self::parse(path);
        }
        Self::parse(&path.nfc().collect::<String>())
    }

    /// The path with `/` between components.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path below a folder.
    pub fn below(&self, root: &Path) -> PathBuf {
        root.join(&*self.0)
    }

    /// The folders above this path, outermost first: `a`, `a/b` for `a/b/c`.
    pub fn parents(&self) -> impl Iterator<Item = &str> {
        self.0.match_indices('/').map(|(at, _)| &self.0[..at])
    }

    /// The form under which two names are the same file on a system that ignores case.
    pub fn case_key(&self) -> Cow<'_, str> {
        if !self.0.is_ascii() {
            // Folding can undo composition, so the key is composed again.
            let folded = caseless::default_case_fold_str(&self.0.nfkc().collect::<String>());
            return folded.nfkc().collect::<String>().into();
        }
        if self.0.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return self.0.to_ascii_lowercase().into();
        }
        Cow::Borrowed(&self.0)
    }
}

fn check(path: &str) -> Result<(), NameProblem> {
    if path.len() > Limits::PATH {
        return Err(NameProblem::TooLong);
    }
    if !path.is_ascii() {
        check_unicode(path)?;
    }
    for component in path.split('/') {
        check_component(component)?;
    }
    if path.split('/').next().is_some_and(|first| first.eq_ignore_ascii_case(".naru")) {
        return Err(NameProblem::Reserved);
    }
    Ok(())
}

fn check_unicode(path: &str) -> Result<(), NameProblem> {
    if !is_nfc(path) {
        return Err(NameProblem::NotNfc);
    }
    match path.chars().find(|&character| is_invisible(character)) {
        Some(character) => Err(NameProblem::InvisibleCharacter(character)),
        None => Ok(()),
    }
}

/// Ignorable, direction-changing, private and unassigned code points: HFS+ and people drop them
/// when comparing names (CVE-2014-9390).
fn is_invisible(character: char) -> bool {
    use GeneralCategory::{Format, LineSeparator, ParagraphSeparator, PrivateUse, Surrogate, Unassigned};
    if character.is_ascii() {
        return false;
    }
    let category = character.general_category();
    // Hangul fillers, the combining grapheme joiner and variation selectors are letters and marks.
    is_ignorable(character)
        || matches!(
            category,
            Format | LineSeparator | ParagraphSeparator | PrivateUse | Surrogate | Unassigned
        )
}

fn check_component(component: &str) -> Result<(), NameProblem> {
    if component.is_empty() {
        return Err(NameProblem::Empty);
    }
    if component == "." || component == ".." {
        return Err(NameProblem::Dots);
    }
    if let Some(character) = component.chars().find(|&character| is_forbidden(character)) {
        return Err(NameProblem::ForbiddenCharacter(character));
    }
    if component.ends_with(['.', ' ']) {
        return Err(NameProblem::TrailingDotOrSpace);
    }
    if is_too_long(component) {
        return Err(NameProblem::TooLong);
    }
    if is_device_name(component) {
        return Err(NameProblem::DeviceName);
    }
    if is_short_name(component) {
        return Err(NameProblem::ShortName);
    }
    Ok(())
}

fn is_forbidden(character: char) -> bool {
    matches!(character, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') || character.is_control()
}

fn is_too_long(component: &str) -> bool {
    component.len() > Limits::COMPONENT
        || (!component.is_ascii() && component.nfd().map(char::len_utf16).sum::<usize>() > Limits::COMPONENT)
}

/// The part before the first dot, without spaces, decides: `NUL.tar.gz` and `CON .txt` are devices
/// too (CVE-2024-51756).
fn is_device_name(component: &str) -> bool {
    let stem = component.split('.').next().unwrap_or_default().trim_end_matches(' ');
    let starts = |name: &str| stem.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name));
    if ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].iter().any(|name| stem.eq_ignore_ascii_case(name)) {
        return true;
    }
    let mut tail = stem.chars().skip(3);
    (starts("COM") || starts("LPT"))
        && matches!(tail.next(), Some('0'..='9' | '¹' | '²' | '³'))
        && tail.next().is_none()
}

fn is_short_name(component: &str) -> bool {
    let (stem, extension) = component.split_once('.').unwrap_or((component, ""));
    let Some((head, number)) = stem.rsplit_once('~') else {
        return false;
    };
    stem.len() <= 8
        && !head.is_empty()
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && extension.len() <= 3
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl std::str::FromStr for RelPath {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::parse(text)
    }
}

impl Serialize for RelPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for RelPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_pass() {
        for name in [
            "index.html",
            "art/Hero Sprite.png",
            "도움말.txt",
            "a/b/c/.keep",
            "console.log",
            "COM10",
            "com.dll",
            "~1",
            "résumé.txt",
            "backup~old.ini",
        ] {
            assert!(RelPath::parse(name).is_ok(), "{name} is safe on every system");
        }
    }

    #[test]
    fn names_that_some_system_reinterprets_are_refused() {
        let cases: &[(&str, NameProblem)] = &[
            ("", NameProblem::Empty),
            ("/etc/passwd", NameProblem::Empty),
            ("a//b", NameProblem::Empty),
            ("a/", NameProblem::Empty),
            ("../up", NameProblem::Dots),
            ("a/../../up", NameProblem::Dots),
            ("./a", NameProblem::Dots),
            ("a\\b", NameProblem::ForbiddenCharacter('\\')),
            ("C:/x", NameProblem::ForbiddenCharacter(':')),
            ("a.txt:stream", NameProblem::ForbiddenCharacter(':')),
            ("what?", NameProblem::ForbiddenCharacter('?')),
            ("tab\there", NameProblem::ForbiddenCharacter('\t')),
            ("nul\0", NameProblem::ForbiddenCharacter('\0')),
            ("dot.", NameProblem::TrailingDotOrSpace),
            ("space ", NameProblem::TrailingDotOrSpace),
            ("a /b", NameProblem::TrailingDotOrSpace),
            ("NUL.tar.gz", NameProblem::DeviceName),
            ("con", NameProblem::DeviceName),
            ("a/CON .txt", NameProblem::DeviceName),
            ("COM¹", NameProblem::DeviceName),
            ("lpt9.txt", NameProblem::DeviceName),
            ("CONIN$", NameProblem::DeviceName),
            ("GIT~1", NameProblem::ShortName),
            ("PROGRA~1.EXE", NameProblem::ShortName),
            ("a\u{200C}b", NameProblem::InvisibleCharacter('\u{200C}')),
            ("a\u{202E}txt.exe", NameProblem::InvisibleCharacter('\u{202E}')),
            ("\u{FEFF}a", NameProblem::InvisibleCharacter('\u{FEFF}')),
            ("a\u{3164}", NameProblem::InvisibleCharacter('\u{3164}')),
            ("a\u{E000}", NameProblem::InvisibleCharacter('\u{E000}')),
            (".naru/filedb.db", NameProblem::Reserved),
            (".NARU/x", NameProblem::Reserved),
        ];
        for (name, problem) in cases {
            let refused = RelPath::parse(name).map_err(|error| error.problem);
            assert_eq!(refused, Err(*problem), "{name:?}");
        }
    }

    #[test]
    fn a_refused_character_is_shown_as_people_type_it() {
        let refused = |name| RelPath::parse(name).expect_err("no name for Windows").to_string();
        assert_eq!(refused("a:b"), r#""a:b": has the character ":" (U+003A), which Windows does not allow"#);
        let tab = refused("a\tb");
        assert!(tab.contains(r#"the character "\t" (U+0009)"#), "one that shows nothing is escaped: {tab}");
    }

    #[test]
    fn decomposed_korean_is_composed_by_the_publisher_and_refused_in_a_manifest() {
        let decomposed: String = "도움말.txt".nfd().collect();
        assert_eq!(RelPath::parse(&decomposed).map_err(|error| error.problem), Err(NameProblem::NotNfc));
        let composed = RelPath::from_file_system(&decomposed).expect("macOS gives this form");
        assert_eq!(composed.as_str(), "도움말.txt", "one file must have one name in every manifest");
    }

    #[test]
    fn length_counts_bytes_and_the_decomposed_form() {
        assert!(RelPath::parse(&"각".repeat(85)).is_ok(), "255 bytes, and 255 units decomposed");
        assert!(RelPath::parse(&"각".repeat(86)).is_err(), "258 bytes");
        assert!(RelPath::parse(&"a".repeat(256)).is_err());
    }

    #[test]
    fn names_that_differ_only_in_case_share_a_key() {
        let key = |name| RelPath::parse(name).expect("valid").case_key().into_owned();
        assert_eq!(key("Straße"), key("STRASSE"), "full folding: ß is ss");
        assert_eq!(key("A/b.TXT"), key("a/B.txt"));
        assert_eq!(key("mi\u{17F}t"), key("mist"), "the long s is an s");
        assert_ne!(key("a"), key("b"));
    }
}
