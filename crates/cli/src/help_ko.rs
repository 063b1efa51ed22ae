//! The help in Korean. The English help is beside the options; this table has the same entries, and a
//! test finds missing ones.

use clap::{Arg, Command};

/// What one command's help says.
struct Text {
    command: &'static str,
    about: &'static str,
    after: &'static str,
    /// By the names of the arguments in code.
    arguments: &'static [(&'static str, &'static str)],
}

const ARGUMENTS: &str = "인수";
const OPTIONS: &str = "옵션";
const GLOBAL: &str = "모든 명령의 옵션";
const COMMANDS: &str = "명령";

/// Arguments that several commands have, with the same words in each.
const SHARED: &[(&str, &str)] = &[
    ("install", "게임이 설치된 폴더"),
    ("limit_rate", "내려받는 속도의 한도(초당 바이트 수, 예: 500K, 2M)"),
    ("yes", "확인을 묻지 않습니다"),
];

const GLOBALS: &[(&str, &str)] = &[
    ("json", "스크립트에서 읽을 수 있도록 표준 출력에 JSON 줄을 씁니다"),
    ("config", "naru.toml을 찾는 대신 이 파일을 읽습니다"),
    ("lang", "메시지의 언어: ko 또는 en [기본값: 시스템 언어]"),
    ("quiet", "진행 상황과 안내를 숨깁니다. 경고와 오류는 표시합니다"),
    ("help", "도움말을 표시합니다"),
    ("version", "버전을 표시합니다"),
];

