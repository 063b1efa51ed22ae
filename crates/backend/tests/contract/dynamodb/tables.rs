//! The tables as `infra/tables.tf` makes them in AWS: the tests make theirs from that file.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType,
};

const INFRA: &str = include_str!("../../../../../infra/tables.tf");

/// One table, as its line in the file says.
#[derive(Debug)]
pub struct Table {
    pub name: String,
    settings: BTreeMap<String, String>,
    index: Option<BTreeMap<String, String>>,
}

/// The tables of the file.
pub fn of_infra() -> Vec<Table> {
    let start = INFRA.find("tables = {\n").unwrap();
    let block = INFRA[start..].lines().skip(1).take_while(|line| line.trim() != "}");
    block.filter(|line| !line.trim_start().starts_with('#')).map(Table::parse).collect()
}

/// `name = { key = value, …, index = { … } }`
impl Table {
    fn parse(line: &str) -> Table {
        let (name, rest) = line.trim().split_once(" = {").unwrap();
        let (plain, index) = match rest.split_once("index = {") {
            Some((plain, index)) => (plain, Some(settings(index))),
            None => (rest, None),
        };
        Table { name: name.trim().to_owned(), settings: settings(plain), index }
    }

    pub fn expires(&self) -> bool {
        self.settings.contains_key("expires")
    }

    pub async fn create(&self, client: &Client, prefix: &str, with_streams: bool) {
        let hash = &self.settings["hash"];
        let kind = match self.settings.contains_key("number") {
            true => ScalarAttributeType::N,
            false => ScalarAttributeType::S,
        };
        let mut request = client
            .create_table()
            .table_name(format!("{prefix}-{}", self.name))
            .billing_mode(BillingMode::PayPerRequest)
            .attribute_definitions(attribute(hash, kind))
            .key_schema(key(hash, KeyType::Hash));
        if let Some(range) = self.settings.get("range") {
            request = request
                .attribute_definitions(attribute(range, ScalarAttributeType::S))
                .key_schema(key(range, KeyType::Range));
        }
        if let Some(index) = &self.index {
            request = indexed(request, index);
        }
        if with_streams && self.settings.contains_key("stream") {
            let stream = StreamSpecification::builder().stream_enabled(true);
            let stream = stream.stream_view_type(StreamViewType::NewImage).build().unwrap();
            request = request.stream_specification(stream);
        }
        request.send().await.unwrap();
    }
}

fn indexed(request: CreateTableFluentBuilder, index: &BTreeMap<String, String>) -> CreateTableFluentBuilder {
    let all = Projection::builder().projection_type(ProjectionType::All).build();
    let made = GlobalSecondaryIndex::builder()
        .index_name(&index["name"])
        .key_schema(key(&index["hash"], KeyType::Hash))
        .key_schema(key(&index["range"], KeyType::Range))
        .projection(all);
    request
        .attribute_definitions(attribute(&index["hash"], ScalarAttributeType::S))
        .attribute_definitions(attribute(&index["range"], ScalarAttributeType::S))
        .global_secondary_indexes(made.build().unwrap())
}

fn settings(text: &str) -> BTreeMap<String, String> {
    let pairs = text.trim_end_matches([' ', '}']).split(',').filter_map(|pair| pair.split_once('='));
    pairs.map(|(key, value)| (key.trim().to_owned(), value.trim().trim_matches('"').to_owned())).collect()
}

fn attribute(name: &str, kind: ScalarAttributeType) -> AttributeDefinition {
    AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build().unwrap()
}

fn key(name: &str, kind: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap()
}
