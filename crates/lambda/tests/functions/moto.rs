//! AWS, as moto plays it: tables and parameters of one test's own.

use std::collections::HashMap;
use std::io::Write;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use aws_sdk_ssm::types::ParameterType;

/// A region of its own in moto, with the tables that the tests need.
pub struct Moto {
    pub endpoint: String,
    pub region: String,
    sdk: SdkConfig,
}

impl Moto {
    /// New tables; nothing where moto is not named.
    pub async fn new() -> Option<Moto> {
        let Ok(endpoint) = std::env::var("NARU_TEST_MOTO") else {
            let words = b"NOT CHECKED: NARU_TEST_MOTO is not set; `cargo xtask test` starts it\n";
            std::io::stderr().write_all(words).unwrap();
            return None;
        };
        let region = format!("f{:016x}", fastrand::u64(..));
        let credentials = Credentials::new("test", "test", None, None, "test");
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.clone()))
            .endpoint_url(&endpoint)
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build();
        let moto = Moto { endpoint, region, sdk };
        let (text, number) = (ScalarAttributeType::S, ScalarAttributeType::N);
        moto.make_table("board", "player", text.clone()).await;
        moto.make_table("counted", "run", text.clone()).await;
        moto.make_table("players", "player", text).await;
        moto.make_table("statistics", "points", number).await;
        Some(moto)
    }

    async fn make_table(&self, table: &str, key: &str, kind: ScalarAttributeType) {
        let attribute = AttributeDefinition::builder().attribute_name(key).attribute_type(kind);
        let hash = KeySchemaElement::builder().attribute_name(key).key_type(KeyType::Hash);
        let client = aws_sdk_dynamodb::Client::new(&self.sdk);
        let create = client.create_table().table_name(table).billing_mode(BillingMode::PayPerRequest);
        let create = create.attribute_definitions(attribute.build().unwrap());
        create.key_schema(hash.build().unwrap()).send().await.unwrap();
    }

    /// All items of a table.
    pub async fn items(&self, table: &str) -> Vec<HashMap<String, AttributeValue>> {
        let scan = aws_sdk_dynamodb::Client::new(&self.sdk).scan().table_name(table).consistent_read(true);
        scan.send().await.unwrap().items.unwrap_or_default()
    }

    /// Keeps a secret, as `infra/README.md` has the operator do it.
    pub async fn put_secret(&self, name: &str, value: &str) {
        let put = aws_sdk_ssm::Client::new(&self.sdk).put_parameter().name(name).value(value);
        put.r#type(ParameterType::SecureString).send().await.unwrap();
    }
}
