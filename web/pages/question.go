package pages

import (
	"context"

	"laurel/internal/locale"
	"laurel/web/components"
)

// choiceOptions are a question's options, and the way back to no answer where
// none is needed.
func choiceOptions(ctx context.Context, q QuestionField) []components.Option {
	var list []components.Option
	for _, o := range q.Options {
		list = append(list, components.Option{Value: o, Label: o})
	}
	if q.Optional {
		list = append(list, components.Option{Label: locale.T(ctx, "questions.none-of", "No answer")})
	}
	return list
}
