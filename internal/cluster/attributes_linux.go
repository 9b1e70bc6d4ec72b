package cluster

import "syscall"

// attributes make a child run as o, end when we end however that comes, and
// not hear the Ctrl-C of our terminal: we stop it ourselves, last of all.
func attributes(o *owner) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
	if o != nil {
		a.Credential = &syscall.Credential{Uid: o.uid, Gid: o.gid, Groups: []uint32{}}
	}
	return a
}
