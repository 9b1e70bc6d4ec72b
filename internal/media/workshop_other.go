//go:build !linux

package media

import "os"

// workshop makes a folder to work in.
func workshop() (name string, done func(), err error) {
	name, err = os.MkdirTemp("", "laurel-film-")
	return name, func() { os.RemoveAll(name) }, err
}
