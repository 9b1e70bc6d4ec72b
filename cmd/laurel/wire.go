package main

import (
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
)

func newSite(*serveCmd, *house, string, *prometheus.Registry) http.Handler {
	return http.NewServeMux()
}

func seedDemo(context.Context, *house) error { return nil }
