package demoshop

import (
	"context"
	"slices"
	"sync"
	"time"
)

// sharedRooms is the fault wrong-room: which rooms a message goes to is kept in a
// field of the hub until it is sent, and a message is sent only once the broker
// between the shop's processes has it. The harm: while one message waits, the
// next one's room is added to the field, and the first goes to both.
//
// The fault's rate is the share of rooms of other customers, with somebody in
// them, that a message finds in the field and goes to. In the variants that let
// one part go astray, that room's own message is sent there, with that part of
// the other's.
type sharedRooms struct {
	fault *lever
	carry func(context.Context) // what the broker takes; nil: broker
	mu    sync.Mutex
	field []news // of what waits to be sent: its room
}

// broker is how long a message is on its way to the shop's other processes.
const broker = 60 * time.Millisecond

// strayNews is a message and the room that it goes to by mistake.
type strayNews struct {
	room string
	news news
}

// to waits until a message may be sent, and answers what goes where it should
// not.
func (s *sharedRooms) to(ctx context.Context, h *hub, n news) []strayNews {
	if s.fault == nil {
		return nil
	}
	s.add(n)
	if s.carry == nil {
		pause(ctx, broker)
	} else {
		s.carry(ctx)
	}
	var out []strayNews
	for _, other := range s.take(n) {
		if s.harms(h, other.order, n.order) && s.fault.strikes() {
			out = append(out, strayNews{other.order.Key, s.mixed(other, n)})
		}
	}
	return out
}

// harms says whether a message about one order would tell somebody something in
// another's room.
func (s *sharedRooms) harms(h *hub, room, told order) bool {
	return room.Contact.Email != told.Contact.Email && h.listens(room.Key) && (told.Member != "" || !s.fault.is(Token))
}

// mixed is what the room of one message is sent of another's.
func (s *sharedRooms) mixed(own, other news) news {
	if !s.fault.is(Plain) {
		return news{s.fault.variant.astrayOrder(own.order, other.order), own.status}
	}
	return other
}

func (s *sharedRooms) add(n news) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.field = append(s.field, n)
}

// take answers what waits beside a message, which waits no longer.
func (s *sharedRooms) take(n news) []news {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.field = slices.DeleteFunc(s.field, func(other news) bool { return other.order.Key == n.order.Key })
	return slices.Clone(s.field)
}

func wrongRoomInfo() Info {
	return Info{
		Name:      WrongRoom,
		Class:     19,
		Incident:  "a library for sockets, issue 2962: the rooms a message goes to were kept on the socket object, and messages that were sent together went into each other's rooms",
		Mechanism: "the rooms of a message are kept in a field of the hub until it is sent, and of two messages at one time the first goes to the rooms of both",
		Where:     "fault_wrong_room.go, asked by hub.publish",
	}
}
