package cluster

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

// Address is the address of database db in the cluster that another process
// runs in dir: for a command given beside a running `laurel serve`.
func Address(dir, db string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find data folder: %w", err)
	}
	c := &Cluster{opts: Options{Dir: dir}}
	b, err := os.ReadFile(c.pidFile())
	if err != nil {
		return "", fmt.Errorf("find the running database in %s: %w", dir, err)
	}
	const socketLine = 4 // counted from 0; see readStatus
	lines := bytes.Split(b, []byte("\n"))
	if !c.readStatus().ready || len(lines) <= socketLine {
		return "", fmt.Errorf("the database in %s is not ready yet", dir)
	}
	return dsn(string(bytes.TrimSpace(lines[socketLine])), db), nil
}

// dsn is the address of db on a server with its socket in folder socket.
func dsn(socket, db string) string {
	q := url.Values{"host": {socket}, "user": {superuser}}
	return "postgres:///" + db + "?" + q.Encode()
}
