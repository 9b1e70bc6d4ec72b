package site

import (
	"context"
	"net/http"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/audit"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/internal/report"
	"laurel/internal/result"
	"laurel/web/components"
	"laurel/web/pages"
)

// showOwnRecord shows a juror how their own scores compare, once the round is
// closed: severity, consistency and spread, and nobody else's.
func (s *Site) showOwnRecord(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, president, err := jury.Seated(ctx, s.db, actor(r).ID, r.PathValue("round"))
	if err != nil {
		return err
	}
	v := pages.JurorRecord{
		Title: locale.T(ctx, "record.title", "How your scores compare"), Round: x.CategoryName + ": " + x.Name,
		Decided: pages.DecidedWords(ctx, string(x.Binding), x.ReviewsMost),
	}
	b, err := s.resultBoard(r, x)
	switch p := problem.Of(err); {
	case p != nil && p.Kind == problem.Denied:
		v.Sealed = locale.T(ctx, "record.sealed", "Scores stay sealed until the round is closed. Then you see here how yours compare.")
	case err != nil:
		return err
	default:
		fillRecord(ctx, &v, b, actor(r).ID)
		if president {
			v.Relations = r.URL.Path + "/relations"
		}
	}
	return s.page(w, r, http.StatusOK, pages.JurorRecordPage(s.recordFrame(r, v.Title), v))
}

func (s *Site) recordFrame(r *http.Request, title string) components.Frame {
	f := s.jurorFrame(r, title)
	f.Back = &components.Link{URL: "/jury?show=closed", Label: locale.T(r.Context(), "nav.queue", "My queue")}
	return f
}

// ownTraits are what a juror is told of themselves.
var ownTraits = map[result.SignKind]bool{
	result.Severity: true, result.Outfit: true, result.Accord: true, result.Slope: true, result.Spread: true,
}

func fillRecord(ctx context.Context, v *pages.JurorRecord, b report.Board, who account.ID) {
	for _, j := range b.Jurors {
		if j.ID != who {
			continue
		}
		v.Scores = j.Scores
		if j.Known {
			row := severityRow(ctx, j)
			row.Name = locale.T(ctx, "record.you", "You")
			v.Severity, v.Span = &row, max(0.5, -j.Low, j.High)
		}
		for _, sign := range j.Signs {
			if ownTraits[sign.Kind] && sign.Kind != result.Severity {
				v.Lines = append(v.Lines, consistencyWords(ctx, sign))
			}
		}
	}
}

// showRelations shows the president of the panel which jurors' scores went
// together. Who opens it is on record.
func (s *Site) showRelations(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, president, err := jury.Seated(ctx, s.db, actor(r).ID, r.PathValue("round"))
	if err != nil {
		return err
	}
	if !president {
		return problem.Missing()
	}
	b, err := s.resultBoard(r, x)
	if err != nil {
		return err
	}
	if err := s.logRelations(ctx, actor(r).ID, x.EditionID, x); err != nil {
		return err
	}
	v := relations(ctx, b)
	v.Round = x.CategoryName + ": " + x.Name
	return s.page(w, r, http.StatusOK, pages.RelationsPage(s.recordFrame(r, locale.T(ctx, "relations.title", "Scores that went together")), v))
}

func (s *Site) logRelations(ctx context.Context, who account.ID, edition festival.EditionID, x jury.Round) error {
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		return audit.Record(ctx, tx, audit.Event{
			Actor: new(int64(who)), Edition: new(int64(edition)), Verb: "result.relations-read", Kind: "round", Subject: int64(x.ID),
		})
	})
}

func relations(ctx context.Context, b report.Board) pages.Relations {
	names := map[account.ID]string{}
	for _, j := range b.Jurors {
		names[j.ID] = j.Name
	}
	v := pages.Relations{Known: len(b.Result.Body.Pairs) > 0}
	for _, p := range b.Result.Body.Pairs {
		if p.Flagged {
			v.Lines = append(v.Lines, locale.N(ctx, "relations.pair", p.Entries, "{{.One}} and {{.Other}}: {{.R}} on one film, where {{.Usual}} would be usual. By chance about {{.P}}.",
				"{{.One}} and {{.Other}}: {{.R}} on {{.Count}} films, where {{.Usual}} would be usual. By chance about {{.P}}.",
				"One", names[p.One], "Other", names[p.Other], "R", signedLess(ctx, p.Correlation), "Usual", signedLess(ctx, p.Expected), "P", chanceWords(ctx, p.P)))
		}
	}
	for _, f := range b.Result.Body.Favours {
		circle := make([]string, len(f.Jurors))
		for i, id := range f.Jurors {
			circle[i] = names[id]
		}
		v.Lines = append(v.Lines, locale.T(ctx, "relations.favour", "{{.Jurors}} scored each other’s films {{.Points}} points above what one expects.",
			"Jurors", locale.List(ctx, circle), "Points", locale.Decimal(ctx, f.Mean, 2)))
	}
	return v
}

// chanceWords says how often chance alone would do it.
func chanceWords(ctx context.Context, p float64) string {
	if p < 0.001 {
		return locale.T(ctx, "relations.rare", "less than once in a thousand")
	}
	return locale.N(ctx, "relations.once-in", int(1/p+0.5), "every time", "once in {{.Count}}")
}
