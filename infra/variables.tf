variable "name" {
  description = "What the names of all resources begin with. Two deployments in one account need two names."
  type        = string
  default     = "naru"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.name))
    error_message = "2 to 24 of a-z, 0-9 and -, beginning with a letter."
  }
}

variable "region" {
  description = "Where everything but the edge lives."
  type        = string
  default     = "ap-northeast-2"
}

variable "protect_data" {
  description = "Refuse to destroy tables and the user pool. Set it to false and apply before a destroy that is meant."
  type        = bool
  default     = true
}

# --- bucket and edge

variable "bucket_name" {
  description = "The bucket of the releases; empty: <name>-releases-<account>."
  type        = string
  default     = ""
}

variable "upload_prefix" {
  description = "`store.prefix` of naru and `uploadprefix` of 2017: what all keys of the releases begin with."
  type        = string
  default     = "update"

  validation {
    condition     = can(regex("^([A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*)?$", var.upload_prefix))
    error_message = "Folders of letters, digits, _ and -, separated by /, without a slash at either end."
  }
}

variable "edge_aliases" {
  description = "Host names of your own for the edge; empty: CloudFront's name."
  type        = list(string)
  default     = []
}

variable "edge_certificate_arn" {
  description = "The certificate for edge_aliases, in us-east-1."
  type        = string
  default     = ""

  validation {
    condition     = (var.edge_certificate_arn == "") == (length(var.edge_aliases) == 0)
    error_message = "edge_aliases and edge_certificate_arn are set together or not at all."
  }
}

variable "edge_price_class" {
  description = "Which of CloudFront's locations serve players. PriceClass_100 leaves Asia out."
  type        = string
  default     = "PriceClass_200"
}

# --- publisher

variable "publisher_principal_arns" {
  description = "Roles or users (SSO, CI) that may take the publisher's role."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.publisher_principal_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/[^*]+$", arn))])
    error_message = "Whole ARNs of roles or users: no wildcard and no whole account."
  }
}

variable "github_subjects" {
  description = "GitHub workflows that may take the publisher's role, as the `sub` of their token: repo:studio/game:ref:refs/heads/release."
  type        = list(string)
  default     = []

  validation {
    # `repo:studio/game:*` would let every pull request publish.
    condition     = alltrue([for subject in var.github_subjects : can(regex("^repo:[^*?:]+/[^*?:]+:(ref|environment):[^*?]+$", subject))])
    error_message = "repo:<owner>/<name>:ref:<ref> or repo:<owner>/<name>:environment:<name>, without wildcards."
  }
}

variable "github_oidc_provider_arn" {
  description = "GitHub's OIDC provider where the account has one already (there can be one only); empty: it is made if github_subjects has any."
  type        = string
  default     = ""
}

# --- players

variable "developer_provider_name" {
  description = "Under which name the accounts service vouches for players. It can't be changed later: every player would become another one."
  type        = string
  default     = "login.naru"
}

variable "shapes_2017" {
  description = "Answer /2017/scoreboard and /2017/scorehistory as games of 2017 read them: without a login, all names and scores at once."
  type        = bool
  default     = false
}

variable "supported_login_providers" {
  description = "Providers that the identity pool asks itself, as the 2017 client expects: { \"graph.facebook.com\" = \"<app id>\" }."
  type        = map(string)
  default     = {}
}

variable "openid_provider_arns" {
  description = "OpenID providers in IAM that the identity pool accepts beside the accounts service."
  type        = list(string)
  default     = []
}

variable "chat_enabled" {
  description = "Give players the rights of the chat (AWS IoT). Off until there is a chat service: a right that nobody needs is a hole."
  type        = bool
  default     = false
}

# --- services

variable "function_zips" {
  description = "Archives with one `bootstrap` each, as `cargo lambda build --output-format zip` makes them. A function without one is not made; everything around it is."
  type = object({
    accounts     = optional(string, "")
    registration = optional(string, "")
    scores       = optional(string, "")
    statistics   = optional(string, "")
    player_data  = optional(string, "")
  })
  default = {}

  validation {
    condition     = alltrue([for path in compact(values(var.function_zips)) : fileexists(path)])
    error_message = "A path that names no file."
  }
}

