module tern.example/payments

go 1.22

require (
	github.com/prometheus/client_golang v1.20.5
	github.com/rs/zerolog v1.33.0
	go.opentelemetry.io/otel v1.33.0
)
