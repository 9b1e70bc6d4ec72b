package thread_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/jurytest"
	"laurel/internal/mail"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
	"laurel/internal/thread"
)

// A scene is an entry with two makers, and two organizers, of whom one has a
// conflict with it.
type scene struct {
	*jurytest.Stage
	owner, friend, apart account.ID
	film                 entry.Entry
}

func newScene(t *testing.T, tx pgx.Tx) scene {
	t.Helper()
	s := scene{Stage: jurytest.New(t, tx, 0, 1)}
	s.owner, s.friend = s.Account("Noor", s.Email("noor")), s.Account("Sol", s.Email("sol"))
	s.apart = s.Account("Apart", s.Email("apart"))
	id := s.Film("Salt", s.owner)
	run(t, tx, `insert into collaborators (work_id, account_id, level) select work_id, @who, 'edit' from entries where id = @id`, pg.Args{"who": s.friend, "id": id})
	run(t, tx, `insert into memberships (account_id, festival_id, role) values (@who, @festival, 'organizer')`, pg.Args{"who": s.apart, "festival": s.Festival})
	run(t, tx, `insert into conflicts (account_id, entry_id, reason, actor_id) values (@who, @id, 'knows', @who)`, pg.Args{"who": s.apart, "id": id})
	code, err := pg.Value[string](t.Context(), tx, `select code from entries where id = @id`, pg.Args{"id": id})
	must(t, err)
	s.film, err = entry.ByCode(t.Context(), tx, code)
	must(t, err)
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, tx pgx.Tx, sql string, args pg.Args) {
	t.Helper()
	_, err := tx.Exec(t.Context(), sql, args)
	must(t, err)
}

// told is how many letters of a kind a person has.
func told(t *testing.T, tx pgx.Tx, who account.ID, kind mail.Kind) int {
	t.Helper()
	n, err := pg.Value[int](t.Context(), tx, `select count(*)::int from letters where account_id = @who and kind = @kind`, pg.Args{"who": who, "kind": string(kind)})
	must(t, err)
	return n
}

func TestQuestionAndAnswer(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := newScene(t, tx)
	must(t, thread.Write(t.Context(), tx, s.owner, s.film, thread.Makers, " May I send\r\nanother file? "))
	must(t, thread.Write(t.Context(), tx, s.friend, s.film, thread.Makers, "By Friday."))
	waiting, err := thread.Unanswered(t.Context(), tx, s.Edition, s.Organizer)
	must(t, err)
	want := []thread.Waiting{{EntryID: s.film.ID, Code: s.film.Code, Number: s.film.Number, Title: "Salt", Count: 2, Last: "By Friday."}}
	if d := cmp.Diff(want, waiting, cmpopts.IgnoreFields(thread.Waiting{}, "Since")); d != "" {
		t.Error(d)
	}
	if waiting, err = thread.Unanswered(t.Context(), tx, s.Edition, s.apart); err != nil || len(waiting) != 0 {
		t.Errorf("an organizer kept apart sees %v, %v", waiting, err)
	}
	must(t, thread.Write(t.Context(), tx, s.Organizer, s.film, thread.Festival, "Yes."))
	if waiting, err = thread.Unanswered(t.Context(), tx, s.Edition, s.Organizer); err != nil || len(waiting) != 0 {
		t.Errorf("still unanswered: %v, %v", waiting, err)
	}
	all, err := thread.Of(t.Context(), tx, s.film.ID)
	must(t, err)
	type said struct {
		Side thread.Side
		Body string
		Read bool
	}
	var got []said
	for _, m := range all {
		got = append(got, said{m.Side, m.Body, m.ReadAt != nil})
	}
	if d := cmp.Diff([]said{{thread.Makers, "May I send\nanother file?", true}, {thread.Makers, "By Friday.", true}, {thread.Festival, "Yes.", false}}, got); d != "" {
		t.Error(d)
	}
}

// Each side is told once while something waits, all of its people and nobody
// who is kept apart.
func TestWhoIsToldOfMessages(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := newScene(t, tx)
	counts := func() [5]int {
		stranger := s.Account("Stranger", s.Email("stranger"+account.Code()))
		var n [5]int
		for i, who := range []account.ID{s.owner, s.friend, s.Organizer, s.apart, stranger} {
			n[i] = told(t, tx, who, mail.MessageWaits)
		}
		return n
	}
	for _, step := range []struct {
		by   account.ID
		side thread.Side
		want [5]int
	}{
		{s.owner, thread.Makers, [5]int{0, 0, 1, 0, 0}},
		{s.friend, thread.Makers, [5]int{0, 0, 1, 0, 0}},
		{s.Organizer, thread.Festival, [5]int{1, 1, 1, 0, 0}},
		{s.Organizer, thread.Festival, [5]int{1, 1, 1, 0, 0}},
		{s.owner, thread.Makers, [5]int{1, 1, 2, 0, 0}},
	} {
		must(t, thread.Write(t.Context(), tx, step.by, s.film, step.side, "Word"))
		if got := counts(); got != step.want {
			t.Fatalf("after %d: told %v, want %v", step.by, got, step.want)
		}
	}
	body, err := pg.Value[string](t.Context(), tx, `select string_agg(args::text, ' ') from letters where kind = 'message-waits'`, pg.Args{})
	body = strings.ReplaceAll(body, s.film.Code, "")
	if err != nil || strings.Contains(body, "Salt") || strings.Contains(body, "Noor") || strings.Contains(body, "Word") {
		t.Errorf("a letter says %s, %v", body, err)
	}
}

