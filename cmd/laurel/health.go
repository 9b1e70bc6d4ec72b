package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// healthCmd asks a running site how it is: the health check of containers,
// whose image has no other program to ask with.
type healthCmd struct {
	URL string `arg:"" optional:"" default:"http://localhost:8080" help:"Address of the site."`
}

// Run returns nil when the site can serve people.
func (c *healthCmd) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(c.URL, "/")+"/readyz", nil)
	if err != nil {
		return &usageError{"the address of the site must be one such as http://localhost:8080"}
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("ask the site: %w", err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the site answers %s", answer.Status)
	}
	return nil
}
