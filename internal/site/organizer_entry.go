package site

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/internal/media"
	"laurel/internal/problem"
	"laurel/internal/report"
	"laurel/web/components"
	"laurel/web/pages"
)

// lastPage is the highest page that is looked for.
const lastPage = 1_000_000

func searchOf(r *http.Request) report.Search {
	q := r.URL.Query()
	page, _ := strconv.Atoi(q.Get("page"))
	category, _ := strconv.ParseInt(q.Get("category"), 10, 64)
	return report.Search{
		Words: q.Get("q"), State: q.Get("state"), Category: festival.CategoryID(category), Country: q.Get("country"), Fee: q.Get("fee"),
		Sort: q.Get("sort"), Down: q.Get("down") != "", Page: min(max(page, 1), lastPage),
	}
}

func (s *Site) listEntries(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	search := searchOf(r)
	list, err := report.Entries(ctx, s.db, e.ID, actor(r).ID, search)
	if err != nil {
		return err
	}
	v, err := s.entryFilters(r, e, search)
	if err != nil {
		return err
	}
	for _, row := range list {
		v.Entries = append(v.Entries, entryRow(ctx, e, row))
	}
	v.Pager = entryPager(r, search.Page, len(list), total(list))
	f := s.organizerFrame(r, e, locale.T(ctx, "rail.entries", "Entries"), "entries")
	f.Query = search.Words
	return s.page(w, r, http.StatusOK, pages.EntryListPage(f, v))
}

func total(list []report.Entry) int {
	if len(list) == 0 {
		return 0
	}
	return list[0].Total
}

func entryRow(ctx context.Context, e festival.Edition, row report.Entry) pages.EntryRow {
	kind, state := checkTag(ctx, entry.State(row.State))
	film := entry.Film{Title: row.Title, TitleOriginal: row.TitleOriginal}
	v := pages.EntryRow{
		URL: e.Desk() + "/entries/" + row.Code, Label: entry.Label(e.Prefix, row.Number), Title: row.Title,
		OtherTitle: film.OtherTitle(), Language: row.LanguageOriginal, Directors: locale.List(ctx, row.Directors),
		Countries: locale.CountryNames(ctx, row.Countries), Category: row.Category, StateKind: kind, State: state,
		Given: row.Given, Done: row.Done,
	}
	v.FeeKind, v.Fee = feeTag(ctx, row.Fee)
	if row.Runtime > 0 {
		v.Minutes = locale.Number(ctx, (row.Runtime+30)/60)
	}
	if row.Still != "" {
		v.Still = "/files/" + row.Still + "/w480"
	}
	return v
}

// checkTag is the shape and the word of an entry's state.
func checkTag(ctx context.Context, st entry.State) (kind, word string) {
	switch st {
	case entry.Accepted:
		kind = "on"
	case entry.Ineligible:
		kind = "bad"
	case entry.Submitted:
		kind = "warn"
	}
	return kind, entry.StateName(ctx, st)
}

// entryFilters fills the choices above the list.
func (s *Site) entryFilters(r *http.Request, e festival.Edition, search report.Search) (pages.EntryList, error) {
	ctx := r.Context()
	v := pages.EntryList{URL: e.Desk() + "/entries", Import: e.Desk() + "/import", Query: search.Words, Sort: search.Sort, Down: search.Down, State: search.State, Fee: search.Fee}
	v.CSV = e.Desk() + "/entries.csv?" + r.URL.RawQuery
	categories, err := festival.Categories(ctx, s.db, e.ID)
	if err != nil {
		return v, err
	}
	any := locale.T(ctx, "filter.any", "Any")
	v.Categories = []components.Option{{Label: any}}
	for _, c := range categories {
		v.Categories = append(v.Categories, components.Option{Value: strconv.FormatInt(int64(c.ID), 10), Label: c.Name})
	}
	if search.Category != 0 {
		v.Category = strconv.FormatInt(int64(search.Category), 10)
	}
	countries, err := report.EntryCountries(ctx, s.db, e.ID)
	if err != nil {
		return v, err
	}
	v.Country, v.Countries = search.Country, []components.Option{{Label: any}}
	for _, code := range countries {
		v.Countries = append(v.Countries, components.Option{Value: code, Label: locale.Country(ctx, code)})
	}
	counts, err := report.EntryCounts(ctx, s.db, e.ID)
	if err != nil {
		return v, err
	}
	v.Tabs, v.Sorts = stateTabs(r, counts), sortLinks(r, search)
	return v, nil
}

