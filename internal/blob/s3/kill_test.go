package s3_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"laurel/internal/blob"
	"laurel/internal/blob/s3"
)

// condemned is what a process that is killed is told: a folder, or a bucket.
type condemned struct {
	Folder string
	Bucket s3.Config
	Key    string
}

const condemnedVariable = "LAUREL_TEST_CONDEMNED"

// child is that process: it puts a file whose end never comes.
func child() bool {
	var c condemned
	if json.Unmarshal([]byte(os.Getenv(condemnedVariable)), &c) != nil {
		return false
	}
	var store blob.Store
	var err error
	if c.Folder == "" {
		store, err = s3.Open(context.Background(), c.Bucket)
	} else {
		store, err = blob.OpenDir(c.Folder)
	}
	if err == nil {
		_, err = store.Put(context.Background(), c.Key, io.MultiReader(bytes.NewReader(noise(9<<20)), endless{}))
	}
	fmt.Println("it ended:", err)
	return true
}

// endless says that all before it was read, and never ends.
type endless struct{}

func (endless) Read([]byte) (int, error) {
	fmt.Println("read")
	select {}
}

// A process that is killed while it puts a file leaves nothing to be seen under
// the key, which can be used again.
func TestKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			c := condemned{Bucket: service, Key: blob.Key()}
			if name == "folder" {
				c.Folder = filepath.Join(folder, "media")
			}
			kill(t, c)
			s := open(t, folder)
			if _, _, err := s.Open(t.Context(), c.Key); !errors.Is(err, blob.ErrMissing) {
				t.Errorf("something is to be seen: %v", err)
			}
			stored, err := s.Put(t.Context(), c.Key, bytes.NewReader(noise(5)))
			if err != nil || stored.Size != 5 {
				t.Errorf("kept %d bytes afterwards, %v", stored.Size, err)
			}
		})
	}
}

// kill runs the process until it has read all that comes, and kills it.
func kill(t *testing.T, c condemned) {
	t.Helper()
	told, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), condemnedVariable+"="+string(told))
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	said := make([]byte, 4)
	if _, err := io.ReadFull(out, said); err != nil || string(said) != "read" {
		t.Errorf("it said %q, %v", said, err)
	}
	if err := process.Process.Kill(); err != nil {
		t.Error(err)
	}
	process.Wait()
}
