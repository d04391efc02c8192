package demoshop

func pooledTenantInfo() Info {
	return Info{
		Name:      PooledTenant,
		Class:     15,
		Incident:  "connection poolers with row-level security, issue 1567: the tenant that one request set stays on the connection that the next one borrows",
		Mechanism: "the account that a query is about is set on a pooled connection, and one path of the code forgets to set it",
		Where:     "fault_pooled_tenant.go",
	}
}
