package main

import (
	"fmt"
	"os"

	"laurel/internal/erasure"
)

// receiptCmd holds what can be done with a receipt of an erasure.
type receiptCmd struct {
	Check receiptCheckCmd `cmd:"" help:"Check a receipt of an erasure, without any network or database."`
}

// receiptCheckCmd verifies the signature of a receipt.
type receiptCheckCmd struct {
	File string `arg:"" help:"The receipt, as it was downloaded."`
	Key  string `help:"Public key of the installation, as its page shows it. Empty: the one in the file, which only proves that nobody changed the file."`
}

// Run says what the receipt says, when its signature fits.
func (c *receiptCheckCmd) Run(s streams) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("read receipt: %w", err)
	}
	r, err := erasure.Check(text, c.Key)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "The signature fits.\nCode: %s\nErased: %s, at %s\nBackups hold it until: %s\nFiles: %d\n", r.Code, r.Kind, r.ErasedAt.UTC().Format("2006-01-02 15:04:05 UTC"), r.BackupsUntil, r.Files)
	for _, x := range r.Stores {
		fmt.Fprintf(s.out, "%s: %d\n", x.Name, x.Records)
	}
	return nil
}
