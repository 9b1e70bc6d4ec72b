package s3_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3api"
	"github.com/versity/versitygw/s3api/middlewares"

	"laurel/internal/blob/s3"
)

const bucket = "mahabar"

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
			service, err = serve(folder)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "serve S3:", err)
			return 1
		}
		return m.Run()
	}())
}

// serve starts Versity's gateway over a folder.
func serve(folder string) (s3.Config, error) {
	data, notes := filepath.Join(folder, "data"), filepath.Join(folder, "notes")
	for _, name := range []string{filepath.Join(data, bucket), notes} {
		if err := os.MkdirAll(name, 0o700); err != nil {
			return s3.Config{}, err
		}
	}
	marks, err := meta.NewSideCar(notes)
	if err != nil {
		return s3.Config{}, err
	}
	backend, err := posix.New(data, marks, posix.PosixOpts{SideCarDir: notes})
	if err != nil {
		return s3.Config{}, err
	}
	// The gateway listens by itself on a port that has to be named.
	free, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return s3.Config{}, err
	}
	address := free.Addr().String()
	free.Close()
	root := auth.Account{Access: "organizer", Secret: "a secret of forty characters, or nearly", Role: auth.RoleAdmin}
	listening, failed := make(chan struct{}), make(chan error, 1)
	server, err := s3api.New(backend, middlewares.RootUserConfig{Access: root.Access, Secret: root.Secret}, "us-east-1",
		auth.NewIAMServiceSingle(root), nil, nil, nil, nil,
		s3api.WithQuiet(), s3api.WithMpMaxParts(10000), s3api.WithConcurrencyLimiter(100, 100), s3api.WithKeepAlive(), s3api.WithOnListen(func() { close(listening) }))
	if err != nil {
		return s3.Config{}, err
	}
	go func() { failed <- server.ServeMultiPort([]string{address}) }()
	select {
	case <-listening:
	case err := <-failed:
		return s3.Config{}, err
	case <-time.After(20 * time.Second):
		return s3.Config{}, context.DeadlineExceeded
	}
	return s3.Config{Endpoint: "http://" + address, Region: "us-east-1", Bucket: bucket, Key: root.Access, Secret: root.Secret}, nil
}
