package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"laurel/internal/account"
	"laurel/internal/seed"
)

// errNotEmpty refuses to mix the demo festival with somebody's own.
var errNotEmpty = errors.New("the database is not empty: the demo festival goes only into a new one")

// demoCmd loads the demo festival.
type demoCmd struct{}

// Run loads it, all or nothing.
func (*demoCmd) Run(ctx context.Context, common *common, s streams) (err error) {
	h, err := openHouse(ctx, common, common.logger(s.err), true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	if err := loadDemo(ctx, h); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, "The demo festival is loaded.")
	return err
}

// loadDemo fills an empty database; errNotEmpty when it is none.
func loadDemo(ctx context.Context, h *house) error {
	some, err := account.Any(ctx, h.pool)
	if err != nil {
		return err
	}
	if some {
		return errNotEmpty
	}
	h.log.Info("loading the demo festival")
	return seed.Demo(ctx, h.pool, h.store, time.Now())
}
