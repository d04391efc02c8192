package demoshop

import "slices"

// Variant says which part of a customer's data a fault lets go astray.
type Variant string

// The variants.
const (
	Plain   Variant = "plain"   // everything, in plain words
	Masked  Variant = "masked"  // the masked part alone: q****7@…, •••• 0635
	Encoded Variant = "encoded" // the encoded part alone: base64 of JSON
	Token   Variant = "token"   // a key alone, and no personal data at all
)

// Variants lists them, Plain first.
func Variants() []Variant { return []Variant{Plain, Masked, Encoded, Token} }

func (v Variant) known() bool { return slices.Contains(Variants(), v) }

// astray is what a customer is shown of an account when a fault of this
// variant mixes it up with another's: all of the other's, or their own with
// one part of the other's.
func (v Variant) astray(own, other account) account {
	if v == Plain {
		return other
	}
	own.parts = v.mixed(own.parts, other.parts)
	return own
}

// astrayOrder is the same of an order.
func (v Variant) astrayOrder(own, other order) order {
	if v == Plain {
		return other
	}
	own.parts = v.mixed(own.parts, other.parts)
	return own
}

// mixed are one's own parts with the one that goes astray of another's.
func (v Variant) mixed(own, other parts) parts {
	switch v {
	case Masked:
		own.Wallet = other.Wallet
	case Encoded:
		own.Passport = other.Passport
	case Token:
		own.Member = other.Member
	default: // everything
		return other
	}
	return own
}
