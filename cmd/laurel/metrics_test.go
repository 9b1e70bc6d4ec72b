package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"laurel/internal/pgtest"
)

func TestMetrics(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	metricsHandler(newMetrics(pgtest.Pool(t))).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for _, name := range []string{"laurel_database_connections_max 12", "go_goroutines", "process_open_fds", `laurel_retention_oldest_days{class="messages"} 0`, `laurel_retention_keep_days{class="entries"} 90`} {
		if !strings.Contains(w.Body.String(), name) {
			t.Errorf("%s is not among the metrics", name)
		}
	}
}
