variable "harbour" {
  type = string
}

resource "aws_vpc" "harbour" {
  cidr_block = "10.20.0.0/16"
  tags       = { Name = var.harbour }
}

output "vpc_id" {
  value = aws_vpc.harbour.id
}
