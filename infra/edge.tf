# The edge: the only way to the bucket for players.

resource "aws_cloudfront_origin_access_control" "releases" {
  name                              = "${var.name}-releases"
  description                       = "Signs the edge's requests to the bucket"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

# A versioned read never changes, so it may stay as long as CloudFront keeps anything.
resource "aws_cloudfront_cache_policy" "versioned" {
  name        = "${var.name}-versioned"
  comment     = "One copy for each path and versionId"
  min_ttl     = 0
  default_ttl = 31536000
  max_ttl     = 31536000

  parameters_in_cache_key_and_forwarded_to_origin {
    # A client verifies the very bytes that were published, and asks for ranges of them.
    enable_accept_encoding_gzip   = false
    enable_accept_encoding_brotli = false

    # Without it, two versions of a path would be one copy; with more, anybody could bypass the
    # cache by adding ?x=1, ?x=2, … and the studio would pay for it.
    query_strings_config {
      query_string_behavior = "whitelist"
      query_strings {
        items = ["versionId"]
      }
    }

    headers_config {
      header_behavior = "none"
    }

    cookies_config {
      cookie_behavior = "none"
    }
  }
}

# The pointer: half a minute by its own Cache-Control, so that a release is seen soon even where an
# invalidation failed; never longer than a minute, whatever a header says.
resource "aws_cloudfront_cache_policy" "pointer" {
  name        = "${var.name}-pointer"
  comment     = "The newest pointer only"
  min_ttl     = 0
  default_ttl = 30
  max_ttl     = 60

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_gzip   = false
    enable_accept_encoding_brotli = false

    # No query string at all: an old pointer can't be had from the edge by its versionId, and the
    # invalidation of the bare path covers every copy.
    query_strings_config {
      query_string_behavior = "none"
    }

    headers_config {
      header_behavior = "none"
    }

    cookies_config {
      cookie_behavior = "none"
    }
  }
}

resource "aws_cloudfront_distribution" "edge" {
  comment         = "${var.name}: releases"
  enabled         = true
  is_ipv6_enabled = true
  http_version    = "http2and3"
  price_class     = var.edge_price_class
  aliases         = var.edge_aliases

  origin {
    origin_id                = "releases"
    domain_name              = aws_s3_bucket.releases.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.releases.id
  }

  default_cache_behavior {
    target_origin_id       = "releases"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = aws_cloudfront_cache_policy.versioned.id
    viewer_protocol_policy = "redirect-to-https"
    compress               = false
  }

  dynamic "ordered_cache_behavior" {
    for_each = local.pointer_keys

    content {
      path_pattern           = "/${ordered_cache_behavior.value}"
      target_origin_id       = "releases"
      allowed_methods        = ["GET", "HEAD"]
      cached_methods         = ["GET", "HEAD"]
      cache_policy_id        = aws_cloudfront_cache_policy.pointer.id
      viewer_protocol_policy = "redirect-to-https"
      compress               = false
    }
  }

  # 403 is S3's word for "no such object" here (see aws_s3_object.not_found). Kept for a moment only,
  # or the first release would stay unseen by whoever asked too early.
  dynamic "custom_error_response" {
    for_each = [403, 404]

    content {
      error_code            = custom_error_response.value
      response_code         = 404
      response_page_path    = "/${aws_s3_object.not_found.key}"
      error_caching_min_ttl = 5
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = length(var.edge_aliases) == 0
    acm_certificate_arn            = var.edge_certificate_arn == "" ? null : var.edge_certificate_arn
    minimum_protocol_version       = length(var.edge_aliases) == 0 ? "TLSv1" : "TLSv1.2_2021"
    ssl_support_method             = length(var.edge_aliases) == 0 ? null : "sni-only"
  }
}
