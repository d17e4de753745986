// Tests of HelpdeskDomain.