const TEXTS: &[Text] = &[
    Text {
        command: "naru",
        about: "게임 릴리스를 배포하고, 설치하고, 업데이트합니다.",
        after: "\
예:
  naru init                                     설명이 붙은 naru.toml을 만듭니다
  naru publish patch --notes notes.md           확인을 받은 뒤 `patch` 폴더를 배포합니다
  naru publish patch --yes --json               CI에서 같은 일을 합니다
  naru update --install game                    `game` 폴더를 최신 릴리스로 업데이트합니다
  naru serve --data cloud                       이 컴퓨터에서 모두 시험해 봅니다

설정은 naru.toml, NARU_* 환경 변수, 옵션에서 읽습니다. docs/configuration.md를 참고하십시오.
종료 코드와 JSON 줄은 docs/publishing.md에 있습니다.",
        arguments: &[],
    },
    Text {
        command: "init",
        about: "설명이 붙은 naru.toml을 만듭니다",
        after: "\
예:
  naru init
  naru init --bucket my-game-patches --region ap-northeast-2 \\
      --edge-url https://d1234example.cloudfront.net/ --distribution E1234EXAMPLE

이미 있는 파일은 덮어쓰지 않습니다. --config로 다른 곳에 만들 수 있습니다.",
        arguments: &[
            ("bucket", "버킷을 채워 넣습니다"),
            ("region", "버킷의 리전을 채워 넣습니다"),
            ("edge_url", "플레이어가 내려받는 URL을 채워 넣습니다"),
            ("distribution", "CloudFront 배포 ID를 채워 넣습니다"),
        ],
    },
    Text {
        command: "publish",
        about: "빌드 폴더를 새 릴리스로 배포합니다",
        after: "\
현재 릴리스와 다른 파일만 업로드합니다. 플레이어는 업로드가 모두 끝난 릴리스만 받으며, 일부만 받는 일은
없습니다. 이미 배포된 빌드라면 새 릴리스를 만들지 않습니다(종료 코드 0).
배포하지 않을 파일은 BUILD_DIR/.naruignore에 .gitignore 문법으로 적습니다.
릴리스 노트를 두 언어로 쓰려면 각 부분 위에 `[ko]`나 `[en]`만 있는 줄을 둡니다.
  [ko]
  - 북쪽에 새 동굴이 생겼습니다.

  [en]
  - A new cave in the north.

예:
  naru publish patch --dry-run                  배포될 내용을 봅니다
  naru publish patch --notes notes.md           업로드하기 전에 묻습니다
  naru publish patch --yes --json               CI에서 실행합니다
  naru publish patch --channel beta --yes
  naru publish patch --check --dry-run          버킷에 현재 릴리스가 온전히 있는지 검사합니다",
        arguments: &[
            ("build_dir", "배포할 폴더"),
            ("dry_run", "배포될 내용만 보여 주고 아무것도 쓰지 않습니다"),
            ("check", "현재 릴리스의 모든 객체를 다시 읽어 검사하고 손상된 것을 다시 업로드합니다"),
            ("notes", "릴리스 노트가 담긴 텍스트 파일(최대 6 KiB)"),
            ("channel", "배포할 채널 [기본값: live]"),
        ],
    },
    Text {
        command: "releases",
        about: "릴리스를 최신순으로 보여 줍니다",
        after: "\
예:
  naru releases
  naru releases --channel beta --json",
        arguments: &[("channel", "릴리스를 볼 채널 [기본값: live]")],
    },
    Text {
        command: "rollback",
        about: "이전 릴리스의 내용을 새 번호로 다시 배포합니다",
        after: "\
이전 내용에 새 번호를 붙이므로 모든 클라이언트가 따라옵니다. 다시 업로드하는 데이터는 없습니다.

예:
  naru releases                                 릴리스 번호를 봅니다
  naru rollback 41 --dry-run                    되돌릴 수 있는지, 배포될 내용을 봅니다
  naru rollback 41                              확인을 받은 뒤 릴리스 41의 내용을 배포합니다
  naru rollback 41 --yes --json                 CI에서 실행합니다",
        arguments: &[
            ("number", "되돌아갈 릴리스의 번호"),
            ("dry_run", "배포될 내용만 보여 주고 아무것도 쓰지 않습니다"),
            ("notes", "릴리스 노트가 담긴 텍스트 파일(최대 6 KiB) [기본값: 이전 릴리스의 노트]"),
            ("channel", "릴리스의 채널 [기본값: live]"),
        ],
    },
    Text {
        command: "update",
        about: "게임을 설치하거나 최신 릴리스로 업데이트합니다",
        after: "\
필요한 데이터를 모두 내려받아 검사한 뒤에만 설치된 게임을 바꿉니다. 중단된 업데이트는 다음 실행에서
이어집니다. AWS 자격 증명은 필요하지 않습니다.

예:
  naru update                                   naru.toml에 적힌 설치 폴더를 업데이트합니다
  naru update --install game --limit-rate 2M
  naru update --dry-run                         내려받을 크기를 봅니다",
        arguments: &[("channel", "따라갈 채널"), ("dry_run", "할 일만 보여 주고 아무것도 쓰지 않습니다")],
    },
    Text {
        command: "verify",
        about: "설치된 모든 파일을 릴리스와 비교해 검사합니다",
        after: "\
설치된 파일을 처음부터 끝까지 읽고, 서버에는 접속하지 않습니다. 손상된 파일이 있으면 종료 코드는 15이며
`naru repair`로 복구합니다. 플레이어가 바꿀 수 있는 파일은 이름만 보여 주고 손상으로 세지 않습니다.

예:
  naru verify
  naru verify --install game --json",
        arguments: &[],
    },
    Text {
        command: "repair",
        about: "손상된 파일을 복구합니다",
        after: "\
설치된 파일을 처음부터 끝까지 읽고, 손상된 조각만 내려받습니다.

예:
  naru repair
  naru repair --install game --json",
        arguments: &[("channel", "설치 기록이 손상되었을 때 비교할 최신 릴리스의 채널")],
    },
    Text {
        command: "status",
        about: "설치된 릴리스를 서버에 접속하지 않고 보여 줍니다",
        after: "\
설치 기록만 읽습니다. 서버에 접속하지 않고 파일도 검사하지 않습니다.

예:
  naru status
  naru status --install game --json",
        arguments: &[],
    },
    Text {
        command: "serve",
        about: "이 컴퓨터에서 S3 저장소, 엣지, 신원 서비스를 실행합니다",
        after: "\
개발하거나 나루를 시험해 볼 때 씁니다. 루프백에서만 열리고 웹 페이지의 요청은 거부합니다. 데이터 폴더의
내용과 그 폴더의 배포 키는 다시 시작해도 그대로입니다. 출력된 줄(키 포함)을 셸에 붙여 넣으면 그 셸에서
이 서버에 배포하고 이 서버에서 업데이트할 수 있습니다.

플레이어는 카카오를 대신하는 서버에서 로그인합니다. NARU_GOOGLE_CLIENT_ID와 NARU_GOOGLE_CLIENT_SECRET을
설정하면 Google에서도, NARU_FACEBOOK_CLIENT_ID와 NARU_FACEBOOK_CLIENT_SECRET을 설정하면 Facebook에서도
로그인할 수 있습니다.

예:
  naru serve --data cloud
  naru serve --data cloud --env-file cloud.env  다른 셸에서:  . ./cloud.env
  naru serve --data cloud --s3-port 0 --edge-port 0 --control-port 0 --services-port 0 --kakao-port 0 --json",
        arguments: &[
            ("data", "모든 데이터를 보관할 폴더. 없으면 만듭니다"),
            ("s3_port", "S3 엔드포인트의 포트. 0이면 빈 포트를 고릅니다 [기본값: 9700]"),
            ("edge_port", "엣지의 포트 [기본값: 9701]"),
            ("control_port", "CloudFront와 Cognito API의 포트 [기본값: 9702]"),
            ("services_port", "게임 서비스와 로그인의 포트 [기본값: 9703]"),
            ("kakao_port", "카카오 로그인을 대신하는 서버의 포트 [기본값: 9704]"),
            ("pages", "이 출처의 페이지가 게임 서비스를 쓰도록 허용합니다(브라우저에서 게임을 개발할 때)"),
            ("shapes_2017", "로그인 없이 점수를 읽는 2017년 게임에도 응답합니다"),
            ("invalidation_seconds", "무효화에 걸리는 시간(초) [기본값: 3]"),
            ("env_file", "변수를 이 파일에도 씁니다. 다른 사용자는 읽을 수 없습니다"),
        ],
    },
    Text {
        command: "help", about: "나루 또는 한 명령의 도움말을 표시합니다", after: "", arguments: &[]
    },
];

