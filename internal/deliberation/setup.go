package deliberation

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/pg"
	"laurel/internal/problem"
	"laurel/internal/tally/ballot"
)

// MaxFilms is how many finalists a ballot takes at most: a list that a juror
// can still put in order.
const MaxFilms = 40

// A Plan is what an organizer decides when a final ballot is set up.
type Plan struct {
	Name     string // empty with an award: the award's
	Award    string // code of a prize of the edition; empty: none
	Panel    jury.PanelID
	Films    []string // codes of entries, in the order in which they are shown
	Blind    bool
	Publish  bool
	Method   ballot.Method
	Strength ballot.Strength
	Quorum   int
	Unit     Unit
	Again    bool
	TieRule  TieRule
	OpensAt  time.Time
	ClosesAt time.Time
	Scores   map[string]float64 // calibrated scores by the entries' codes, where TieRule asks for them
}

func (p Plan) check() error {
	p.Films = slices.Compact(slices.Sorted(slices.Values(p.Films)))
	switch {
	case len(p.Films) < 2:
		return problem.Field("film", "ballot.two-films", "Choose at least two films.")
	case len(p.Films) > MaxFilms:
		return problem.Field("film", "ballot.too-many-films", "Choose at most {{.Count}} films: a longer list is hard to put in order.", "Count", MaxFilms)
	case p.Unit == Percent && (p.Quorum < 1 || p.Quorum > 100), p.Quorum < 1:
		return problem.Field("quorum", "ballot.quorum", "Write a quorum of at least 1, and of at most 100 per cent.")
	}
	if p.TieRule != Calibrated {
		return nil
	}
	for _, code := range p.Films {
		if _, ok := p.Scores[code]; !ok {
			return problem.Field("tie_rule", "ballot.no-score", "Not every finalist has a calibrated score. Choose another rule for a tie.")
		}
	}
	return nil
}

func (p Plan) args(edition festival.EditionID, by account.ID) pg.Args {
	return pg.Args{
		"edition": edition, "panel": p.Panel, "award": p.Award, "name": strings.TrimSpace(p.Name), "blind": p.Blind, "publish": p.Publish,
		"method": p.Method, "strength": p.Strength, "quorum": p.Quorum, "unit": p.Unit, "again": p.Again, "tie": p.TieRule,
		"opens": p.OpensAt, "closes": p.ClosesAt, "by": by,
	}
}

// Create sets up a final ballot and draws its seed. A panel or a prize of
// another edition is Missing, as is a film that is not under consideration there
// or that the organizer must not judge. It returns the ballot's code.
func Create(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, p Plan) (string, error) {
	if err := p.check(); err != nil {
		return "", err
	}
	args := p.args(edition, by)
	args["code"] = account.Code()
	args["seed"], args["commitment"] = newSeed()
	id, err := pg.Value[ID](ctx, tx, `
		insert into deliberations (code, edition_id, panel_id, award_id, name, blind, publish, method, strength,
		                           quorum, quorum_unit, again, tie_rule, seed, commitment, opens_at, closes_at)
		select @code, p.edition_id, p.id, a.id, coalesce(nullif(@name, ''), a.name, ''), @blind, @publish, @method, @strength,
		       @quorum, @unit, @again, @tie, @seed, @commitment, @opens, @closes
		from panels p
		left join awards a on a.edition_id = p.edition_id and a.code = @award
		  and (a.entry_id is null or not exists (select from kept_apart k where k.account_id = @by and k.entry_id = a.entry_id))
		where p.edition_id = @edition and p.id = @panel and (@award = '' or a.id is not null)
		returning id`, args)
	if err != nil {
		return "", fmt.Errorf("create final ballot: %w", err)
	}
	if err := writeFilms(ctx, tx, by, edition, id, p); err != nil {
		return "", err
	}
	return args["code"].(string), record(ctx, tx, &by, Deliberation{ID: id, EditionID: edition}, "ballot.create")
}

// newSeed draws a seed and its SHA-256, both hexadecimal.
func newSeed() (seed, commitment string) {
	var b [32]byte
	rand.Read(b[:])
	seed = hex.EncodeToString(b[:])
	return seed, digest(seed)
}

