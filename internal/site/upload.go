package site

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"

	"laurel/internal/media"
	"laurel/internal/problem"
)

// filePart finds the file of an upload form, as a stream. A form without a
// file is an Invalid problem at the field "file".
func filePart(r *http.Request) (*multipart.Part, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, noFile()
	}
	for {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return nil, noFile()
		case err != nil:
			return nil, cutOff()
		case part.FormName() == "file" && part.FileName() != "":
			return part, nil
		}
	}
}

func cutOff() error {
	return problem.Field("file", "upload.cut", "The connection was lost before the file had arrived. Send it again.")
}

func noFile() error {
	return problem.Field("file", "upload.none", "Choose a file first.")
}

// receive keeps the bytes of an upload form's file.
func (s *Site) receive(r *http.Request, kind media.Kind, limit int64) (media.Arrival, error) {
	part, err := filePart(r)
	if err != nil {
		return media.Arrival{}, err
	}
	return media.Receive(r.Context(), s.store, kind, part, limit)
}
