//go:build browser

package main

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A slowLine carries a phone's traffic at 50 kbit/s with 600 ms there and back,
// as far from a mast. All connections share it.
type slowLine struct {
	address  string
	received atomic.Int64 // bytes that came down since begun
}

const (
	lineRate  = 50_000 / 8 // bytes a second, each way
	lineDelay = 300 * time.Millisecond
)

// A lane is one direction of the line: bytes leave it in order, as fast as the
// line is, and not before the way has been gone.
type lane struct {
	rate int // bytes a second
	mu   sync.Mutex
	free time.Time // when the last byte that was sent will have left
}

// book says when so many bytes, handed over now, will have arrived.
func (l *lane) book(n int) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now(); l.free.Before(now) {
		l.free = now
	}
	l.free = l.free.Add(time.Duration(n) * time.Second / time.Duration(l.rate))
	return l.free.Add(lineDelay)
}

// newSlowLine leads to a server.
func newSlowLine(t *testing.T, server string) *slowLine { return newLine(t, server, lineRate) }

// newLine is a line of so many bytes a second, each way.
func newLine(t *testing.T, server string, rate int) *slowLine {
	t.Helper()
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	line := &slowLine{address: listener.Addr().String()}
	up, down := lane{rate: rate}, lane{rate: rate}
	go func() {
		for {
			phone, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", server)
			if err != nil {
				phone.Close()
				continue
			}
			go carry(far, phone, &up, nil)
			go carry(phone, far, &down, &line.received)
		}
	}()
	return line
}

type parcel struct {
	bytes []byte
	due   time.Time
}

// carry brings what from sends to its end, in parcels that arrive when the lane
// lets them.
func carry(to io.WriteCloser, from io.Reader, on *lane, count *atomic.Int64) {
	way := make(chan parcel, 64)
	go func() {
		defer close(way)
		for {
			b := make([]byte, 1400)
			n, err := from.Read(b)
			if n > 0 {
				if count != nil {
					count.Add(int64(n))
				}
				p := parcel{b[:n], on.book(n)}
				way <- p
				time.Sleep(time.Until(p.due) - lineDelay) // connections take turns: nobody books ahead
			}
			if err != nil {
				return
			}
		}
	}()
	defer to.Close()
	for p := range way {
		time.Sleep(time.Until(p.due))
		if _, err := to.Write(p.bytes); err != nil {
			for range way { // the phone has hung up: what is still on the way is lost
			}
			return
		}
	}
}