variable "kakao_client_id" {
  description = "The REST API key of the Kakao app. It is no secret."
  type        = string
  default     = ""
}

variable "kakao_app_id" {
  description = "The number of the Kakao app: tokens of another app are refused."
  type        = string
  default     = ""
}

variable "kakao_secret_parameter" {
  description = "Name of the SSM SecureString with Kakao's client secret, beginning with /. The secret itself never passes through Terraform, whose state would keep it in clear."
  type        = string
  default     = ""

  validation {
    condition     = var.kakao_secret_parameter == "" || can(regex("^/[A-Za-z0-9/_.-]+$", var.kakao_secret_parameter))
    error_message = "The name of one parameter, beginning with a slash, without wildcards."
  }
}

variable "google_client_id" {
  description = "The client id of the app at Google, of the kind Desktop app. It is no secret."
  type        = string
  default     = ""
}

variable "google_secret_parameter" {
  description = "Name of the SSM SecureString with the client secret of the Google app, as kakao_secret_parameter."
  type        = string
  default     = ""

  validation {
    condition     = var.google_secret_parameter == "" || can(regex("^/[A-Za-z0-9/_.-]+$", var.google_secret_parameter))
    error_message = "The name of one parameter, beginning with a slash, without wildcards."
  }

  validation {
    condition     = (var.google_secret_parameter == "") == (var.google_client_id == "")
    error_message = "google_client_id and google_secret_parameter are set together or not at all."
  }
}

variable "facebook_client_id" {
  description = "The app id of the app at Facebook, a number: tokens of another app are refused. It is no secret."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^[0-9]*$", var.facebook_client_id))
    error_message = "Facebook's app ids are numbers."
  }
}

variable "facebook_secret_parameter" {
  description = "Name of the SSM SecureString with the secret of the Facebook app, as kakao_secret_parameter."
  type        = string
  default     = ""

  validation {
    condition     = var.facebook_secret_parameter == "" || can(regex("^/[A-Za-z0-9/_.-]+$", var.facebook_secret_parameter))
    error_message = "The name of one parameter, beginning with a slash, without wildcards."
  }

  validation {
    condition     = (var.facebook_secret_parameter == "") == (var.facebook_client_id == "")
    error_message = "facebook_client_id and facebook_secret_parameter are set together or not at all."
  }
}

variable "api_requests_per_second" {
  description = "What the API takes in all before it answers 429."
  type        = number
  default     = 200
}

variable "requests_per_second" {
  description = "What each route takes of that: a flood on one leaves the others their share. Every login asks the provider."
  type = object({
    login        = optional(number, 20)
    runs         = optional(number, 50)
    scores       = optional(number, 50)
    scoreboard   = optional(number, 100)
    scorehistory = optional(number, 50)
    shapes_2017  = optional(number, 10)
    datasets     = optional(number, 100)
  })
  default = {}

  validation {
    condition     = alltrue([for rate in values(var.requests_per_second) : rate >= 1])
    error_message = "At least one request a second: 0 switches a route off."
  }
}

variable "reserved_concurrency" {
  description = "How many of each function run at once at most, reserved from the account's limit; -1: no reservation. AWS keeps 100 unreserved, so a new account, whose limit is often 10, takes -1 for all until the limit is raised."
  type = object({
    accounts     = optional(number, 20)
    registration = optional(number, 5)
    scores       = optional(number, 50)
    statistics   = optional(number, 10)
    player_data  = optional(number, 30)
  })
  default = {}

  validation {
    condition     = alltrue([for count in values(var.reserved_concurrency) : count == -1 || count >= 1])
    error_message = "-1 or at least 1: 0 stops a function."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30
}

variable "alarm_email" {
  description = "Who hears of alarms; empty: they are only seen in the console."
  type        = string
  default     = ""
}
