//! Columns of a terminal: a Korean letter is two cells wide.

use unicode_width::UnicodeWidthStr;

/// The cells that a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// A text with spaces behind it.
pub fn left(text: &str, cells: usize) -> String {
    format!("{text}{}", spaces(text, cells))
}

/// A text with spaces before it.
pub fn right(text: &str, cells: usize) -> String {
    format!("{}{text}", spaces(text, cells))
}

fn spaces(text: &str, cells: usize) -> String {
    " ".repeat(cells.saturating_sub(width(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_letters_take_two_cells() {
        assert_eq!(left("손상", 7), "손상   ");
        assert_eq!(left("changed", 7), "changed");
        assert_eq!(right("파일 3개", 12), "    파일 3개", "three letters, a digit and a space are 8 cells");
        assert_eq!(right("too long", 3), "too long", "nothing is cut off");
    }
}
