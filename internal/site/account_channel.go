package site

import (
	"context"
	"net/http"

	"github.com/jackc/pgx/v5"

	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/web/components"
	"laurel/web/emails"
	"laurel/web/pages"
)

func (s *Site) showChannel(w http.ResponseWriter, r *http.Request) error {
	c, err := mail.ContactOf(r.Context(), s.db, int64(actor(r).ID))
	if err != nil {
		return err
	}
	return s.channelPage(w, r, http.StatusOK, c, nil)
}

func (s *Site) channelPage(w http.ResponseWriter, r *http.Request, status int, c mail.Contact, errs components.Errors) error {
	ctx := r.Context()
	v := pages.Channel{
		Channel: string(c.Channel), Sentence: string(c.Sentence), Email: c.Email, Errors: errs, Back: c.ReturnedAt != nil,
		Ways: []components.Option{
			{Value: string(mail.Letters), Label: locale.T(ctx, "channel.letters", "Letters"),
				Hint: locale.T(ctx, "channel.letters-hint", "With the festival’s name and the number of your entry, never a title or a name. Your mail provider can read them.")},
			{Value: string(mail.Neutral), Label: locale.T(ctx, "channel.neutral", "One neutral sentence"),
				Hint: locale.T(ctx, "channel.neutral-hint", "The sentence that you choose below and {{.Host}}, nothing else: no link, not even one for a new password. A message on a watched phone is itself information.", "Host", s.base.Host)},
			{Value: string(mail.None), Label: locale.T(ctx, "channel.none", "Nothing"),
				Hint: locale.T(ctx, "channel.none-hint", "Nothing is ever sent, not even a link for a new password. Whoever forgets the password then cannot be helped by letter.")},
		},
	}
	for _, sentence := range mail.Sentences {
		v.Sentences = append(v.Sentences, components.Option{Value: string(sentence), Label: emails.Sentence(ctx, sentence)})
	}
	switch c.Channel {
	case mail.Letters:
		v.Lede = locale.T(ctx, "channel.now-letters", "Letters go to {{.Email}}.", "Email", c.Email)
	case mail.Neutral:
		v.Lede = locale.T(ctx, "channel.now-neutral", "One sentence goes to {{.Email}}: {{.Sentence}}", "Email", c.Email, "Sentence", emails.Sentence(ctx, c.Sentence))
	case mail.None:
		v.Lede = locale.T(ctx, "channel.now-none", "Nothing is sent to you.")
	}
	f := s.filmmakerFrame(r, locale.T(ctx, "channel.title", "How we reach you"))
	f.Bad = errs.Any()
	return s.page(w, r, status, pages.ChannelPage(f, v))
}

func (s *Site) saveChannel(w http.ResponseWriter, r *http.Request) error {
	who := int64(actor(r).ID)
	c := mail.Contact{Channel: mail.Channel(text(r, "channel")), Sentence: mail.Sentence(text(r, "sentence"))}
	err := s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "channel.saved", "Saved. It counts from now on, for letters on their way as well.")
		return "/account/channel", mail.Choose(ctx, tx, who, c.Channel, c.Sentence)
	})
	errs, status, ok := s.refused(r, err)
	if !ok {
		return err
	}
	now, err := mail.ContactOf(r.Context(), s.db, who)
	if err != nil {
		return err
	}
	now.Channel, now.Sentence = c.Channel, c.Sentence
	return s.channelPage(w, r, status, now, errs)
}
