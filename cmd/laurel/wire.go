package main

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"laurel/internal/seed"
	"laurel/internal/site"
)

// newSite wires the site to what this command opened.
func newSite(c *serveCmd, h *house, base string, metrics *prometheus.Registry) http.Handler {
	header, trusted, _ := c.proxy() // was checked when the configuration was read
	return site.New(site.Config{
		DB: h.pool, Store: h.store, Log: h.log, BaseURL: base, Demo: c.Demo, Metrics: metrics,
		ProxyHeader: header, TrustedProxy: trusted,
	})
}

func seedDemo(ctx context.Context, h *house) error {
	return seed.Demo(ctx, h.pool, h.store, time.Now())
}
