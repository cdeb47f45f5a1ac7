// Payments answers charges and refunds over HTTP.
package main

import (
	"log"
	"net/http"
)

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("/readyz", ready)
	log.Fatal(http.ListenAndServe(":8080", mux))
}

func ready(w http.ResponseWriter, r *http.Request) {
	if err := acquirer.Ping(r.Context()); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
}