// stateTabs are the saved views above the list.
func stateTabs(r *http.Request, counts map[string]int) []components.Link {
	ctx := r.Context()
	all := 0
	var tabs []components.Link
	for _, st := range []entry.State{entry.Submitted, entry.Accepted, entry.Ineligible, entry.Withdrawn} {
		n := counts[string(st)]
		all += n
		_, word := checkTag(ctx, st)
		tabs = append(tabs, components.Link{
			URL: with(r, "state", string(st)), Label: word, Count: locale.Number(ctx, n), Current: r.URL.Query().Get("state") == string(st),
		})
	}
	first := components.Link{URL: with(r, "state", ""), Label: locale.T(ctx, "filter.all", "All"), Count: locale.Number(ctx, all), Current: r.URL.Query().Get("state") == ""}
	return append([]components.Link{first}, tabs...)
}

// with is this page's address with one filter changed, from its first page.
func with(r *http.Request, name, value string) string {
	q := r.URL.Query()
	q.Del("page")
	q.Del(name)
	if value != "" {
		q.Set(name, value)
	}
	if len(q) == 0 {
		return r.URL.Path
	}
	return r.URL.Path + "?" + q.Encode()
}

// sortLinks lead from each head of a column to the list in its order.
func sortLinks(r *http.Request, search report.Search) map[string]string {
	links := map[string]string{}
	for name := range report.Sorts {
		q := url.Values{}
		for k, v := range r.URL.Query() {
			if k != "page" && k != "sort" && k != "down" {
				q[k] = v
			}
		}
		q.Set("sort", name)
		if (search.Sort == name || search.Sort == "" && name == "title") && !search.Down {
			q.Set("down", "1")
		}
		links[name] = r.URL.Path + "?" + q.Encode()
	}
	return links
}

func entryPager(r *http.Request, page, shown, all int) components.PagerView {
	v := components.PagerView{From: (page-1)*report.PerPage + 1, To: (page-1)*report.PerPage + shown, Total: all}
	if shown == 0 {
		v.From, v.To = 0, 0
	}
	if page > 1 {
		v.Previous = turn(r, page-1)
	}
	if v.To < all && shown > 0 {
		v.Next = turn(r, page+1)
	}
	return v
}

func turn(r *http.Request, page int) string {
	q := r.URL.Query()
	q.Set("page", strconv.Itoa(page))
	return r.URL.Path + "?" + q.Encode()
}

// organizersEntry finds an entry of the edition that its organizer may read:
// not a draft, and not one that they have a conflict with.
func (s *Site) organizersEntry(r *http.Request, e festival.Edition) (entry.Entry, error) {
	x, err := entry.ByCode(r.Context(), s.db, r.PathValue("entry"))
	if err != nil {
		return entry.Entry{}, err
	}
	apart, err := jury.KeptApart(r.Context(), s.db, actor(r).ID, x.ID)
	if err != nil {
		return entry.Entry{}, err
	}
	if x.EditionID != e.ID || x.State == entry.Draft || x.Film == nil || apart {
		return entry.Entry{}, problem.Missing()
	}
	return x, nil
}

func (s *Site) showSentEntry(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	x, err := s.organizersEntry(r, e)
	if err != nil {
		return err
	}
	if err := entry.Opened(r.Context(), s.db, x.ID); err != nil {
		return err
	}
	return s.sentEntryPage(w, r, http.StatusOK, e, x, func(*pages.OrganizerEntry) {})
}

