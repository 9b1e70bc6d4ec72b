package components

import "context"

type leanKey struct{}

// WithLean marks a page for a reader whose browser asks for little data
// (Save-Data): it comes without fonts and pictures.
func WithLean(ctx context.Context) context.Context { return context.WithValue(ctx, leanKey{}, true) }

// Lean tells whether the page is for such a reader.
func Lean(ctx context.Context) bool {
	lean, _ := ctx.Value(leanKey{}).(bool)
	return lean
}
