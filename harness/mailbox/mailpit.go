package mailbox

import "context"

// Mailpit follows the mails that a Mailpit server receives.
type Mailpit struct{}

// Follow looks at a Mailpit server, whose address such as
// "http://user:password@mail.staging:8025" may hold credentials and a path,
// and hands on every mail that comes after that first look, within about a
// second, until Close or the end of ctx. It fails when that first look does:
// the server cannot be reached, refuses, or is no Mailpit.
func Follow(ctx context.Context, base string, o Options) (*Mailpit, error) {
	return &Mailpit{}, nil
}

// Close takes a last look and stops. When it returns, nothing is delivered any
// more. Its error says that the server could not be read to the end.
func (m *Mailpit) Close(ctx context.Context) error { return nil }
