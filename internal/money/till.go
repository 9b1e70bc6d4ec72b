package money

import (
	"context"
	"time"
)

// A Till is a payment service: somewhere else, where people pay.
type Till interface {
	// Open makes a page on which an order is paid and returns its address. The
	// same order, asked again, gets the same page.
	Open(ctx context.Context, o Order) (url string, err error)
	// Read checks that a message comes from the service and says what it tells.
	Read(message []byte, signature string) (Notice, error)
}

// An Order is what is to be paid. It says nothing of who pays and what for but
// a number.
type Order struct {
	Reference string // what we call the payment
	Amount    Amount
	Label     string    // what stands on the bill: the number of an entry
	Back      string    // address that the person comes back to, paid or not
	Until     time.Time // when the page ends
}

// A NoticeKind says what a payment service tells.
type NoticeKind string

// The kinds of notice.
const (
	NoticePaid     NoticeKind = "paid"     // Reference was paid with Amount
	NoticeRefunded NoticeKind = "refunded" // of the payment Intent, Amount has been given back in all
	NoticeOther    NoticeKind = "other"    // nothing that concerns a fee
)

// A Notice is one thing that a payment service tells; it may tell it twice.
type Notice struct {
	ID        string // of the notice, the same each time
	Kind      NoticeKind
	Reference string // what we call the payment; empty when refunded
	Intent    string // what the service calls it
	Amount    Amount
}
