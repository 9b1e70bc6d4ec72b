//go:build unix && !linux

package cluster

import "syscall"

// attributes make a child run as o and not hear the Ctrl-C of our terminal.
// Where the kernel cannot end it with us, the next start does.
func attributes(o *owner) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true}
	if o != nil {
		a.Credential = &syscall.Credential{Uid: o.uid, Gid: o.gid, Groups: []uint32{}}
	}
	return a
}
