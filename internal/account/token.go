package account

// NewToken makes a secret for a link that another noun hands out; that noun
// keeps its Hash and nothing else.
func NewToken() Token { return newToken() }

// Hash is what is stored of a token: whoever reads the database cannot use it.
func (t Token) Hash() []byte { return t.hash() }
