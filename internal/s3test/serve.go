// Package s3test runs a service that speaks S3: Versity's gateway over a folder.
package s3test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3api"
	"github.com/versity/versitygw/s3api/middlewares"

	"laurel/internal/blob/s3"
)

// Bucket is the one that there is, empty at first.
const Bucket = "mahabar"

// Serve starts one that keeps what it is given below folder, until the process
// ends, and tells how it is reached.
func Serve(folder string) (s3.Config, error) {
	data, notes := filepath.Join(folder, "data"), filepath.Join(folder, "notes")
	for _, name := range []string{filepath.Join(data, Bucket), notes} {
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
	return s3.Config{Endpoint: "http://" + address, Region: "us-east-1", Bucket: Bucket, Key: root.Access, Secret: root.Secret}, nil
}
