# Terraform lays this over versions.tf in the copy that run.sh makes: the same module, at a server on
# this machine. The endpoint comes from AWS_ENDPOINT_URL; without it, these credentials open nothing.

provider "aws" {
  access_key        = "stand-in"
  secret_key        = "stand-in"
  s3_use_path_style = true
}

provider "aws" {
  alias             = "edge_metrics"
  access_key        = "stand-in"
  secret_key        = "stand-in"
  s3_use_path_style = true
}
