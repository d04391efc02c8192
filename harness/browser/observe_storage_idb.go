package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"crosstalk/harness/history"
)

//go:embed observe_storage_idb.js
var databaseScript string

// databaseLimits bound what one look reads of an origin's databases and files.
type databaseLimits struct {
	Milliseconds int  `json:"milliseconds"`
	Characters   int  `json:"characters"` // of all keys and values
	Stores       int  `json:"stores"`
	Records      int  `json:"records"` // of each store
	Batch        int  `json:"batch"`   // read at once
	Files        bool `json:"files"`   // the origin's private files too
}

// kept is one store, or the files, of an origin.
type kept struct {
	Kind     string            `json:"kind"`
	Name     string            `json:"name"`
	Store    string            `json:"store"`
	Segments []history.Segment `json:"segments"`
	Unseen   string            `json:"unseen"`
}

// databaseLimit is how long reading one origin's databases may take.
const databaseLimit = 800 * time.Millisecond

// recordDatabases records the databases of a frame's origin, and its private
// files, which are asked for only in a look at everything: asking makes the
// browser give the origin a folder.
func (s *Session) recordDatabases(ctx context.Context, o owner) (foreign bool) {
	all, err := readDatabases(ctx, o, databaseLimits{
		Milliseconds: int(databaseLimit / time.Millisecond), Characters: largestArea / 2,
		Stores: 60, Records: 2000, Batch: 100, Files: s.storage.whole,
	})
	if err != nil {
		s.storage.again(o.key, changes{databases: true})
		if s.storage.whole {
			s.miss(s.placed("IndexedDB", o.key), o.key, "the page did not answer when its databases were read")
		}
		return false
	}
	for _, k := range all {
		place := s.placed(k.place(), o.key)
		if k.Unseen != "" {
			s.miss(place, o.key, k.Unseen)
		}
		segments := named("(name)", k.Name, k.Store)
		for _, item := range k.Segments {
			segments = append(append(segments, item), named("(key)", item.Where)...)
		}
		foreign = s.keep(place, o.key, k.Name+"\x00"+k.Store, segments) || foreign
	}
	return foreign
}

func (k kept) place() string {
	switch {
	case k.Name == "":
		return k.Kind
	case k.Store == "":
		return k.Kind + " " + template(k.Name)
	}
	return k.Kind + " " + template(k.Name) + "/" + template(k.Store)
}

// again has the next look read what this one could not.
func (k *storage) again(key string, c changes) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.change(key, c)
}

// readDatabases runs our script in a world of our own of the frame.
func readDatabases(ctx context.Context, o owner, limits databaseLimits) ([]kept, error) {
	var world proto.PageCreateIsolatedWorldResult
	err := o.t.callOnce(ctx, proto.PageCreateIsolatedWorld{FrameID: o.frame, WorldName: worldName}, &world)
	if err != nil {
		return nil, err
	}
	argument, err := json.Marshal(limits)
	if err != nil {
		return nil, fmt.Errorf("encode limits: %w", err)
	}
	var got proto.RuntimeEvaluateResult
	err = o.t.callOnce(ctx, proto.RuntimeEvaluate{
		Expression: databaseScript + "(" + string(argument) + ")", ContextID: world.ExecutionContextID,
		AwaitPromise: true, ReturnByValue: true, Silent: true,
	}, &got)
	switch {
	case err != nil:
		return nil, err
	case got.ExceptionDetails != nil:
		return nil, &scriptError{firstLine(thrown(got.ExceptionDetails))}
	}
	return decodeKept(got.Result)
}

func decodeKept(result *proto.RuntimeRemoteObject) ([]kept, error) {
	if result == nil {
		return nil, nil
	}
	data, err := result.Value.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("decode databases: %w", err)
	}
	var all []kept
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("decode databases: %w", err)
	}
	return all, nil
}
