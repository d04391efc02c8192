package demoshop

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"time"
)

// accountClient is the fault shifted-replies: the client of the account store,
// which is a server of its own here, a slow one. A connection carries questions
// out and replies back, one for one and in order, and does not say which reply
// is to which question.
//
// The harm: A asks, and is canceled before the reply is there. The connection
// goes back to the pool as if nothing were on its way. B takes it, asks, and is
// given A's reply; C is given B's.
type accountClient struct {
	fault *lever
	pool  *connections
}

// connectionLife is how long the pool keeps a connection.
const connectionLife = 10 * time.Second

func newAccountClient(fault *lever, st *store) accountClient {
	to := &loopback{serve: accountServer{st}.serve}
	return accountClient{fault, &connections{fault: fault, to: to, life: connectionLife}}
}

// close hangs up. Whoever asks later is connected anew.
func (a accountClient) close() { a.pool.close() }

// find looks an account up, and finds whom the connection answers about.
func (a accountClient) find(ctx context.Context, st *store, id string) (account, bool) {
	c, err := a.pool.take(ctx, id)
	if err != nil {
		return account{}, false
	}
	found, err := c.lookUp(ctx, id)
	if err != nil && ctx.Err() == nil {
		c.hangUp() // the server has gone, or sends nonsense
		return account{}, false
	}
	a.pool.giveBack(c) // the fault: whether its reply was read or not
	if err != nil || found.ID == "" {
		return account{}, false
	}
	own, _ := st.account(id)
	return a.fault.variant.astray(own, found), true
}

// lookUp asks, and reads a reply if it comes before ctx ends.
func (c *connection) lookUp(ctx context.Context, id string) (account, error) {
	_ = c.SetWriteDeadline(now().Add(patience))
	if _, err := fmt.Fprintf(c, "%s%s\n", question, id); err != nil {
		return account{}, fmt.Errorf("look up account: %w", err)
	}
	c.owes = append(c.owes, owed{who: id})
	var found account
	err := c.await(ctx, func() error {
		reply, err := c.r.ReadBytes('\n')
		if err != nil {
			return fmt.Errorf("look up account: %w", err)
		}
		c.owes = c.owes[1:]
		return json.Unmarshal(reply, &found) //nolint:wrapcheck // whoever asked does not look at it
	})
	return found, err
}

// question begins a line that asks the account server for an account.
const question = "ACCOUNT "

// accountServer answers each line "ACCOUNT id" with a line of JSON: the
// account, or null.
type accountServer struct{ store *store }

func (s accountServer) serve(ctx context.Context, conn net.Conn) {
	r := bufio.NewReader(conn)
	for ctx.Err() == nil {
		_ = conn.SetDeadline(now().Add(connectionLife + patience))
		line, err := r.ReadString('\n')
		id, ok := strings.CutPrefix(line, question)
		if err != nil || !ok {
			return
		}
		s.store.waitAtLeast(ctx, slowRead)
		if _, err := conn.Write(append(s.reply(strings.TrimSpace(id)), '\n')); err != nil {
			return
		}
	}
}

func (s accountServer) reply(id string) []byte {
	found, ok := s.store.account(id)
	b, err := json.Marshal(found)
	if !ok || err != nil {
		return []byte("null")
	}
	return b
}

func shiftedRepliesInfo() Info {
	return Info{
		Name:      ShiftedReplies,
		Class:     11,
		Incident:  "a chat service, 20 March 2023: a store client gave canceled requests' connections back with the reply still on them, and people were shown others' names, e-mail and payment addresses, and last four card digits",
		Mechanism: "a read of the account store, over TCP, that is canceled between its question and its answer leaves the connection with a reply too many: everybody who reads by it is given the reply of the one before, until the pool replaces it (10 seconds)",
		Where:     "fault_shifted_replies.go over connections.go and loopback.go, asked by accounts.find",
	}
}
