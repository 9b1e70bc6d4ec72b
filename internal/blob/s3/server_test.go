package s3_test

import (
	"fmt"
	"os"
	"testing"

	"laurel/internal/blob/s3"
	"laurel/internal/s3test"
)

// service is a service that speaks S3, with one empty bucket, for all tests.
var service s3.Config

func TestMain(m *testing.M) {
	os.Exit(func() int {
		if child() {
			return 0
		}
		folder, err := os.MkdirTemp("", "laurel-s3-")
		if err == nil {
			defer os.RemoveAll(folder)
			service, err = s3test.Serve(folder)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "serve S3:", err)
			return 1
		}
		return m.Run()
	}())
}
