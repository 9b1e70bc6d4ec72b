package main

import (
	"context"
	"errors"
	"fmt"

	"laurel/internal/blob"
	"laurel/internal/media"
	"laurel/internal/pg"
	"laurel/internal/upload"
)

// doctorCmd looks for what must never be.
type doctorCmd struct {
	Files bool `help:"Read every uploaded file too and compare it with what was written down when it was kept."`
}

// Run prints what it found and fails if it found anything.
func (c *doctorCmd) Run(ctx context.Context, common *common, s streams) (err error) {
	unchecked := *common
	unchecked.Lossy = true // the settings are reported below with everything else
	h, err := openHouse(ctx, &unchecked, common.logger(s.err), true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()

	found, err := c.examine(ctx, common.Lossy, common.Data, h)
	if err != nil {
		return err
	}
	for _, f := range found {
		fmt.Fprintln(s.out, f)
	}
	if len(found) > 0 {
		return fmt.Errorf("%d findings", len(found))
	}
	fmt.Fprintf(s.out, "%d settings and %d rules hold\n", len(required), len(invariants))
	return nil
}

// examine makes every check. A server that is allowed to lose data is not asked
// for its settings.
func (c *doctorCmd) examine(ctx context.Context, lossy bool, data string, h *house) (found []finding, err error) {
	for _, check := range []struct {
		wanted bool
		run    func() ([]finding, error)
	}{
		{!lossy, func() ([]finding, error) { return checkSettings(ctx, h.pool) }},
		{true, func() ([]finding, error) { return checkInvariants(ctx, h.pool) }},
		{true, func() ([]finding, error) { return checkBucket(ctx, h.pool, h.store) }},
		{true, func() ([]finding, error) { return checkReadings(ctx, h.pool) }},
		{true, func() ([]finding, error) { return checkKeys(ctx, h.pool, data) }},
		{true, func() ([]finding, error) { return checkUploads(ctx, h) }},
		{c.Files, func() ([]finding, error) { return checkFiles(ctx, h.pool, h.store) }},
	} {
		if !check.wanted {
			continue
		}
		more, err := check.run()
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	return found, nil
}

// checkInvariants runs every query that must return nothing.
func checkInvariants(ctx context.Context, db pg.DB) ([]finding, error) {
	var found []finding
	for _, i := range invariants {
		rows, err := pg.Rows[struct{ Found string }](ctx, db, i.query, nil)
		if err != nil {
			return nil, fmt.Errorf("check %s: %w", i.name, err)
		}
		for _, r := range rows {
			found = append(found, finding(fmt.Sprintf("%s: %s: %s", i.name, i.rule, r.Found)))
		}
	}
	return found, nil
}

// checkKeys looks whether the key file in the data folder opens the originals.
func checkKeys(ctx context.Context, db pg.DB, data string) ([]finding, error) {
	seals, err := originalsKey(data)
	if err != nil {
		return nil, err
	}
	locked, err := media.Locked(ctx, db, seals)
	if err != nil || len(locked) == 0 {
		return nil, err
	}
	return []finding{finding(fmt.Sprintf("originals.key in the data folder does not open %d originals, the first of file %s: put the right one back", len(locked), locked[0]))}, nil
}

// checkReadings repeats what the weekly reading of all files found, and says
// when there is none.
func checkReadings(ctx context.Context, db pg.DB) ([]finding, error) {
	damages, err := media.Damages(ctx, db)
	if err != nil {
		return nil, err
	}
	var found []finding
	for _, d := range damages {
		found = append(found, damaged(d.Name, d.Fault))
	}
	unread, err := media.Unread(ctx, db)
	if err != nil {
		return nil, err
	}
	if unread > 0 {
		found = append(found, finding(fmt.Sprintf("blobs that nobody has read for two weeks: %d; laurel serve or laurel work has to run, and reads them", unread)))
	}
	return found, nil
}

// checkUploads holds files on their way against what lies on the disk.
func checkUploads(ctx context.Context, h *house) ([]finding, error) {
	if h.parts == nil {
		return nil, nil
	}
	misfits, err := upload.Misfits(ctx, h.pool, h.store, h.parts)
	var found []finding
	for _, m := range misfits {
		switch {
		case m.Upload == "":
			found = append(found, finding(fmt.Sprintf("part %s belongs to no upload and is older than a day; laurel serve or laurel work has to run, and removes it", m.Part)))
		case m.Found < 0:
			found = append(found, finding(fmt.Sprintf("upload %s: its part %s is gone, and %d bytes of it were acknowledged", m.Upload, m.Part, m.Durable)))
		default:
			found = append(found, finding(fmt.Sprintf("upload %s: its part %s has %d bytes, and %d were acknowledged", m.Upload, m.Part, m.Found, m.Durable)))
		}
	}
	return found, err
}

// checkFiles reads every file and rendition and compares length and sum.
func checkFiles(ctx context.Context, db pg.DB, store blob.Store) ([]finding, error) {
	all, err := media.AllKept(ctx, db)
	if err != nil {
		return nil, err
	}
	var found []finding
	for _, k := range all {
		fault, err := k.Inspect(ctx, store, nil)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", k.Name, err)
		}
		if fault != media.Sound {
			found = append(found, damaged(k.Name, fault))
		}
	}
	return found, nil
}

func damaged(name string, fault media.Fault) finding {
	switch fault {
	case media.Lost:
		return finding(name + " is missing from the store")
	case media.Unreadable:
		return finding(name + " cannot be read to its end")
	case media.Short:
		return finding(name + " is shorter or longer than what was kept")
	case media.Altered, media.Sound:
	}
	return finding(name + " is not what was kept")
}
