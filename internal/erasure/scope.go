package erasure

import (
	"context"
	"fmt"

	"laurel/internal/pg"
)

// A scope is what is erased: ids, the names by which addresses know them, and
// the keys of files that nobody else holds.
type scope struct {
	works, entries, files, accounts     []int64
	workCodes, entryCodes, accountCodes []string
	blobs                               []string
}

func (s scope) codes() []string {
	return append(append(append([]string{}, s.workCodes...), s.entryCodes...), s.accountCodes...)
}

// scopeOf locks works and accounts, and finds what belongs to them.
func scopeOf(ctx context.Context, db pg.DB, works, accounts []int64) (scope, error) {
	s := scope{works: works, accounts: accounts}
	var err error
	if s.workCodes, err = codesOf(ctx, db, `select id, code from works where id = any(@ids) order by id for update`, works); err != nil {
		return s, err
	}
	if s.accountCodes, err = codesOf(ctx, db, `select id, code from accounts where id = any(@ids) order by id for update`, accounts); err != nil {
		return s, err
	}
	rows, err := pg.Rows[struct {
		ID   int64
		Code string
	}](ctx, db, `
		select id, code
		from entries
		where work_id = any(@works)
		order by id
		for update`,
		pg.Args{"works": list(works)})
	if err != nil {
		return s, fmt.Errorf("list entries to erase: %w", err)
	}
	for _, r := range rows {
		s.entries, s.entryCodes = append(s.entries, r.ID), append(s.entryCodes, r.Code)
	}
	if s.files, err = ownFiles(ctx, db, s); err != nil {
		return s, err
	}
	if s.blobs, err = blobsOf(ctx, db, s.files); err != nil {
		return s, err
	}
	parts, err := partsOf(ctx, db, works)
	s.blobs = append(s.blobs, parts...)
	return s, err
}

func codesOf(ctx context.Context, db pg.DB, sql string, ids []int64) ([]string, error) {
	rows, err := pg.Rows[struct {
		ID   int64
		Code string
	}](ctx, db, sql, pg.Args{"ids": list(ids)})
	if err != nil {
		return nil, fmt.Errorf("lock what is erased: %w", err)
	}
	codes := make([]string, len(rows))
	for i, r := range rows {
		codes[i] = r.Code
	}
	return codes, nil
}

// ownFiles are the files that the scope holds, or its people sent, and nothing
// else needs: also those that were taken out of a work before, of which nothing
// tells any more which work it was.
func ownFiles(ctx context.Context, db pg.DB, s scope) ([]int64, error) {
	ids, err := pg.Values[int64](ctx, db, `
		select f.id
		from files f
		where (f.owner_id = any(@accounts)
		       or f.owner_id in (select w.owner_id from works w where w.id = any(@works) union all select c.account_id from collaborators c where c.work_id = any(@works))
		       or exists (select from work_files w where w.file_id = f.id and w.work_id = any(@works))
		       or exists (select from entry_files e where e.file_id = f.id and e.entry_id = any(@entries)))
		  and not exists (select from work_files w where w.file_id = f.id and w.work_id <> all(@works))
		  and not exists (select from entry_files e where e.file_id = f.id and e.entry_id <> all(@entries))
		  and not exists (select from editions ed where ed.hero_file_id = f.id)
		order by f.id`,
		pg.Args{"accounts": list(s.accounts), "works": list(s.works), "entries": list(s.entries)})
	if err != nil {
		return nil, fmt.Errorf("list files to erase: %w", err)
	}
	return ids, nil
}

func blobsOf(ctx context.Context, db pg.DB, files []int64) ([]string, error) {
	keys, err := pg.Values[string](ctx, db, `
		select blob_key
		from files
		where id = any(@files)
		union all
		select blob_key
		from renditions
		where file_id = any(@files)
		union all
		select blob_key
		from subtitles
		where file_id = any(@files)
		union all
		select blob_key
		from loose_blobs
		where file_id = any(@files)
		order by blob_key`,
		pg.Args{"files": list(files)})
	if err != nil {
		return nil, fmt.Errorf("list blobs to erase: %w", err)
	}
	return keys, nil
}

// partsOf are the keys of what has arrived of files on their way to works.
func partsOf(ctx context.Context, db pg.DB, works []int64) ([]string, error) {
	keys, err := pg.Values[string](ctx, db, `
		select part
		from uploads
		where work_id = any(@works) and state <> 'complete'
		order by part`,
		pg.Args{"works": list(works)})
	if err != nil {
		return nil, fmt.Errorf("list parts to erase: %w", err)
	}
	return keys, nil
}
