module tern.example/payments

go 1.22
