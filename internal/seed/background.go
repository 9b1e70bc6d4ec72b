package seed

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/pg"
)

// backgrounds are what the jurors have said of themselves. One of each jury has
// not said anything.
var backgrounds = map[string]account.Background{
	"Nima Safarian":         {Languages: []string{"fa", "en", "fr"}, Affiliations: []string{"Mahabar School of Art"}},
	"Odile Verhaerens":      {Languages: []string{"fr", "en"}, Affiliations: []string{"Atelier Demi-Lune"}},
	"Samuel Adeyin-Cole":    {Languages: []string{"en"}},
	"Ingrid Tollefsby":      {Languages: []string{"en", "no"}, Affiliations: []string{"Nordlys Film"}},
	"Roya Kamravan":         {Languages: []string{"fa", "ar", "en"}, Affiliations: []string{"Mahabar School of Art", "Sorna Film Course"}},
	"Yusra Haddadin":        {Languages: []string{"ar", "en"}, Affiliations: []string{"Harbour Documentary Days"}},
	"Keiko Inamuro":         {Languages: []string{"ja", "en"}},
	"Rasmus Ekelund-Lio":    {Languages: []string{"fi", "sv", "en"}},
	"Tadeu Fontanelas":      {Languages: []string{"pt", "es", "en"}},
	"Mona Shirvandi":        {Languages: []string{"fa", "en"}, Affiliations: []string{"The Harbour Workshop"}},
	"Padraic Lonergan-Shaw": {Languages: []string{"en"}},
	"Lale Özdemirkan":       {Languages: []string{"tr", "en", "de"}},
	"Hyejin Sunwoo":         {Languages: []string{"ko", "en"}},
	"Farhad Golestaneh":     {Languages: []string{"fa", "en"}},
}

// introduce writes down what a juror has said.
func (h *house) introduce(ctx context.Context, who account.ID, name string) error {
	b, ok := backgrounds[name]
	if !ok {
		return nil
	}
	_, err := h.tx.Exec(ctx, `
		update accounts
		set languages = @languages, affiliations = @affiliations
		where id = @id`,
		pg.Args{"id": who, "languages": b.Languages, "affiliations": append([]string{}, b.Affiliations...)})
	if err != nil {
		return fmt.Errorf("introduce juror: %w", err)
	}
	return nil
}

// The films of the jury at work that have to do with a juror.
const (
	ofCompany = "The Wind of One Hundred and Twenty Days" // produced where Odile Verhaerens works
	ofDomain  = "Fog Inventory"                           // sent from where Ingrid Tollefsby works
)

// relate gives a film the company of a juror for its producer.
func relate(list []*submission) {
	for _, s := range list {
		if s.film.Title == ofCompany {
			s.film.Credits = append(s.film.Credits, entry.Credit{Role: entry.Producer, Name: "Atelier Demi-Lune"})
		}
	}
}

// acquaint gives a juror and the maker of a film addresses of one house.
func (h *house) acquaint(ctx context.Context, list []*submission) error {
	for _, s := range list {
		if s.film.Title != ofDomain {
			continue
		}
		_, err := h.tx.Exec(ctx, `
			update accounts
			set email = case when id = @maker then 'post' else 'ingrid' end || '@nordlys-film.example'
			where id = @maker or email = @juror`,
			pg.Args{"maker": s.owner, "juror": emailOf("Ingrid Tollefsby")})
		if err != nil {
			return fmt.Errorf("acquaint a juror and a maker: %w", err)
		}
	}
	return nil
}

// answer answers some of the conflicts that are found in a round, and limits what
// one juror watches; the other conflicts wait.
func (h *house) answer(ctx context.Context, edition festival.EditionID, panel jury.PanelID, list []*submission) error {
	r, err := h.roundOf(ctx, panel)
	if err != nil {
		return err
	}
	desk, err := jury.DeskOf(ctx, h.tx, r)
	if err != nil {
		return err
	}
	company := called(list, ofCompany)
	dismissed := false
	for _, f := range desk.Found {
		pair := jury.Pair{Entry: f.EntryID, Juror: f.AccountID}
		switch clue := f.Clues[0]; {
		case f.EntryID == company && clue.Evidence == jury.SameCompany:
			err = jury.Declare(ctx, h.tx, h.organizer, edition, f.AccountID, f.EntryID, jury.Other, "Company "+clue.Words)
		case !dismissed && clue.Evidence == jury.SameSurname:
			dismissed = true
			err = jury.Dismiss(ctx, h.tx, h.organizer, r, pair)
		}
		if err != nil {
			return err
		}
	}
	_, err = h.tx.Exec(ctx, `
		insert into loads (round_id, account_id, most)
		values (@round, @who, 29)`,
		pg.Args{"round": r.ID, "who": desk.Seats[0].AccountID})
	if err != nil {
		return fmt.Errorf("limit what a juror watches: %w", err)
	}
	return nil
}

// roundOf is the first round of a panel.
func (h *house) roundOf(ctx context.Context, panel jury.PanelID) (jury.Round, error) {
	id, err := pg.Value[jury.RoundID](ctx, h.tx, `
		select min(id)
		from rounds
		where panel_id = @panel`,
		pg.Args{"panel": panel})
	if err != nil {
		return jury.Round{}, fmt.Errorf("find round: %w", err)
	}
	return jury.RoundOf(ctx, h.tx, id)
}

// unrelated are family names of jurors at work that are found in the crews of
// films, too.
var unrelated = []string{"Brusaferri", "Haddadin", "Verhaerens"}

// related says whether a name has the family name of another juror at work.
func related(name string) bool {
	for _, juror := range documentaryJury {
		family := juror[strings.LastIndex(juror, " ")+1:]
		if strings.HasSuffix(name, " "+family) && !slices.Contains(unrelated, family) {
			return true
		}
	}
	return false
}
