# The services' address. The functions check the players' tokens themselves: an identity pool's token
# is theirs to judge, and the same code runs in `naru serve`, where there is no gateway.

locals {
  # ANY: the router inside answers OPTIONS (games are pages of another origin) and refuses the rest.
  routes = {
    "ANY /login/{rest+}"    = "accounts"
    "ANY /runs"             = "scores"
    "ANY /scores"           = "scores"
    "ANY /scoreboard"       = "scores"
    "ANY /scorehistory"     = "scores"
    "ANY /2017/{rest+}"     = "scores"
    "ANY /datasets"         = "player_data"
    "ANY /datasets/{rest+}" = "player_data"
  }
  routes_made    = { for route, name in local.routes : route => name if contains(keys(local.functions_made), name) }
  behind_the_api = toset(values(local.routes_made))

  # Requests in a second that a route takes before the API itself answers 429: no function is called then, and
  # nothing is paid for it. Below this stand the services' own limits for each player and address.
  route_rates = {
    "ANY /login/{rest+}"    = var.requests_per_second.login
    "ANY /runs"             = var.requests_per_second.runs
    "ANY /scores"           = var.requests_per_second.scores
    "ANY /scoreboard"       = var.requests_per_second.scoreboard
    "ANY /scorehistory"     = var.requests_per_second.scorehistory
    "ANY /2017/{rest+}"     = var.requests_per_second.shapes_2017
    "ANY /datasets"         = var.requests_per_second.datasets
    "ANY /datasets/{rest+}" = var.requests_per_second.datasets
  }
}

resource "aws_apigatewayv2_api" "services" {
  name          = "${var.name}-services"
  description   = "Accounts, scores, statistics and player data"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "function" {
  for_each = local.behind_the_api

  api_id                 = aws_apigatewayv2_api.services.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.service[each.key].invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "service" {
  for_each = local.routes_made

  api_id    = aws_apigatewayv2_api.services.id
  route_key = each.key
  target    = "integrations/${aws_apigatewayv2_integration.function[each.value].id}"
}

resource "aws_lambda_permission" "api_calls_function" {
  for_each = local.behind_the_api

  statement_id  = "api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.service[each.key].function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.services.execution_arn}/*/*"
}

resource "aws_cloudwatch_log_group" "api" {
  name              = "/aws/apigateway/${var.name}-services"
  retention_in_days = var.log_retention_days
}

resource "aws_apigatewayv2_stage" "services" {
  api_id      = aws_apigatewayv2_api.services.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit  = var.api_requests_per_second
    throttling_burst_limit = var.api_requests_per_second * 2
  }

  dynamic "route_settings" {
    for_each = { for route in keys(local.routes_made) : route => local.route_rates[route] }

    content {
      route_key              = route_settings.key
      throttling_rate_limit  = route_settings.value
      throttling_burst_limit = route_settings.value * 2
    }
  }

  # A setting of a route that is not there yet is refused.
  depends_on = [aws_apigatewayv2_route.service]

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api.arn
    # Never the path's query string or a header: a 2017 client sends its access token there.
    format = jsonencode({
      at        = "$context.requestTime"
      request   = "$context.requestId"
      route     = "$context.routeKey"
      status    = "$context.status"
      bytes     = "$context.responseLength"
      took_ms   = "$context.responseLatency"
      from      = "$context.identity.sourceIp"
      gave_up   = "$context.error.message"
      in_lambda = "$context.integrationErrorMessage"
    })
  }
}
