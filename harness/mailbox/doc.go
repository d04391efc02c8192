// Package mailbox receives what a shop sends to its customers: it is an SMTP
// server that a staging shop can be pointed to, and a reader of Mailpit's HTTP
// API where the shop has a catch-all already. It knows addresses and whose they
// are; it must not know markers, schedules or verdicts: each mail is handed on,
// whole, as it came.
//
// The envelope decides whose mailbox a mail is in, not its header: a blind copy
// is received by somebody whom no header names, and a mixed-up mailer is wrong
// in the envelope first. One mail to three recipients is three Mails.
package mailbox