/// The same commands with Korean help.
pub fn translated(mut command: Command) -> Command {
    // Only then are `--help`, `--version` and the command `help` there.
    command.build();
    in_korean(command)
}

fn in_korean(mut command: Command) -> Command {
    let usage = usage(&mut command);
    let template = template(&command);
    let Some(text) = TEXTS.iter().find(|text| text.command == command.get_name()) else {
        return command;
    };
    let command = command
        .about(text.about)
        .after_help(text.after)
        .override_usage(usage)
        .help_template(template)
        .subcommand_help_heading(COMMANDS);
    command.mut_args(|argument| argument_in_korean(text, argument)).mut_subcommands(in_korean)
}

fn argument_in_korean(text: &Text, argument: Arg) -> Arg {
    let name = argument.get_id().as_str().to_owned();
    let of = |table: &[(&str, &'static str)]| {
        table.iter().find(|(known, _)| *known == name).map(|(_, help)| *help)
    };
    let (help, heading) = match of(GLOBALS) {
        Some(help) if ["help", "version"].contains(&name.as_str()) => (Some(help), OPTIONS),
        Some(help) => (Some(help), GLOBAL),
        None => (of(text.arguments).or_else(|| of(SHARED)), OPTIONS),
    };
    let heading = if argument.is_positional() { ARGUMENTS } else { heading };
    match help {
        // The defaults are in the table: clap would add them in English.
        Some(help) => argument.help(help).help_heading(heading).hide_default_value(true),
        None => argument,
    }
}

/// clap's own template, with its one fixed word translated.
fn template(command: &Command) -> String {
    let style = command.get_styles().get_usage();
    let heading = format!("{}사용법:{}", style.render(), style.render_reset());
    format!("{{about-with-newline}}\n{heading} {{usage}}\n\n{{all-args}}{{after-help}}")
}

fn usage(command: &mut Command) -> String {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    usage.replace("[OPTIONS]", "[옵션]").replace("<COMMAND>", "<명령>").replace("[COMMAND]", "[명령]")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::args::Args;

    fn is_korean(text: &str) -> bool {
        text.chars().any(|letter| ('가'..='힣').contains(&letter))
    }

    fn check(command: &Command) {
        let name = command.get_name();
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        assert!(is_korean(&about), "help_ko.rs says nothing of the command {name}");
        let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        assert!(name == "help" || is_korean(&after), "help_ko.rs has no examples for {name}");
        for argument in command.get_arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(is_korean(&help), "help_ko.rs says nothing of {} of {name}", argument.get_id());
            let heading = argument.get_help_heading().unwrap_or_default();
            assert!(is_korean(heading), "{} of {name} stands below `{heading}`", argument.get_id());
            for default in argument.get_default_values().iter().filter_map(|value| value.to_str()) {
                assert!(
                    !argument.get_action().takes_values() || help.contains(default),
                    "{} of {name} must name its default {default}",
                    argument.get_id()
                );
            }
        }
        command.get_subcommands().for_each(check);
    }

    #[test]
    fn every_command_and_argument_has_korean_help() {
        check(&translated(Args::command()));
    }

    #[test]
    fn no_english_frame_is_left() {
        let mut command = translated(Args::command());
        let mut texts = vec![command.render_help().to_string()];
        texts.extend(command.get_subcommands_mut().map(|inner| inner.render_help().to_string()));
        for text in texts {
            assert!(text.contains("사용법: naru"), "{text}");
            for word in
                ["Usage", "Options", "OPTIONS", "Arguments", "Commands", "COMMAND>", "default:", "Print"]
            {
                assert!(!text.contains(word), "`{word}` is left in {text}");
            }
        }
    }

    #[test]
    fn the_table_names_nothing_that_is_not_there() {
        let mut command = Args::command();
        command.build();
        for text in TEXTS.iter().filter(|text| text.command != "naru") {
            let known =
                command.find_subcommand(text.command).unwrap_or_else(|| panic!("{} is gone", text.command));
            for (name, _) in text.arguments {
                assert!(
                    known.get_arguments().any(|argument| argument.get_id() == name),
                    "{} has no argument {name} any more",
                    text.command
                );
            }
        }
    }
}
