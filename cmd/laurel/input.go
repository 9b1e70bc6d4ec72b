package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"
)

// An input is a file that a command was given to read, whole.
type input struct {
	name string // as on the command line; "-" for standard input
	data []byte
}

// A badInput is a mistake in such a file: where it stands and what is wrong.
// The command ends with the code of a wrong argument.
type badInput struct {
	file         string
	line, column int // from 1; the column counts characters
	what         string
}

// Error is "file:line:column: what", the form that editors can follow.
func (e *badInput) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.file, e.line, e.column, e.what)
}

// readInput reads a file, or standard input for "-". A byte order mark at its
// beginning is left out.
func readInput(s streams, name string) (input, error) {
	var data []byte
	var err error
	if name == "-" {
		data, err = io.ReadAll(s.in)
	} else {
		data, err = os.ReadFile(name)
	}
	if err != nil {
		return input{}, &usageError{fmt.Sprintf("%s cannot be read: %v", name, errors.Unwrap(err))}
	}
	return input{name, bytes.TrimPrefix(data, []byte("\ufeff"))}, nil
}

// bad is a mistake at a byte of the input.
func (in input) bad(offset int64, format string, args ...any) error {
	before := in.data[:min(max(offset, 0), int64(len(in.data)))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return &badInput{
		file: in.name, line: bytes.Count(before, []byte("\n")) + 1, column: utf8.RuneCount(before[start:]) + 1,
		what: fmt.Sprintf(format, args...),
	}
}

// badAt is a mistake at a value of a JSON input, found by the path to it: field
// names and places in lists, as "ballots", 2, "weight". Where the path ends
// early, it is the last value on it.
func (in input) badAt(path []any, format string, args ...any) error {
	return in.bad(valueAt(in.data, path), format, args...)
}

// decode reads a JSON input into a value. Fields that the value does not have
// are passed over.
func (in input) decode(into any) error {
	err := json.Unmarshal(in.data, into)
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		return in.bad(e.Offset-1, "this is not JSON: %s", e.Error())
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return in.bad(e.Offset-1, "%s cannot be a %s", e.Field, e.Value)
	}
	return err
}

// valueAt is the byte at which a value of a JSON document begins.
func valueAt(data []byte, path []any) int64 {
	d := json.NewDecoder(bytes.NewReader(data))
	at := begin(data, d)
	for _, step := range path {
		if !enter(d, step) {
			break
		}
		at = begin(data, d)
	}
	return at
}

// enter goes into the list or object that comes next, up to the value that a
// step names, and says whether there is one.
func enter(d *json.Decoder, step any) bool {
	open, err := d.Token()
	if err != nil || open != json.Delim('{') && open != json.Delim('[') {
		return false
	}
	for i := 0; d.More(); i++ {
		var here any = i
		if open == json.Delim('{') {
			if here, err = d.Token(); err != nil {
				return false
			}
		}
		if here == step {
			return true
		}
		var skipped json.RawMessage
		if d.Decode(&skipped) != nil {
			return false
		}
	}
	return false
}

// begin is where the next value starts, behind blanks, colons and commas.
func begin(data []byte, d *json.Decoder) int64 {
	at := d.InputOffset()
	for at < int64(len(data)) && bytes.IndexByte([]byte(" \t\r\n:,"), data[at]) >= 0 {
		at++
	}
	return at
}
