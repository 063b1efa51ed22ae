//! The question before something that players will see.

use std::io::{self, BufRead, Write};

use naru_protocol::ErrorCode;

use crate::context::Context;
use crate::failure::Failure;
use crate::language::say;

/// Fails before any work where nobody can be asked and `--yes` is missing.
pub fn check_can_ask(context: &Context, yes: bool) -> Result<(), Failure> {
    if yes || (context.world.can_ask && !context.output.json) {
        return Ok(());
    }
    let problem = say!(
        context.language(),
        "nobody can be asked here (no terminal, or --json), and --yes is missing",
        "여기서는 물어볼 수 없는데(터미널이 아니거나 --json) --yes가 없습니다"
    );
    let hint = say!(
        context.language(),
        "add --yes to publish without a question, or --dry-run to see what would happen",
        "묻지 않고 배포하려면 --yes를, 미리 보려면 --dry-run을 붙이십시오"
    );
    Err(Failure::new(ErrorCode::Usage, problem).with_hint(hint))
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
        Err(error) => return Err(Failure::new(ErrorCode::Internal, error.to_string())),
    };
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" | "예" | "네" => Ok(()),
        _ => Err(Failure::plain(ErrorCode::Cancelled)),
    }
}