func TestWhatIsCalledRead(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := newScene(t, tx)
	must(t, thread.Write(t.Context(), tx, s.Organizer, s.film, thread.Festival, "Hello"))
	unread := func(side thread.Side) int {
		by, err := thread.Unread(t.Context(), tx, side, []entry.ID{s.film.ID, s.Films[0]})
		must(t, err)
		return by[s.film.ID] + 100*by[s.Films[0]]
	}
	if unread(thread.Makers) != 1 || unread(thread.Festival) != 0 {
		t.Errorf("%d and %d", unread(thread.Makers), unread(thread.Festival))
	}
	must(t, thread.Read(t.Context(), tx, s.film.ID, thread.Festival))
	if unread(thread.Makers) != 1 {
		t.Error("who wrote it called it read")
	}
	must(t, thread.Read(t.Context(), tx, s.film.ID, thread.Makers))
	if unread(thread.Makers) != 0 {
		t.Error("still unread")
	}
}

func TestTasks(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := newScene(t, tx)
	today, err := pg.Value[time.Time](t.Context(), tx, `select (clock_timestamp() at time zone 'Asia/Tehran')::date`, pg.Args{})
	must(t, err)
	must(t, thread.Ask(t.Context(), tx, s.Organizer, s.film, " Subtitles ", today.AddDate(0, 0, 9)))
	must(t, thread.Ask(t.Context(), tx, s.Organizer, s.film, "A still", today))
	list := func() []thread.Task {
		by, err := thread.TasksOf(t.Context(), tx, []entry.ID{s.film.ID, s.Films[0]})
		must(t, err)
		return by[s.film.ID]
	}
	tasks := list()
	if len(tasks) != 2 || tasks[0].Body != "A still" || tasks[1].Body != "Subtitles" || tasks[0].Late || !tasks[1].Open() {
		t.Fatalf("got %+v", tasks)
	}
	if n := told(t, tx, s.owner, mail.TaskSet) + told(t, tx, s.friend, mail.TaskSet); n != 4 {
		t.Errorf("%d letters, want 2 to each maker", n)
	}
	run(t, tx, `update tasks set due_on = due_on - 1 where body = 'A still'`, nil)
	if !list()[0].Late {
		t.Error("yesterday is not late")
	}
	must(t, thread.Done(t.Context(), tx, s.owner, s.film, tasks[0].Code, true))
	if got := list()[0]; got.Late || got.Open() {
		t.Errorf("done: %+v", got)
	}
	must(t, thread.Done(t.Context(), tx, s.owner, s.film, tasks[0].Code, false))
	must(t, thread.Confirm(t.Context(), tx, s.Organizer, s.film, tasks[0].Code))
	if got := list()[0]; got.Open() || got.ConfirmedAt == nil {
		t.Errorf("confirmed: %+v", got)
	}
	must(t, thread.Drop(t.Context(), tx, s.Organizer, s.film, tasks[1].Code))
	if got := list(); len(got) != 1 {
		t.Errorf("dropped: %+v", got)
	}
}

func TestTasksThatAreRefused(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := newScene(t, tx)
	yesterday := time.Now().AddDate(0, 0, -2)
	if p := problem.Of(thread.Ask(t.Context(), tx, s.Organizer, s.film, "Too late", yesterday)); p == nil || p.Fields["due"].Key != "task.due-past" {
		t.Errorf("got %v", p)
	}
	must(t, thread.Ask(t.Context(), tx, s.Organizer, s.film, "Subtitles", time.Now().AddDate(0, 0, 9)))
	by, err := thread.TasksOf(t.Context(), tx, []entry.ID{s.film.ID})
	must(t, err)
	task := by[s.film.ID][0].Code
	other := s.film
	other.ID = s.Films[0]
	must(t, thread.Confirm(t.Context(), tx, s.Organizer, s.film, task))
	for name, err := range map[string]error{
		"done of another entry":      thread.Done(t.Context(), tx, s.owner, other, task, true),
		"done after it is confirmed": thread.Done(t.Context(), tx, s.owner, s.film, task, true),
		"dropped of another entry":   thread.Drop(t.Context(), tx, s.Organizer, other, task),
	} {
		if !errors.Is(err, pgx.ErrNoRows) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for name, body := range map[string]string{"empty": " \n ", "long": strings.Repeat("é", 501)} {
		err := pgx.BeginFunc(t.Context(), tx, func(tx pgx.Tx) error {
			return thread.Ask(t.Context(), tx, s.Organizer, s.film, body, time.Now().AddDate(0, 0, 9))
		})
		if p := problem.Of(err); p == nil || p.Fields["body"].Key == "" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for name, body := range map[string]string{"empty": "\t", "long": strings.Repeat("é", 4001)} {
		err := pgx.BeginFunc(t.Context(), tx, func(tx pgx.Tx) error {
			return thread.Write(t.Context(), tx, s.owner, s.film, thread.Makers, body)
		})
		if p := problem.Of(err); p == nil || p.Fields["body"].Key == "" {
			t.Errorf("%s message: got %v", name, err)
		}
	}
}

// TestNothingIsWrittenOfWhatWasErasedMeanwhile: the entry was found before it
// was erased, and the text arrives after.
func TestNothingIsWrittenOfWhatWasErasedMeanwhile(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := newScene(t, tx)
	run(t, tx, `update entries set state = 'erased' where id = @id`, pg.Args{"id": s.film.ID})
	for what, err := range map[string]error{
		"makers":   thread.Write(t.Context(), tx, s.owner, s.film, thread.Makers, "Canary"),
		"festival": thread.Write(t.Context(), tx, s.apart, s.film, thread.Festival, "Canary"),
		"task":     thread.Ask(t.Context(), tx, s.apart, s.film, "Canary", time.Now().AddDate(0, 0, 9)),
	} {
		if problem.Of(err).Kind != problem.NotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
}
