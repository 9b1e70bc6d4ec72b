// Package seal wraps small secrets with a key that is kept elsewhere than the
// database, so that a copy of the database alone opens none.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
)

// KeySize is the length of a keeper's key, in bytes.
const KeySize = 32

// A Keeper seals secrets and opens them again.
type Keeper struct{ aead cipher.AEAD }

// NewKeeper makes a keeper of a key of KeySize bytes.
func NewKeeper(key []byte) (*Keeper, error) {
	block, err := aes.NewCipher(key)
	if err != nil || len(key) != KeySize {
		return nil, fmt.Errorf("a key has %d bytes, not %d", len(key), KeySize)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("make keeper: %w", err)
	}
	return &Keeper{aead}, nil
}

// Passing makes a keeper whose key ends with the process.
func Passing() *Keeper {
	key := make([]byte, KeySize)
	rand.Read(key)
	k, err := NewKeeper(key)
	if err != nil {
		panic(err) // the key has the right size
	}
	return k
}

// Close seals a secret for one place: it opens in no other.
func (k *Keeper) Close(place string, secret []byte) []byte {
	return k.aead.Seal(nil, nil, secret, []byte(place))
}

// Open gives back a secret that was sealed for the place with the same key.
func (k *Keeper) Open(place string, sealed []byte) ([]byte, error) {
	secret, err := k.aead.Open(nil, nil, sealed, []byte(place))
	if err != nil {
		return nil, fmt.Errorf("the key in the data folder does not open it: %w", err)
	}
	return secret, nil
}
