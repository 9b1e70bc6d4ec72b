package site

import (
	"context"
	"net/http"
	"slices"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/internal/score"
	"laurel/internal/thread"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) faultRoutes() []route {
	const one = "/organize/{festival}/{edition}/entries/{entry}"
	return []route{
		{"POST", "/jury/{assignment}/fault", juror, s.reportAsJuror},
		{"POST", one + "/fault", organizer, s.reportAsOrganizer},
		{"POST", one + "/faults/{fault}/end", organizer, s.endFault},
	}
}

// faultName is what is wrong, in a few words that stand after "reports".
func faultName(ctx context.Context, r thread.FaultReason) string {
	switch r {
	case thread.NoPicture:
		return locale.T(ctx, "fault.picture", "No picture")
	case thread.NoSound:
		return locale.T(ctx, "fault.sound", "No sound")
	case thread.Stops:
		return locale.T(ctx, "fault.stops", "It stops")
	case thread.NoSubtitles:
		return locale.T(ctx, "fault.subtitles", "Subtitles are missing")
	case thread.OtherFault:
		return locale.T(ctx, "fault.other", "Something else")
	}
	return string(r)
}

// faultForm is the form below a film, with what is reported already.
func faultForm(ctx context.Context, action string, known []thread.Fault) pages.FaultForm {
	v := pages.FaultForm{Action: action}
	for _, reason := range thread.FaultReasons {
		v.Reasons = append(v.Reasons, components.Option{Value: string(reason), Label: faultName(ctx, reason)})
	}
	for _, f := range known {
		v.Known = append(v.Known, faultName(ctx, f.Reason))
	}
	return v
}

// faultLines are the reports about entries as makers and organizers read them;
// end makes the address at which one is called done.
func faultLines(ctx context.Context, faults []thread.Fault, zone string, end func(thread.Fault) string) []pages.FaultLine {
	lines := make([]pages.FaultLine, len(faults))
	for i, f := range faults {
		what := locale.T(ctx, "fault.by-juror", "A juror reports: {{.What}}", "What", faultName(ctx, f.Reason))
		if f.Side == thread.FromFestival {
			what = locale.T(ctx, "fault.by-festival", "The festival reports: {{.What}}", "What", faultName(ctx, f.Reason))
		}
		lines[i] = pages.FaultLine{What: what, Words: f.Words, When: stamp(ctx, f.At, zone), Close: end(f)}
	}
	return lines
}

// makersFaults are the reports about a work's film, or about an entry of it, as
// its makers read them.
func (s *Site) makersFaults(r *http.Request, work entry.WorkID, id entry.ID) ([]pages.FaultLine, error) {
	all, err := thread.FaultsOfWork(r.Context(), s.db, work)
	mine := slices.DeleteFunc(all, func(f thread.Fault) bool { return id != 0 && f.EntryID != id })
	return faultLines(r.Context(), mine, actor(r).Zone, func(thread.Fault) string { return "" }), err
}

// readFault reads the form.
func readFault(r *http.Request, side thread.FaultSide) (thread.Fault, error) {
	f := thread.Fault{Reason: thread.FaultReason(r.PostForm.Get("fault-reason")), Words: text(r, "fault-words"), Side: side}
	if !slices.Contains(thread.FaultReasons, f.Reason) {
		return f, problem.Field("fault-reason", "fault.reason-missing", "Choose what is wrong.")
	}
	return f, nil
}

// report writes down that a film does not play, and comes back to its page.
func (s *Site) report(w http.ResponseWriter, r *http.Request, x entry.Entry, side thread.FaultSide, back string) error {
	f, err := readFault(r, side)
	if err != nil {
		return err
	}
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "fault.reported", "Reported. The makers and the festival are told, without your name.")
		return back, thread.Report(ctx, tx, actor(r).ID, x, f)
	})
}

func (s *Site) reportAsJuror(w http.ResponseWriter, r *http.Request) error {
	ctx, code := r.Context(), r.PathValue("assignment")
	watch, err := score.Open(ctx, s.db, actor(r).ID, code)
	if err != nil {
		return err
	}
	x, err := entry.ByID(ctx, s.db, watch.EntryID)
	if err != nil {
		return err
	}
	err = s.report(w, r, x, thread.FromJuror, "/jury/"+code)
	errs, status, ok := s.refused(r, err)
	if !ok {
		return err
	}
	v, err := s.scoreView(r, watch, sheetOf(watch.Score))
	if err != nil {
		return err
	}
	fill(&v.Player.Fault, r, errs)
	return s.scorePage(w, r, status, watch, v)
}

// fill puts back what was typed.
func fill(v *pages.FaultForm, r *http.Request, errs components.Errors) {
	v.Reason, v.Words, v.Errors = r.PostForm.Get("fault-reason"), text(r, "fault-words"), errs
}

func (s *Site) reportAsOrganizer(w http.ResponseWriter, r *http.Request) error {
	e, x, err := s.atEntry(r)
	if err != nil {
		return err
	}
	err = s.report(w, r, x, thread.FromFestival, e.Desk()+"/entries/"+x.Code)
	errs, status, ok := s.refused(r, err)
	if !ok {
		return err
	}
	return s.sentEntryPage(w, r, status, e, x, func(v *pages.OrganizerEntry) { fill(&v.Fault, r, errs) })
}

func (s *Site) endFault(w http.ResponseWriter, r *http.Request) error {
	e, x, err := s.atEntry(r)
	if err != nil {
		return err
	}
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "fault.closed", "The report is closed.")
		return e.Desk() + "/entries/" + x.Code, thread.Mended(ctx, tx, actor(r).ID, x, r.PathValue("fault"))
	})
}

// entryFaults adds to the page of an entry what does not play.
func (s *Site) entryFaults(r *http.Request, e festival.Edition, x entry.Entry, v *pages.OrganizerEntry) error {
	base := e.Desk() + "/entries/" + x.Code
	by, err := thread.Faults(r.Context(), s.db, []entry.ID{x.ID})
	if err != nil {
		return err
	}
	v.Faults = faultLines(r.Context(), by[x.ID], actor(r).Zone, func(f thread.Fault) string { return base + "/faults/" + f.Code + "/end" })
	if v.Player.Playable() || v.Film.ScreenerLink != "" {
		v.Fault = faultForm(r.Context(), base+"/fault", nil)
	}
	return nil
}
