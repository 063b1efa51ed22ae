//! What the settings of the network and of AWS are refused with.

use std::path::Path;

use naru_operations::SettingsError;
use naru_protocol::{EndpointError, HomeError};
use naru_store::{
    AwsError, BundleError, ClientError, EdgeError, NoCertificates, ProxyError, VariableError, VariableProblem,
};

use super::Entry;
use crate::language::{Words, words};

/// Settings from which no engine can be made.
pub fn refused(error: &SettingsError) -> Entry {
    match error {
        SettingsError::Certificates(error) => no_certificates(*error),
        SettingsError::Edge(error) => bad_edge(error),
        SettingsError::Aws(error) => bad_aws(error),
    }
}

/// AWS that can't be asked.
fn bad_aws(error: &AwsError) -> Entry {
    match error {
        AwsError::NoCertificates(error) => no_certificates(*error),
        AwsError::Proxy(error) => bad_proxy(error),
        AwsError::Variable(error @ VariableError { problem: VariableProblem::Address(_), name }) => {
            Entry::new(bad_variable(error)).hint(words!(
                "{name} must be an address such as http://127.0.0.1:9700 or https://s3.example.com",
                "{name}에는 http://127.0.0.1:9700이나 https://s3.example.com 같은 주소를 쓰십시오"
            ))
        }
        AwsError::Variable(error) => Entry::new(bad_variable(error)).hint(words!(
            "set {} again; a value read from a file often ends with a line break",
            "{} 값을 다시 설정하십시오. 파일에서 읽은 값에는 끝에 줄 바꿈이 붙는 경우가 많습니다",
            error.name
        )),
        AwsError::Bundle(error) => Entry::new(bad_bundle(error)).hint(words!(
            "name a PEM file of CA certificates, or unset AWS_CA_BUNDLE (ca_bundle in the profile)",
            "PEM 형식의 CA 인증서 파일을 지정하거나 AWS_CA_BUNDLE(프로필의 ca_bundle)을 해제하십시오"
        )),
        AwsError::NoRegion => Entry::new(words!(
            "no region: set store.region (NARU_REGION), AWS_REGION, or the region of your AWS profile",
            "리전이 없습니다. store.region(NARU_REGION), AWS_REGION, AWS 프로필의 리전 가운데 하나를 설정하십시오"
        )),
        AwsError::Region(region) => Entry::new(words!(
            "{error}",
            "AWS 프로필의 리전 {region:?} 값이 잘못되었습니다. 리전의 이름(예: \"ap-northeast-2\")을 쓰십시오"
        )),
        AwsError::Endpoint { service, problem } => {
            let korean = bad_endpoint(problem);
            Entry::new(words!("{error}", "AWS 프로필의 {service} 주소(endpoint_url): {korean}"))
        }
    }
}

/// An edge that can't be asked.
fn bad_edge(error: &EdgeError) -> Entry {
    match error {
        EdgeError::Client(ClientError::Proxy(error)) => bad_proxy(error),
        EdgeError::Client(ClientError::Http(error)) => Entry::new(Words::same(format!("edge.url: {error}"))),
        EdgeError::Endpoint(problem) => {
            let korean = bad_endpoint(problem);
            Entry::new(words!("edge.url: {error}", "edge.url: {korean}"))
        }
        EdgeError::Query => Entry::new(words!("edge.url: {error}", "edge.url: `?`와 `#`는 쓸 수 없습니다")),
    }
}

/// A machine that can trust no server.
fn no_certificates(error: NoCertificates) -> Entry {
    match error {
        NoCertificates::OutOfFiles => {
            Entry::new(words!("{error}", "열린 파일이 너무 많아 이 컴퓨터의 CA 인증서를 읽을 수 없습니다"))
        }
        NoCertificates::None => {
            Entry::new(words!("{error}", "이 컴퓨터에 CA 인증서가 없어 서버를 확인할 수 없습니다")).hint(words!(
                "install them (Debian: `apt-get install ca-certificates`), or name a certificate file in SSL_CERT_FILE",
                "설치하거나(데비안: `apt-get install ca-certificates`) 인증서 파일을 SSL_CERT_FILE로 지정하십시오"
            ))
        }
    }
}

fn bad_proxy(error: &ProxyError) -> Entry {
    let name = error.variable;
    Entry::new(words!("{error}", "환경 변수 {name}: 쓸 수 있는 프록시 주소가 아닙니다")).hint(words!(
        "write http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, or unset {name}",
        "http://HOST:PORT 또는 http://USER:PASSWORD@HOST:PORT로 쓰거나 {name} 변수를 해제하십시오"
    ))
}

fn bad_variable(error: &VariableError) -> Words {
    let (name, problem) = (error.name, &error.problem);
    let korean = match problem {
        VariableProblem::LineBreak => "줄 바꿈이 들어 있습니다".to_owned(),
        VariableProblem::Space => "공백이 들어 있습니다".to_owned(),
        VariableProblem::Control => "제어 문자가 들어 있습니다".to_owned(),
        VariableProblem::NotAscii => "ASCII가 아닌 문자가 들어 있습니다".to_owned(),
        VariableProblem::NotText => "UTF-8 텍스트가 아닙니다".to_owned(),
        VariableProblem::Region => "리전의 이름(예: \"ap-northeast-2\")이 아닙니다".to_owned(),
        VariableProblem::Address(error) => bad_endpoint(error),
    };
    words!("environment variable {name}: {problem}", "환경 변수 {name}: {korean}")
}

fn bad_bundle(error: &BundleError) -> Words {
    match error {
        BundleError::Unreadable { .. } => Words::same(format!("AWS_CA_BUNDLE: {error}")),
        BundleError::Empty { path } => {
            let path = path.display();
            words!("AWS_CA_BUNDLE: {error}", "AWS_CA_BUNDLE: {path}: PEM 형식의 CA 인증서가 없습니다")
        }
    }
}

fn bad_endpoint(error: &EndpointError) -> String {
    match error {
        EndpointError::NotAUrl(_) => "URL이 아닙니다".to_owned(),
        EndpointError::Characters => "URL에 공백, 줄 바꿈, 역슬래시, 제어 문자를 쓸 수 없습니다".to_owned(),
        EndpointError::Scheme(scheme) => format!("`{scheme}:`은 쓸 수 없습니다. https:로 쓰십시오"),
        EndpointError::Open(host) => {
            format!(
                "http:는 이 컴퓨터(127.0.0.1, localhost)에만 쓸 수 있습니다. {host}에는 https:를 쓰십시오"
            )
        }
        EndpointError::Credentials => "URL에 사용자 이름과 비밀번호를 쓸 수 없습니다".to_owned(),
    }
}

/// A path whose `~` stands for no folder.
pub fn no_home(path: &Path, error: &HomeError) -> Words {
    let path = path.display();
    match error {
        HomeError::NoHome => words!("{path}: {error}", "{path}: `~`에 해당하는 홈 폴더가 없습니다"),
        HomeError::OfSomebody => words!(
            "{path}: {error}",
            "{path}: `~`는 본인의 홈 폴더만 뜻합니다. 이름이 `~`로 시작하는 폴더는 `./~이름`으로 쓰십시오"
        ),
    }
}