// sentEntryPage shows an entry, with what change adds of a form that came back.
func (s *Site) sentEntryPage(w http.ResponseWriter, r *http.Request, status int, e festival.Edition, x entry.Entry, change func(*pages.OrganizerEntry)) error {
	v, err := s.entryView(r, e, x)
	if err != nil {
		return err
	}
	if v.Fee, err = s.entryFee(r, e, x); err != nil {
		return err
	}
	if v.Thread, err = s.threadNote(r.Context(), e, x); err != nil {
		return err
	}
	if err := s.entryPlayer(r, x, &v); err != nil {
		return err
	}
	if err := s.entryFaults(r, e, x, &v); err != nil {
		return err
	}
	if err := s.entryOriginals(r.Context(), e, x, &v); err != nil {
		return err
	}
	change(&v)
	f := s.organizerFrame(r, e, v.Title, "entries")
	f.Bad = v.Errors.Any() || v.Fault.Errors.Any()
	return s.page(w, r, status, pages.OrganizerEntryPage(withPlayer(w, f), v))
}

func (s *Site) entryView(r *http.Request, e festival.Edition, x entry.Entry) (pages.OrganizerEntry, error) {
	ctx := r.Context()
	category, err := festival.CategoryOf(ctx, s.db, x.CategoryID)
	if err != nil {
		return pages.OrganizerEntry{}, err
	}
	files, err := entry.FilesSent(ctx, s.db, []entry.ID{x.ID})
	if err != nil {
		return pages.OrganizerEntry{}, err
	}
	promised, err := entry.Promises(ctx, s.db, []entry.ID{x.ID})
	if err != nil {
		return pages.OrganizerEntry{}, err
	}
	consents, err := entry.Consents(ctx, s.db, []entry.ID{x.ID})
	if err != nil {
		return pages.OrganizerEntry{}, err
	}
	sent, err := entry.ParticularsOf(ctx, s.db, x.ID)
	if err != nil {
		return pages.OrganizerEntry{}, err
	}
	moments, err := entry.Timeline(ctx, s.db, x.ID)
	if err != nil {
		return pages.OrganizerEntry{}, err
	}
	kind, state := checkTag(ctx, x.State)
	v := pages.OrganizerEntry{
		Action: e.Desk() + "/entries/" + x.Code + "/state", Back: e.Desk() + "/entries", Label: x.Label(), Title: x.Film.MainTitle(),
		Film: *x.Film, StateKind: kind, State: state, Category: category.Name, Consents: agreedWords(ctx, consents[x.ID]),
		Answers: sent.Answers, Moves: moves(ctx, x.State), Moments: momentWords(ctx, e, x, moments),
	}
	if v.Contact, err = s.reach(ctx, x, sent.Contact); err != nil {
		return v, err
	}
	asked, err := entry.QuestionnairesOf(ctx, s.db, []entry.Entry{x})
	if err != nil {
		return v, err
	}
	v.Replies = replyWords(ctx, asked[x.ID].Answered())
	for _, f := range append(entry.Check(ctx, *x.Film, entry.WithPromise(files[x.ID], promised[x.ID]), category), asked[x.ID].Missing(ctx, s.now())...) {
		v.Findings = append(v.Findings, f.Sentence)
	}
	if p, ok := promised[x.ID]; ok && p.KeptAt == nil {
		v.Findings = append(v.Findings, promiseWords(ctx, e, p))
	}
	for _, f := range entry.Notices(ctx, *x.Film, files[x.ID]) {
		v.Findings = append(v.Findings, f.Sentence)
	}
	_, v.Premiere = entry.PremiereIn(ctx, *x.Film, e.Country)
	for _, file := range files[x.ID] {
		if file.Role == entry.SubtitlesFile {
			continue // they are in the player
		}
		v.Files = append(v.Files, entryFile(ctx, file))
	}
	return v, nil
}

