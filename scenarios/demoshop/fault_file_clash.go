package demoshop

func fileClashInfo() Info {
	return Info{
		Name:      FileClash,
		Class:     20,
		Incident:  "a plug-in for PDF invoices, issue 52: a few times in a thousand invoices a day two customers got the same one",
		Mechanism: "an invoice is written to a temporary file named by the second, and read from there to be sent",
		Where:     "fault_file_clash.go",
	}
}
