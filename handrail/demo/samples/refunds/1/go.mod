module tern.example/refunds

go 1.22
