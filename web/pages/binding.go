package pages

import (
	"context"

	"laurel/internal/locale"
)

// BindingWords says which list of a round counts: calibrated or raw.
func BindingWords(ctx context.Context, binding string) string {
	if binding == "calibrated" {
		return locale.T(ctx, "binding.calibrated", "The list that counts is corrected for how strict or kind each juror is, so that no film gains or loses by who was given it.")
	}
	return locale.T(ctx, "binding.raw", "The list that counts is the plain mean of the scores, as they were given.")
}

// DecidedWords says how a round is decided, for its jurors: which list counts,
// and how many viewers a film can have in the end, nil when none are added.
func DecidedWords(ctx context.Context, binding string, most *int) string {
	words := BindingWords(ctx, binding)
	if most == nil {
		return words
	}
	return words + " " + locale.N(ctx, "binding.most", *most, "After the round a film close to the line may get one viewer.",
		"After the round a film close to the line may get more viewers, up to {{.Count}}; what you scored stays as you gave it.")
}
