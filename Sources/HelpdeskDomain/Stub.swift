// HelpdeskDomain
