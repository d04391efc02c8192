package demoshop

import "net/http"

// Each part of a customer's data has a call of its own, which shows nothing
// else of them.

func (o *origin) apiWallet(w http.ResponseWriter, r *http.Request, v *visit) {
	o.replyOwn(w, r, v.user.ID, Masked, walletJSON(o.accounts.ask(r.Context(), walletQuery, v.user).Wallet))
}

func walletJSON(w wallet) obj {
	return obj{"receipts": w.Receipts, "phone": w.Phone, "holder": w.Holder}
}

func (o *origin) apiPassport(w http.ResponseWriter, r *http.Request, v *visit) {
	o.replyOwn(w, r, v.user.ID, Encoded, obj{"passport": o.accounts.ask(r.Context(), passportQuery, v.user).Passport})
}

func (o *origin) apiMember(w http.ResponseWriter, r *http.Request, v *visit) {
	o.replyOwn(w, r, v.user.ID, Token, obj{"member": o.accounts.ask(r.Context(), memberQuery, v.user).Member})
}