// digest is the SHA-256 of a text, hexadecimal.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// writeFilms puts the plan's films in the place of those before.
func writeFilms(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, id ID, p Plan) error {
	_, err := tx.Exec(ctx, `
		delete from finalists
		where deliberation_id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("clear finalists: %w", err)
	}
	var codes []string
	for _, code := range p.Films {
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	scores := make([]*float64, len(codes))
	for i, code := range codes {
		if s, ok := p.Scores[code]; ok && p.TieRule == Calibrated {
			scores[i] = &s
		}
	}
	written, err := tx.Exec(ctx, `
		insert into finalists (deliberation_id, entry_id, position, calibrated)
		select @id, e.id, x.n, x.score
		from unnest(@codes::text[], @scores::double precision[]) with ordinality as x (code, score, n)
		join present_entries e on e.code = x.code and e.edition_id = @edition and e.state in ('submitted', 'eligible')
		where not exists (select from kept_apart k where k.account_id = @by and k.entry_id = e.id)`,
		pg.Args{"id": id, "codes": codes, "scores": scores, "edition": edition, "by": by})
	if err != nil {
		return fmt.Errorf("save finalists: %w", err)
	}
	if written.RowsAffected() != int64(len(codes)) {
		return problem.Missing()
	}
	return nil
}

// inSetup locks a final ballot and refuses one to which the jury was called.
func inSetup(ctx context.Context, tx pgx.Tx, id ID) error {
	is, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if is.Phase != Setup {
		return problem.New(problem.Denied, "ballot.fixed", "The jury has been called: the films and the rules of this ballot stay as they are.")
	}
	return nil
}

// Save changes a final ballot to which the jury has not been called; see Create.
// A second ballot changes its name and dates only: its rules were fixed before
// the first, whose ballots are known by now.
func Save(ctx context.Context, tx pgx.Tx, by account.ID, d Deliberation, p Plan) error {
	if err := inSetup(ctx, tx, d.ID); err != nil {
		return err
	}
	if d.Second {
		return reschedule(ctx, tx, by, d, p)
	}
	if err := p.check(); err != nil {
		return err
	}
	args := p.args(d.EditionID, by)
	args["id"] = d.ID
	_, err := pg.Value[ID](ctx, tx, `
		update deliberations d
		set panel_id = p.id, award_id = a.id, name = coalesce(nullif(@name, ''), a.name, ''), blind = @blind, publish = @publish,
		    method = @method, strength = @strength, quorum = @quorum, quorum_unit = @unit, again = @again, tie_rule = @tie,
		    opens_at = @opens, closes_at = @closes
		from panels p
		left join awards a on a.edition_id = p.edition_id and a.code = @award
		  and (a.entry_id is null or not exists (select from kept_apart k where k.account_id = @by and k.entry_id = a.entry_id))
		where d.id = @id and p.edition_id = @edition and p.id = @panel and (@award = '' or a.id is not null)
		returning d.id`, args)
	if err != nil {
		return fmt.Errorf("save final ballot: %w", err)
	}
	if d.ParentCode == "" { // one that repeats another keeps its films
		if err := writeFilms(ctx, tx, by, d.EditionID, d.ID, p); err != nil {
			return err
		}
	}
	return record(ctx, tx, &by, d, "ballot.save")
}

func reschedule(ctx context.Context, tx pgx.Tx, by account.ID, d Deliberation, p Plan) error {
	_, err := tx.Exec(ctx, `
		update deliberations
		set name = coalesce(nullif(@name, ''), @award::text, ''), opens_at = @opens, closes_at = @closes
		where id = @id`,
		pg.Args{"id": d.ID, "name": strings.TrimSpace(p.Name), "award": d.AwardName, "opens": p.OpensAt, "closes": p.ClosesAt})
	if err != nil {
		return fmt.Errorf("save second ballot: %w", err)
	}
	return record(ctx, tx, &by, d, "ballot.save")
}

// Remove deletes a final ballot to which the jury has not been called.
func Remove(ctx context.Context, tx pgx.Tx, by account.ID, d Deliberation) error {
	if err := inSetup(ctx, tx, d.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		delete from deliberations
		where id = @id`,
		pg.Args{"id": d.ID})
	if err != nil {
		return fmt.Errorf("remove final ballot: %w", err)
	}
	return record(ctx, tx, &by, d, "ballot.remove")
}

