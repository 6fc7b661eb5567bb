# Two regions behind one name, nearest first, each with a health check.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "endpoint" {
  type = string
}

variable "inverted" {
  type = bool
}

locals {
  regions = {
    us-east-1 = "192.0.2.10"
    eu-west-1 = "198.51.100.20"
  }
}

provider "aws" {
  region                      = "us-east-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  endpoints {
    route53 = var.endpoint
  }
}

resource "aws_route53_zone" "example" {
  name = "example.com"
}

resource "aws_route53_health_check" "region" {
  for_each           = local.regions
  type               = "HTTP"
  ip_address         = each.value
  port               = 80
  resource_path      = "/health"
  request_interval   = 30
  failure_threshold  = 3
  invert_healthcheck = each.key == "us-east-1" && var.inverted
  tags = {
    Name = "${each.key} /health"
  }
}

resource "aws_route53_record" "www" {
  for_each        = local.regions
  zone_id         = aws_route53_zone.example.zone_id
  name            = "www"
  type            = "A"
  ttl             = 60
  records         = [each.value]
  set_identifier  = each.key
  health_check_id = aws_route53_health_check.region[each.key].id
  latency_routing_policy {
    region = each.key
  }
}

# The same two regions once more, as a traffic policy: the nearest, and the other one when it is down.
resource "aws_route53_traffic_policy" "nearest" {
  name = "nearest"
  document = jsonencode({
    AWSPolicyFormatVersion = "2015-10-01"
    RecordType             = "A"
    StartRule              = "nearest"
    Endpoints              = { for region, address in local.regions : region => { Type = "value", Value = address } }
    Rules = {
      nearest = {
        RuleType = "latency"
        Regions = [for region in keys(local.regions) : {
          Region            = region
          EndpointReference = region
          HealthCheck       = aws_route53_health_check.region[region].id
        }]
      }
    }
  })
}

resource "aws_route53_traffic_policy_instance" "flow" {
  name                   = "flow.example.com"
  hosted_zone_id         = aws_route53_zone.example.zone_id
  traffic_policy_id      = aws_route53_traffic_policy.nearest.id
  traffic_policy_version = aws_route53_traffic_policy.nearest.version
  ttl                    = var.inverted ? 30 : 60
}
