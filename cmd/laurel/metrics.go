package main

import (
	"context"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"laurel/internal/erasure"
)

// newMetrics counts the process and its connections to the database; the site
// adds its own.
func newMetrics(pool *pgxpool.Pool) *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		gauge("laurel_database_connections", "Connections to the database that are open.", func() float64 { return float64(pool.Stat().TotalConns()) }),
		gauge("laurel_database_connections_busy", "Connections to the database that are in use.", func() float64 { return float64(pool.Stat().AcquiredConns()) }),
		retention{pool},
		gauge("laurel_database_connections_max", "Connections to the database that may be open.", func() float64 { return float64(pool.Stat().MaxConns()) }),
	)
	return r
}

func gauge(name, help string, value func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
}

func metricsHandler(r *prometheus.Registry) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(r, promhttp.HandlerOpts{}))
	return mux
}

// retention tells of everything that is kept for a time how many days its oldest
// thing has waited, so that a round of deleting that is not done is noticed.
type retention struct{ pool *pgxpool.Pool }

var (
	oldestDays = prometheus.NewDesc("laurel_retention_oldest_days", "Days since the oldest thing of a class began to wait for being deleted; 0: there is none.", []string{"class"}, nil)
	keptDays   = prometheus.NewDesc("laurel_retention_keep_days", "Days for which things of a class are kept.", []string{"class"}, nil)
)

// Describe names what is told.
func (r retention) Describe(to chan<- *prometheus.Desc) {
	to <- oldestDays
	to <- keptDays
}

// Collect asks the database; whoever reads learns it where that fails.
func (r retention) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	classes, err := erasure.Oldest(ctx, r.pool)
	if err != nil {
		to <- prometheus.NewInvalidMetric(oldestDays, err)
		return
	}
	for _, c := range classes {
		to <- prometheus.MustNewConstMetric(oldestDays, prometheus.GaugeValue, c.Oldest, c.Name)
		to <- prometheus.MustNewConstMetric(keptDays, prometheus.GaugeValue, float64(c.Keep), c.Name)
	}
}
