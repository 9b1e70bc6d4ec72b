package s3test

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"

	"laurel/internal/blob/s3"
)

// folderVariable makes a test's program the service; it names the folder.
const folderVariable = "LAUREL_TEST_S3"

// Main is the service, and true, in a process that Start has begun. The TestMain
// of a package that uses Start asks it first.
func Main() bool {
	folder := os.Getenv(folderVariable)
	if folder == "" {
		return false
	}
	c, err := Serve(folder)
	if err == nil {
		err = json.NewEncoder(os.NewFile(3, "told")).Encode(c)
	}
	if err != nil {
		panic(err)
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // until the test ends
	return true
}

// Start runs the service until the test ends, in a process of its own: the
// gateway changes the folder in which its process is.
func Start(t *testing.T) s3.Config {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), folderVariable+"="+t.TempDir())
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	told, tells, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer told.Close()
	cmd.ExtraFiles, cmd.Stderr = []*os.File{tells}, os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tells.Close()
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the S3 service: %v", err)
		}
	})
	var c s3.Config
	if err := json.NewDecoder(told).Decode(&c); err != nil {
		t.Fatal(err)
	}
	return c
}
