package browser

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/go-rod/rod/lib/proto"
)

const (
	// deepest is how far into an object that was logged we read.
	deepest = 4
	// mostProperties is how many properties of it are read in all.
	mostProperties = 500
)

// worthReading says of what was logged whether it holds more than its
// description says. Elements stand on the page, and are read there; to read a
// proxy would run the page's script.
func worthReading(o *proto.RuntimeRemoteObject) bool {
	if o == nil || o.ObjectID == "" || o.Type != proto.RuntimeRemoteObjectTypeObject {
		return false
	}
	alien := []string{"node", "proxy", "date", "regexp", "typedarray", "arraybuffer", "dataview", "wasmvalue", "webassemblymemory"}
	return !slices.Contains(alien, string(o.Subtype)) && o.ClassName != "Window"
}

// primitive is a value that is no object, as a person reads it.
func primitive(o *proto.RuntimeRemoteObject) string {
	switch {
	case o == nil:
		return ""
	case o.UnserializableValue != "":
		return string(o.UnserializableValue)
	case o.Subtype == proto.RuntimeRemoteObjectSubtypeNull:
		return "null"
	case o.Type == proto.RuntimeRemoteObjectTypeUndefined:
		return "undefined"
	case o.Type == proto.RuntimeRemoteObjectTypeString:
		return o.Value.Str()
	case !o.Value.Nil():
		return o.Value.JSON("", "")
	}
	return o.Description
}

// inShort is what came with the event: of an object, what it is.
func inShort(o *proto.RuntimeRemoteObject) string {
	if o == nil || o.ObjectID == "" {
		return primitive(o)
	}
	if o.Preview == nil || !worthReading(o) {
		return o.Description
	}
	text := []string{o.Description}
	for _, p := range o.Preview.Properties {
		if p != nil {
			text = append(text, p.Name+": "+p.Value)
		}
	}
	return strings.Join(text, ", ")
}

// inspection reads one object that was logged.
type inspection struct {
	target *target
	left   int  // properties
	cut    bool // there was more
}

// object writes an object as JSON, as deep as is read.
func (r *inspection) object(ctx context.Context, o *proto.RuntimeRemoteObject, depth int) string {
	if depth >= deepest || r.left <= 0 {
		r.cut = true
		return quoted(o.Description)
	}
	var got proto.RuntimeGetPropertiesResult
	if err := r.target.callOnce(ctx, proto.RuntimeGetProperties{ObjectID: o.ObjectID, OwnProperties: true}, &got); err != nil {
		return quoted(o.Description) // let go of meanwhile; what came with the event was kept
	}
	list := o.Subtype == proto.RuntimeRemoteObjectSubtypeArray
	var parts []string
	for _, p := range got.Result {
		if p.Value == nil || !p.Enumerable && (list || p.Name == "constructor") {
			continue // an accessor, or the length of a list
		}
		if r.left--; r.left < 0 {
			r.cut = true
			break
		}
		value := r.value(ctx, p.Value, depth)
		if !list {
			value = quoted(p.Name) + ":" + value
		}
		parts = append(parts, value)
	}
	for _, p := range got.InternalProperties {
		if p.Value != nil && slices.Contains([]string{"[[Entries]]", "[[PromiseResult]]", "[[PrimitiveValue]]"}, p.Name) {
			parts = append(parts, quoted(p.Name)+":"+r.value(ctx, p.Value, depth))
		}
	}
	if list {
		return "[" + strings.Join(parts, ",") + "]"
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func (r *inspection) value(ctx context.Context, o *proto.RuntimeRemoteObject, depth int) string {
	if worthReading(o) {
		return r.object(ctx, o, depth+1)
	}
	if o.Type == proto.RuntimeRemoteObjectTypeNumber || o.Type == proto.RuntimeRemoteObjectTypeBoolean {
		return primitive(o)
	}
	return quoted(primitive(o))
}

// quoted is a text as JSON, and otherwise as it stands.
func quoted(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(text) != nil {
		return `""` // a string always encodes
	}
	return strings.TrimSuffix(b.String(), "\n")
}
