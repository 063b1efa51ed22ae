//! Options that the next command needs as well: a hint that names one is only right with the folder,
//! the channel and the settings that this one was given.

/// What was given, as far as other commands take it too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepeatedFlags {
    /// `--install`
    pub install: Option<String>,
    /// `--channel`
    pub channel: Option<String>,
    /// `--config`
    pub config: Option<String>,
}

/// Which commands take what: the install folder, the channel.
const TAKES: &[(&str, bool, bool)] = &[
    ("update", true, true),
    ("repair", true, true),
    ("verify", true, false),
    ("status", true, false),
    ("publish", false, true),
    ("releases", false, true),
    ("rollback", false, true),
];

impl RepeatedFlags {
    /// A sentence of ours, in which each command between backquotes gets what it needs of this.
    pub fn repeated(&self, sentence: &str) -> String {
        let parts = sentence.split('`').enumerate();
        let parts = parts.map(|(at, part)| if at % 2 == 1 { self.completed(part) } else { part.to_owned() });
        parts.collect::<Vec<_>>().join("`")
    }

    fn completed(&self, command: &str) -> String {
        let name = command.strip_prefix("naru ").and_then(|rest| rest.split(' ').next());
        let Some((_, installs, follows)) = TAKES.iter().find(|(known, ..)| Some(*known) == name) else {
            return command.to_owned();
        };
        let options = [
            ("--install", self.install.as_ref().filter(|_| *installs)),
            ("--channel", self.channel.as_ref().filter(|_| *follows)),
            ("--config", self.config.as_ref()),
        ];
        let given =
            options.into_iter().filter_map(|(flag, value)| Some(format!(" {flag} {}", quoted(value?))));
        given.fold(command.to_owned(), |command, option| command + &option)
    }
}

/// Quotes a value for a shell.
fn quoted(value: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_./:=@%+,".contains(letter);
    if !value.is_empty() && value.chars().all(is_plain) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(install: Option<&str>, channel: Option<&str>, config: Option<&str>) -> RepeatedFlags {
        let own = |text: Option<&str>| text.map(str::to_owned);
        RepeatedFlags { install: own(install), channel: own(channel), config: own(config) }
    }

    #[test]
    fn a_suggested_command_gets_what_it_takes() {
        let all = flags(Some("my game"), Some("beta"), Some("studio.toml"));
        for (sentence, repeated) in [
            (
                "`naru repair` fixes them",
                "`naru repair --install 'my game' --channel beta --config studio.toml` fixes them",
            ),
            ("`naru status`", "`naru status --install 'my game' --config studio.toml`"),
            ("look at `naru releases`", "look at `naru releases --channel beta --config studio.toml`"),
            ("`naru help update` explains", "`naru help update` explains"),
            ("start `naru serve`; naru update", "start `naru serve`; naru update"),
        ] {
            assert_eq!(all.repeated(sentence), repeated);
            assert_eq!(RepeatedFlags::default().repeated(sentence), sentence, "nothing was given");
        }
    }

    #[test]
    fn a_name_with_a_quote_is_still_one_word() {
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("게임/resources"), "게임/resources");
    }
}