// rules are what is fixed, and hashed, when the jury is called.
type rules struct {
	Name       string          `json:"name"`
	Finalists  []string        `json:"finalists"`
	Method     ballot.Method   `json:"method"`
	Strength   ballot.Strength `json:"strength"`
	Unranked   string          `json:"unranked"`
	Recused    string          `json:"recused"`
	Voters     int             `json:"voters"` // who may vote when the jury is called
	Quorum     int             `json:"quorum"`
	Unit       Unit            `json:"quorum_unit"`
	Ties       []string        `json:"ties"`
	Commitment string          `json:"seed_sha256"`
	OpensAt    time.Time       `json:"opens_at"`
	ClosesAt   time.Time       `json:"closes_at"`
}

// RulesOf is the rules of a ballot on such films as a JSON document: what Call
// fixes.
func RulesOf(d Deliberation, films []Finalist) (string, error) {
	r := rules{
		Name: d.Name, Method: d.Method, Strength: d.Strength, Unranked: "tied last", Recused: "left out of every pair", Voters: d.Voters,
		Quorum: d.Quorum, Unit: d.Unit, Ties: []string{"borda"}, Commitment: d.Commitment, OpensAt: d.OpensAt.UTC(), ClosesAt: d.ClosesAt.UTC(),
	}
	for _, f := range films {
		r.Finalists = append(r.Finalists, f.Key())
	}
	if d.Second || d.Again {
		r.Ties = append(r.Ties, "second ballot")
	}
	if d.TieRule != Lot {
		r.Ties = append(r.Ties, string(d.TieRule))
	}
	if d.TieRule != ExAequo {
		r.Ties = append(r.Ties, "lot")
	}
	text, err := json.Marshal(r)
	if err != nil {
		return "", fmt.Errorf("write rules: %w", err)
	}
	return string(text), nil
}

// RulesHash is the SHA-256 of the rules, hexadecimal; empty before the call.
func (d Deliberation) RulesHash() string {
	if d.Rules == "" {
		return ""
	}
	return digest(d.Rules)
}

// Call fixes the films and the rules, and queues the letters that call the jury
// to vote.
func Call(ctx context.Context, tx pgx.Tx, by account.ID, id ID) error {
	if err := inSetup(ctx, tx, id); err != nil {
		return err
	}
	d, err := of(ctx, tx, id)
	if err != nil {
		return err
	}
	late, err := pg.Value[bool](ctx, tx, `
		select closes_at <= clock_timestamp()
		from deliberations
		where id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("read clock: %w", err)
	}
	switch {
	case late:
		return problem.New(problem.Denied, "ballot.ended-before", "The hour at which the vote closes has passed. Move it first.")
	case d.Voters == 0:
		return problem.New(problem.Denied, "ballot.no-voters", "Nobody sits on this jury who could vote.")
	}
	films, err := Finalists(ctx, tx, id)
	if err != nil {
		return err
	}
	text, err := RulesOf(d, films)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		update deliberations
		set rules = @rules, called_at = clock_timestamp()
		where id = @id`,
		pg.Args{"id": id, "rules": text})
	if err != nil {
		return fmt.Errorf("call the jury: %w", err)
	}
	if err := tell(ctx, tx, id); err != nil {
		return err
	}
	return record(ctx, tx, &by, d, "ballot.call")
}

// A Candidate is a film that may become a finalist.
type Candidate struct {
	EntryID      entry.ID
	Code         string
	CategoryName string
	Title        string
	Directors    []string
	Selected     bool
}

// Candidates lists the films under consideration in the categories that a panel
// judges, or in all where it judges none, by category and title, without those
// that the organizer must not judge.
func Candidates(ctx context.Context, db pg.DB, by account.ID, panel jury.PanelID) ([]Candidate, error) {
	list, err := pg.Rows[Candidate](ctx, db, `
		select e.id as entry_id, e.code, c.name as category_name, e.title, e.directors,
		       coalesce(d.outcome = 'selected', false) as selected
		from panels p
		join categories c on c.edition_id = p.edition_id
		  and (exists (select from rounds r where r.panel_id = p.id and r.category_id = c.id)
		       or not exists (select from rounds r where r.panel_id = p.id))
		join present_entries e on e.category_id = c.id and e.state in ('submitted', 'eligible')
		left join decisions d on d.entry_id = e.id
		where p.id = @panel
		  and not exists (select from kept_apart k where k.account_id = @by and k.entry_id = e.id)
		order by c.position, e.title, e.id`,
		pg.Args{"panel": panel, "by": by})
	if err != nil {
		return nil, fmt.Errorf("list films for a final ballot: %w", err)
	}
	return list, nil
}
