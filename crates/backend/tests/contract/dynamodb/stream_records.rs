//! The records of a table's change stream, as they travel.

use serde_json::{Value, json};

/// A table with a stream, on a server that has streams.
pub struct StreamRecords<'a> {
    pub endpoint: &'a str,
    pub region: &'a str,
    pub table: &'a str,
}

impl StreamRecords<'_> {
    /// All that the stream has.
    pub async fn all(&self) -> Vec<Value> {
        let table = self.ask("DynamoDB_20120810.DescribeTable", json!({ "TableName": self.table })).await;
        let stream = &table["Table"]["LatestStreamArn"];
        let described =
            self.ask("DynamoDBStreams_20120810.DescribeStream", json!({ "StreamArn": stream })).await;
        let mut records = Vec::new();
        for shard in described["StreamDescription"]["Shards"].as_array().unwrap() {
            let from = json!({
                "StreamArn": stream, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON",
            });
            let from = self.ask("DynamoDBStreams_20120810.GetShardIterator", from).await;
            let get = json!({ "ShardIterator": from["ShardIterator"], "Limit": 1000 });
            let got = self.ask("DynamoDBStreams_20120810.GetRecords", get).await;
            records.extend(got["Records"].as_array().unwrap().iter().cloned());
        }
        records
    }

    pub async fn ask(&self, target: &str, body: Value) -> Value {
        let (status, text) = self.answer(target, &body).await;
        assert_eq!(status, 200, "{target}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Without the SDK, which would translate what is to be read as it travels.
    pub async fn answer(&self, target: &str, body: &Value) -> (u16, String) {
        let scope = format!("Credential=test/20260101/{}/dynamodb/aws4_request", self.region);
        let request = reqwest::Client::new()
            .post(self.endpoint)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", target)
            .header("x-amz-date", "20260101T000000Z")
            .header("authorization", format!("AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"));
        let answer = request.body(body.to_string()).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}