// reach is how to reach the makers of an entry: its owner, or who was named when
// it was brought in.
func (s *Site) reach(ctx context.Context, x entry.Entry, named entry.Contact) (entry.Contact, error) {
	if x.OwnerID == nil {
		return named, nil
	}
	owner, err := account.ByID(ctx, s.db, *x.OwnerID)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return named, err
	}
	return entry.Contact{Name: owner.Name, Email: owner.Email}, nil
}

func momentWords(ctx context.Context, e festival.Edition, x entry.Entry, moments []entry.Moment) []pages.Moment {
	list := make([]pages.Moment, len(moments))
	for i, m := range moments {
		_, word := checkTag(ctx, m.State)
		list[i] = pages.Moment{Word: word, When: locale.DateTime(ctx, m.At, e.Location(), ""), Reason: m.Reason}
		if m.State == entry.Submitted && x.ToldAt != nil {
			list[i].Reason = toldWords(ctx, e, *x.ToldAt)
		}
	}
	return list
}

// promiseWords says that a film is not here, and until when it may come.
func promiseWords(ctx context.Context, e festival.Edition, p entry.Promise) string {
	when := locale.DateTime(ctx, p.Until, e.Location(), e.City)
	if p.Over {
		return locale.T(ctx, "organizer-entry.promise-over", "The film was announced with {{.Size}} and did not arrive by {{.When}}", "Size", locale.Size(ctx, p.Size), "When", when)
	}
	return locale.T(ctx, "organizer-entry.promise", "The film is on its way: {{.Size}}, announced before the deadline. It may arrive until {{.When}}", "Size", locale.Size(ctx, p.Size), "When", when)
}

func entryFile(ctx context.Context, f entry.File) pages.EntryFile {
	v := pages.EntryFile{Code: f.Code, Screener: f.Role == entry.ScreenerFile, Ready: f.State == media.Ready}
	base := "/files/" + f.Code + "/"
	if v.Screener {
		v.URL, v.Poster = base+"video", base+"poster"
	} else {
		v.URL = base + "w960"
	}
	if f.State == media.Refused {
		v.Refusal = locale.Say(ctx, media.Why(f.Refusal))
	}
	return v
}

func agreedWords(ctx context.Context, items []entry.Item) []string {
	list := make([]string, len(items))
	for i, item := range items {
		list[i] = entry.ItemName(ctx, item)
	}
	return list
}

// moves are the states that an organizer can give an entry from where it is.
func moves(ctx context.Context, from entry.State) []components.Option {
	var list []components.Option
	if from != entry.Accepted && from != entry.Withdrawn {
		list = append(list, components.Option{Value: string(entry.Accepted), Label: locale.T(ctx, "move.eligible", "Eligible"), Hint: locale.T(ctx, "move.eligible-hint", "The film can be given to jurors.")})
	}
	if from != entry.Ineligible && from != entry.Withdrawn {
		list = append(list, components.Option{Value: string(entry.Ineligible), Label: locale.T(ctx, "move.ineligible", "Not eligible"), Hint: locale.T(ctx, "move.ineligible-hint", "The filmmakers read your reason on their page.")})
	}
	return list
}

func (s *Site) moveEntry(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	x, err := s.organizersEntry(r, e)
	if err != nil {
		return err
	}
	next, reason := entry.State(r.PostForm.Get("state")), text(r, "reason")
	err = problem.Field("state", "entry.state-missing", "Choose what the entry becomes.")
	if next == entry.Accepted || next == entry.Ineligible {
		err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			s.flash(w, "entry.moved", "The entry has a new status.")
			return e.Desk() + "/entries/" + x.Code, entry.Move(ctx, tx, x.ID, next, reason, actor(r).ID)
		})
	}
	if errs, status, ok := s.refused(r, err); ok {
		return s.sentEntryPage(w, r, status, e, x, func(v *pages.OrganizerEntry) { v.Errors, v.Reason = errs, reason })
	}
	return err
}
