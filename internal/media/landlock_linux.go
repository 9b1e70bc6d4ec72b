package media

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// wallName is what a process of this program is called that only builds the wall
// around a tool and then becomes the tool.
const wallName = "laurel-wall"

// wallFailed is its exit code where it could not.
const wallFailed = 125

// A program can only wall itself in, and this one may not: so it begins once
// more, before it does anything else, as the process that will be the tool.
func init() {
	if os.Args[0] != wallName {
		return
	}
	runtime.LockOSThread() // a wall stands around one thread, which becomes the tool
	folder, tool, path := os.Args[1], os.Args[2], os.Args[3]
	err := wall(folder, tool)
	if err == nil {
		err = syscall.Exec(path, os.Args[3:], []string{})
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(wallFailed)
}

// behindWall makes a command run behind a wall (Landlock, Linux 5.13): of all
// files it can read the system's programs and the one that is descriptor 3, and
// write below folder.
func behindWall(cmd *exec.Cmd, folder, tool string) {
	cmd.Args = append([]string{wallName, folder, tool, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/proc/self/exe"
}

const (
	readFile = unix.LANDLOCK_ACCESS_FS_READ_FILE
	runFile  = readFile | unix.LANDLOCK_ACCESS_FS_EXECUTE
	runBelow = runFile | unix.LANDLOCK_ACCESS_FS_READ_DIR
	useFile  = readFile | unix.LANDLOCK_ACCESS_FS_WRITE_FILE
	useBelow = useFile | unix.LANDLOCK_ACCESS_FS_READ_DIR | unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE
	allFiles = 1<<13 - 1 // all that the first version of Landlock knows
)

// landlock is which version of it the kernel has; 0: none.
func landlock() int {
	version, _, errno := syscall.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(version)
}

// wall shuts this thread in. A kernel without Landlock lets it go as it is.
func wall(folder, tool string) error {
	version := landlock()
	if version == 0 {
		return nil
	}
	handled := unix.LandlockRulesetAttr{Handled_access_fs: allFiles}
	below := uint64(useBelow)
	if version >= 3 {
		handled.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_REFER | unix.LANDLOCK_ACCESS_FS_TRUNCATE
		below |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	if version >= 4 {
		handled.Handled_access_net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	}
	if version >= 6 {
		handled.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
	}
	rules, _, errno := syscall.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&handled)), unsafe.Sizeof(handled), 0)
	if errno != 0 {
		return fmt.Errorf("begin wall: %w", errno)
	}
	if err := doors(int(rules), folder, tool, below); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("give up privileges: %w", err)
	}
	if _, _, errno := syscall.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, rules, 0, 0); errno != 0 {
		return fmt.Errorf("close wall: %w", errno)
	}
	return nil
}

// doors are what stays reachable.
func doors(rules int, folder, tool string, below uint64) error {
	real, err := filepath.EvalSymlinks(tool)
	if err != nil {
		return fmt.Errorf("find %s: %w", tool, err)
	}
	all := []error{door(rules, folder, below), door(rules, real, runFile), doorAt(rules, 3, readFile)}
	for _, name := range []string{"/usr", "/lib", "/lib64", "/bin", "/opt", "/nix"} {
		all = append(all, mayMiss(door(rules, name, runBelow)))
	}
	for _, name := range []string{"/etc/ld.so.cache", "/dev/urandom", "/dev/zero"} {
		all = append(all, mayMiss(door(rules, name, readFile)))
	}
	all = append(all, mayMiss(door(rules, "/dev/null", useFile)))
	return errors.Join(all...)
}

func mayMiss(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// door leaves a file, or all below a folder, open to some accesses.
func door(rules int, name string, access uint64) error {
	fd, err := unix.Open(name, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("open %s: %w", name, err)
	}
	defer unix.Close(fd)
	return doorAt(rules, fd, access)
}

// doorAt is door for what is open already.
func doorAt(rules, fd int, access uint64) error {
	rule := unix.LandlockPathBeneathAttr{Allowed_access: access, Parent_fd: int32(fd)}
	_, _, errno := syscall.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(rules), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0)
	if errno != 0 {
		return fmt.Errorf("leave a door in the wall: %w", errno)
	}
	return nil
}
