package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"

	"laurel/internal/account"
	"laurel/internal/job"
	"laurel/internal/site"
	"laurel/internal/worker"
	"laurel/web/emails"
)

// grace is how long requests and jobs that run may take to finish when Laurel
// is told to stop.
const grace = 20 * time.Second

// serveCmd runs the site and the jobs.
type serveCmd struct {
	public  `embed:""`
	letters `embed:""`
	paying  `embed:""`
	room    `embed:""`
}

// Validate is called by kong once everything is read.
func (c *serveCmd) Validate() error {
	if err := c.public.validate(); err != nil {
		return err
	}
	if err := c.paying.validate(); err != nil {
		return err
	}
	if _, err := c.limits(); err != nil {
		return err
	}
	return c.letters.Validate()
}

// Run serves until ctx is done or something that it needs fails.
func (c *serveCmd) Run(ctx context.Context, common *common, s streams) (err error) {
	log := common.logger(s.err)
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w (another address is chosen with --addr or LAUREL_ADDR)", c.Addr, err)
	}
	defer l.Close()
	h, err := openHouse(ctx, common, log, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	if err := c.prepare(ctx, h); err != nil {
		return err
	}
	base, metrics := c.base(l.Addr()), newMetrics(h.pool)
	stop, err := startWork(ctx, h, common.Data, &c.letters, base, c.Demo)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	defer serveMetrics(ctx, c.MetricsAddr, metrics, log)()
	if err := greet(ctx, s.out, h, base, c.Demo); err != nil {
		return err
	}
	pages, err := c.site(h, common.Data, base, metrics)
	if err != nil {
		return err
	}
	return serve(ctx, l, pages, h)
}

// prepare puts the data in order before anybody is let in.
func (c *serveCmd) prepare(ctx context.Context, h *house) error {
	if h.private != nil {
		if err := job.Revive(ctx, h.pool); err != nil {
			return err
		}
	}
	if !c.Demo {
		return nil
	}
	if err := loadDemo(ctx, h); err != nil && !errors.Is(err, errNotEmpty) {
		return err
	}
	return nil
}

// site makes the site of an open house.
func (c *serveCmd) site(h *house, data, base string, metrics *prometheus.Registry) (http.Handler, error) {
	header, ranges, _ := c.proxy() // Validate has read it
	key, err := secondFactorKey(data)
	if err != nil {
		return nil, err
	}
	seals, err := originalsKey(data)
	if err != nil {
		return nil, err
	}
	room, _ := c.limits() // Validate has read it
	till, err := c.till()
	if err != nil {
		return nil, err
	}
	return site.New(site.Config{
		DB: h.pool, Store: h.store, Log: h.log, BaseURL: base, Demo: c.Demo, Silent: c.SMTP == "" && !c.Demo, Version: version(), Now: time.Now, Metrics: metrics, Erase: h.erase,
		ProxyHeader: header, TrustedProxy: ranges,
		ExitURL: c.ExitURL, Key: key, Seals: seals, Parts: h.parts, Room: room, Till: till,
	}), nil
}

// base is the address at which people reach the site.
func (l *letters) base(listening net.Addr) string {
	if l.URL != "" {
		return l.URL
	}
	host, port := "localhost", ""
	if a, ok := listening.(*net.TCPAddr); ok {
		port = fmt.Sprint(a.Port)
		if !a.IP.IsUnspecified() && !a.IP.IsLoopback() {
			host = a.IP.String()
		}
	}
	return "http://" + net.JoinHostPort(host, port)
}

// greet prints where the site is, and how its first person gets in.
func greet(ctx context.Context, w io.Writer, h *house, base string, demo bool) error {
	fmt.Fprintf(w, "Laurel is at %s\n", base)
	begun, err := account.Begun(ctx, h.pool)
	if err != nil || begun || demo {
		return err
	}
	var token account.Token
	err = pgx.BeginFunc(ctx, h.pool, func(tx pgx.Tx) (err error) {
		token, err = account.NewSetupToken(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("make set-up link: %w", err)
	}
	_, err = fmt.Fprintf(w, "Nobody runs this installation yet. The first organizer starts here, once, within 7 days:\n%s/setup/%s\n", base, token)
	return err
}

// serve answers requests until ctx is done, then lets those that run finish.
func serve(ctx context.Context, l net.Listener, handler http.Handler, h *house) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second, // a body may take longer: films are sent over slow lines
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          log.New(io.Discard, "", 0), // its lines hold visitors' addresses
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-h.failed():
		server.Close()
		return h.private.Err()
	case <-ctx.Done():
	}
	h.log.Info("stopping")
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(late); err != nil {
		h.log.Warn("requests were cut off", "err", err)
		return server.Close()
	}
	return nil
}

// startWork begins to work the jobs; stop lets those that run finish.
func startWork(ctx context.Context, h *house, data string, l *letters, base string, demo bool) (stop func() error, err error) {
	tools := worker.Tools{DB: h.pool, Store: h.store, Parts: h.parts, Render: emails.Renderer(base), Demo: demo}
	if tools.Transport, err = l.transport(); err != nil {
		return nil, err
	}
	if tools.Seals, err = originalsKey(data); err != nil {
		return nil, err
	}
	end, err := job.Work(ctx, h.pool, worker.New(tools), h.log)
	if err != nil {
		return nil, err
	}
	return func() error {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		return end(late)
	}, nil
}

// workCmd runs the jobs without a site.
type workCmd struct {
	letters `embed:""`
}

// Run works until ctx is done.
func (c *workCmd) Run(ctx context.Context, common *common, s streams) (err error) {
	if c.URL == "" {
		return wrong("LAUREL_URL", "--url", "the address at which people reach the site: letters hold links to it")
	}
	h, err := openHouse(ctx, common, common.logger(s.err), true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	stop, err := startWork(ctx, h, common.Data, &c.letters, c.URL, false)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, "Laurel works the jobs")
	select {
	case <-ctx.Done():
	case <-h.failed():
		err = h.private.Err()
	}
	return errors.Join(err, stop())
}

// serveMetrics answers Prometheus on an address of its own. A festival goes on
// without: an address that is taken is only logged.
func serveMetrics(ctx context.Context, addr string, metrics *prometheus.Registry, log *slog.Logger) (stop func()) {
	if addr == "" {
		return func() {}
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		log.Warn("there are no metrics: another address is chosen with LAUREL_METRICS_ADDR", "err", err)
		return func() {}
	}
	server := &http.Server{Handler: metricsHandler(metrics), ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(l)
	return func() { server.Close() }
}
