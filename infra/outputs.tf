output "naru_toml" {
  description = "What naru.toml has to say of this deployment."
  value       = <<-EOT
    [store]
    bucket = "${aws_s3_bucket.releases.id}"
    prefix = "${var.upload_prefix}"
    region = "${var.region}"

    [edge]
    url = "${local.edge_url}"
    distribution = "${aws_cloudfront_distribution.edge.id}"
  EOT
}

output "config_2017" {
  description = "The same for clients of 2017 (config.json)."
  value = jsonencode({
    bucketname               = aws_s3_bucket.releases.id
    uploadprefix             = var.upload_prefix
    region                   = var.region
    cloudfrontURL            = local.edge_url
    cloudfrontDistributionId = aws_cloudfront_distribution.edge.id
    IdentityPoolId           = aws_cognito_identity_pool.players.id
    api_url                  = "${aws_apigatewayv2_api.services.api_endpoint}/login/kakao"
    score_api_url            = "${aws_apigatewayv2_api.services.api_endpoint}/2017/scoreboard"
    scorehistory_api_url     = "${aws_apigatewayv2_api.services.api_endpoint}/2017/scorehistory"
  })
}

output "bucket" {
  description = "The bucket of the releases."
  value       = aws_s3_bucket.releases.id
}

output "edge_url" {
  description = "Where players fetch from."
  value       = local.edge_url
}

output "distribution" {
  description = "The distribution whose copy of the pointer a publish drops."
  value       = aws_cloudfront_distribution.edge.id
}

output "edge_domain" {
  description = "What a host name of your own has to point to (CNAME)."
  value       = aws_cloudfront_distribution.edge.domain_name
}

output "publisher_role_arn" {
  description = "The role that CI takes; null where nobody was named who may."
  value       = one(aws_iam_role.publisher[*].arn)
}

output "publisher_policy_arn" {
  description = "The publisher's rights, for an SSO permission set."
  value       = aws_iam_policy.publisher.arn
}

output "identity_pool_id" {
  description = "The players' identities."
  value       = aws_cognito_identity_pool.players.id
}

output "user_pool_id" {
  description = "Accounts of our own."
  value       = aws_cognito_user_pool.players.id
}

output "user_pool_client_id" {
  description = "As whom the launcher signs players in and up."
  value       = aws_cognito_user_pool_client.launcher.id
}

output "api_url" {
  description = "The services' address."
  value       = aws_apigatewayv2_api.services.api_endpoint
}

output "functions_missing" {
  description = "Functions without an archive: their routes answer 404 until they have one."
  value       = sort(setsubtract(keys(local.functions), keys(local.functions_made)))
}

locals {
  edge_url = "https://${length(var.edge_aliases) > 0 ? var.edge_aliases[0] : aws_cloudfront_distribution.edge.domain_name}/"
}
