package upload

// Arrived is the SHA-256 of the bytes that have arrived for good. Of what is a
// file already it is unknown, and nil.
func (u Upload) Arrived() ([]byte, error) {
	if u.Durable > 0 && len(u.HashState) == 0 {
		return nil, nil
	}
	h, err := sum(u.HashState)
	if err != nil {
		return nil, err
	}
	return h.Sum(nil), nil
}
