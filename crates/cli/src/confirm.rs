//! The question before something that players will see.

use std::io::{self, BufRead, Write};

use naru_protocol::ErrorCode;

use crate::context::Context;
use crate::failure::Failure;
use crate::language::{Words, words};

/// Fails before any work if Naru cannot prompt and `--yes` is missing; `without_question` is the hint.
pub fn check_can_ask(context: &Context, yes: bool, without_question: Words) -> Result<(), Failure> {
    if yes || (context.can_ask && !context.output.json) {
        return Ok(());
    }
    let problem = words!(
        "cannot prompt: not a terminal, or --json; pass --yes",
        "확인을 물을 수 없습니다(터미널이 아니거나 --json 사용). --yes를 붙이십시오"
    );
    Err(Failure::new(ErrorCode::Usage, problem).with_hint(without_question))
}

/// Asks a question that is answered with yes or no; everything but a clear yes is a no.
pub async fn ask(question: String) -> Result<(), Failure> {
    let read = tokio::task::spawn_blocking(move || {
        write!(io::stderr().lock(), "{question} [y/N] ")?;
        io::stderr().flush()?;
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        Ok::<_, io::Error>(answer)
    });
    let answer = match read.await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => return Err(Failure::io("reading", "standard input".as_ref(), &error)),
        Err(error) => return Err(Failure::new(ErrorCode::Internal, Words::same(error.to_string()))),
    };
    if is_yes(&answer) { Ok(()) } else { Err(Failure::declined()) }
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "예" | "네")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_yes_is_one() {
        for yes in ["y\n", "YES\r\n", " 네 \n", "예"] {
            assert!(is_yes(yes), "{yes:?}");
        }
        for no in ["", "\n", "n\n", "아니요\n", "yes please\n", "ye\n"] {
            assert!(!is_yes(no), "{no:?} must not publish to all players");
        }
    }
}
