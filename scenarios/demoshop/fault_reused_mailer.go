package demoshop

func reusedMailerInfo() Info {
	return Info{
		Name:      ReusedMailer,
		Class:     21,
		Incident:  "a shop system, issue 3221: the confirmation of an earlier order, paid in another way, was sent to the next customer; and mailers that keep the recipients of the mail before",
		Mechanism: "one mail object for each way to pay is used again, and what was put into it before is not taken out",
		Where:     "fault_reused_mailer.go",
	}
}
