# What a person has to hear of.

locals {
  alarm_topics      = var.alarm_email == "" ? [] : [aws_sns_topic.alarms[0].arn]
  edge_alarm_topics = var.alarm_email == "" ? [] : [aws_sns_topic.edge_alarms[0].arn]
}

resource "aws_sns_topic" "alarms" {
  count = var.alarm_email == "" ? 0 : 1
  name  = "${var.name}-alarms"
}

resource "aws_sns_topic_subscription" "alarms" {
  count     = var.alarm_email == "" ? 0 : 1
  topic_arn = aws_sns_topic.alarms[0].arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

# An alarm can only call a topic of its own region.
resource "aws_sns_topic" "edge_alarms" {
  provider = aws.edge_metrics
  count    = var.alarm_email == "" ? 0 : 1
  name     = "${var.name}-edge-alarms"
}

resource "aws_sns_topic_subscription" "edge_alarms" {
  provider  = aws.edge_metrics
  count     = var.alarm_email == "" ? 0 : 1
  topic_arn = aws_sns_topic.edge_alarms[0].arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

resource "aws_cloudwatch_metric_alarm" "edge_errors" {
  provider = aws.edge_metrics

  alarm_name          = "${var.name}-edge-errors"
  alarm_description   = "More than 1 % of the edge's answers are errors of its own or of the bucket: players can't update."
  namespace           = "AWS/CloudFront"
  metric_name         = "5xxErrorRate"
  dimensions          = { DistributionId = aws_cloudfront_distribution.edge.id, Region = "Global" }
  statistic           = "Average"
  period              = 300
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.edge_alarm_topics
  ok_actions          = local.edge_alarm_topics
}

resource "aws_cloudwatch_metric_alarm" "api_errors" {
  alarm_name          = "${var.name}-api-errors"
  alarm_description   = "The API answers with 5xx."
  namespace           = "AWS/ApiGateway"
  metric_name         = "5xx"
  dimensions          = { ApiId = aws_apigatewayv2_api.services.id }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_topics
  ok_actions          = local.alarm_topics
}

resource "aws_cloudwatch_metric_alarm" "function_errors" {
  for_each = local.functions_made

  alarm_name          = "${local.functions[each.key]}-errors"
  alarm_description   = "The function ${each.key} fails."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = local.functions[each.key] }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_topics
  ok_actions          = local.alarm_topics
}

resource "aws_cloudwatch_metric_alarm" "function_throttles" {
  for_each = local.functions_made

  alarm_name          = "${local.functions[each.key]}-throttles"
  alarm_description   = "The account's limit of functions at once holds ${each.key} up."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = local.functions[each.key] }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_topics
  ok_actions          = local.alarm_topics
}

resource "aws_cloudwatch_metric_alarm" "statistics_behind" {
  count = contains(keys(local.functions_made), "statistics") ? 1 : 0

  alarm_name          = "${var.name}-statistics-behind"
  alarm_description   = "Scores wait for more than an hour to be counted; the stream forgets them after a day."
  namespace           = "AWS/Lambda"
  metric_name         = "IteratorAge"
  dimensions          = { FunctionName = local.functions["statistics"] }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 3600 * 1000
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_topics
  ok_actions          = local.alarm_topics
}

resource "aws_cloudwatch_metric_alarm" "uncounted_scores" {
  alarm_name          = "${var.name}-uncounted-scores"
  alarm_description   = "Scores were set aside uncounted: the statistics are wrong until somebody looks."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.uncounted.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_topics
  ok_actions          = local.alarm_topics
}

resource "aws_cloudwatch_metric_alarm" "table_throttles" {
  for_each = {
    for pair in setproduct(keys(local.tables), ["ReadThrottleEvents", "WriteThrottleEvents"]) :
    "${pair[0]}-${pair[1]}" => { table = pair[0], metric = pair[1] }
  }

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "The table ${each.value.table} turns requests away: one key is too hot, or the account's limit is reached."
  namespace           = "AWS/DynamoDB"
  metric_name         = each.value.metric
  dimensions          = { TableName = aws_dynamodb_table.service[each.value.table].name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_topics
  ok_actions          = local.alarm_topics
}

# --- the pointer
#
# Whoever writes it decides what every player installs. A release that nobody has announced is heard of at
# once, whoever made it and with whatever credentials.

resource "aws_s3_bucket_notification" "releases" {
  bucket      = aws_s3_bucket.releases.id
  eventbridge = true
}

resource "aws_cloudwatch_event_rule" "pointer_changed" {
  name        = "${var.name}-pointer-changed"
  description = "A pointer of the releases was written or deleted."

  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created", "Object Deleted"]
    detail = {
      bucket = { name = [local.bucket_name] }
      object = { key = [for key in local.pointer_keys : { wildcard = key }] }
    }
  })
}

resource "aws_sns_topic" "pointer_changed" {
  count = var.alarm_email == "" ? 0 : 1
  name  = "${var.name}-pointer-changed"
}

resource "aws_sns_topic_subscription" "pointer_changed" {
  count     = var.alarm_email == "" ? 0 : 1
  topic_arn = aws_sns_topic.pointer_changed[0].arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

data "aws_iam_policy_document" "pointer_changed" {
  count = var.alarm_email == "" ? 0 : 1

  statement {
    sid       = "TheRuleTells"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.pointer_changed[0].arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    # Without it, a rule of anybody's account could write to the operator.
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudwatch_event_rule.pointer_changed.arn]
    }
  }
}

resource "aws_sns_topic_policy" "pointer_changed" {
  count  = var.alarm_email == "" ? 0 : 1
  arn    = aws_sns_topic.pointer_changed[0].arn
  policy = data.aws_iam_policy_document.pointer_changed[0].json
}

resource "aws_cloudwatch_event_target" "pointer_changed" {
  count = var.alarm_email == "" ? 0 : 1
  rule  = aws_cloudwatch_event_rule.pointer_changed.name
  arn   = aws_sns_topic.pointer_changed[0].arn

  input_transformer {
    input_paths = {
      what    = "$.detail-type"
      bucket  = "$.detail.bucket.name"
      key     = "$.detail.object.key"
      version = "$.detail.object.version-id"
      account = "$.detail.requester"
      address = "$.detail.source-ip-address"
      at      = "$.time"
    }
    input_template = "\"<what>: s3://<bucket>/<key>, version <version>, at <at>, by account <account> from <address>. If nobody has published, take the publisher's credentials away and roll back.\""
  }
}
