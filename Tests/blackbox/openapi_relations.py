"""Part of the walk over every operation: problems, merges, imports, and what customers see."""

V2, HELIO = "/api/v2", "/api/helio/v1"


class RelationsWalk:
    def relations(self, one, made):
        """Problem and incident, a merge, and whoever is copied."""
        self.change(one, "ticket", {"type": "problem", "collaborator_ids": [self.user]})
        incident = self.make(f"{V2}/tickets", "ticket", {
            "subject": "again", "comment": {"body": "x"}, "type": "incident",
            "problem_id": self.ticket})
        self.api.post(f"{one}/merge", {
            "ids": [made[2]], "target_comment": "Same", "target_comment_is_public": True})
        self.t.check("a problem shows that it has incidents",
                     self.api.get(one)["ticket"]["has_incidents"])
        self.get(f"{one}/related", f"{one}/metrics")
        self.pages(f"{V2}/ticket_metrics", f"{V2}/user_fields", f"{V2}/organization_fields")
        self.pages(f"{one}/incidents", f"{V2}/problems", f"{one}/collaborators",
                   f"{V2}/users/{self.user}/tickets/ccd")
        found = [row["id"] for row in self.api.get(f"{one}/incidents")["tickets"]]
        self.t.check("and they are listed", found == [incident], found)

    def imports(self):
        dates = {"created_at": "2024-01-02T03:04:05Z", "updated_at": "2024-01-09T00:00:00Z"}
        comments = [{"body": "It leaks.", "author_id": self.user, **dates}]
        ticket = self.api.post(f"{V2}/imports/tickets?archive_immediately=true", {"ticket": {
            "subject": "old", "status": "closed", "comments": comments, **dates}})["ticket"]
        self.t.check("an imported ticket keeps its dates",
                     (ticket["created_at"], ticket["updated_at"]) == tuple(dates.values()))
        self.api.post(f"{V2}/imports/tickets/create_many", {"tickets": [
            {"subject": "older", "comments": comments, **dates},
            {"subject": "of tomorrow", "comments": comments, "created_at": "2099-01-01"}]})
        self.api.post(f"{HELIO}/imports/zendesk", {"kind": "organizations", "rows": [
            {"line": 1, "row": {"id": 21, "name": "Imported"}}, {"line": 2, "row": {}}]})

    def requests(self):
        """What a customer does, with a login of their own."""
        secret = self.api.post(f"{HELIO}/tokens", {"token": {"user_id": self.user}})
        customer = self.paris.client_for("ada@sunrise.example", secret["token"]["token"])
        answer = customer.post(f"{V2}/requests", {"request": {
            "subject": "Leak", "comment": {"body": "It leaks."}}})["request"]
        one = f"{V2}/requests/{answer['id']}"
        self.api.put(f"{V2}/tickets/{answer['id']}", {"ticket": {
            "status": "pending", "comment": {"body": "for us", "public": False}}})
        for method in ("PUT", "PATCH"):
            customer.call(method, one, {"request": {"comment": {"body": "Still."}}})
        comments = customer.get(f"{one}/comments")["comments"]
        self.t.check("a customer sees public comments alone",
                     [row["body"] for row in comments] == ["It leaks.", "Still.", "Still."])
        customer.get(f"{one}/comments/{comments[0]['id']}")
        for path in (f"{V2}/requests", f"{V2}/requests/open", f"{V2}/requests/solved",
                     f"{V2}/requests/ccd", f"{V2}/requests?status=open", one):
            customer.get(path)
        solved = customer.put(one, {"request": {"solved": True}})["request"]
        self.t.check("and says that it is solved", solved["solved"])
        other = self.make(f"{V2}/tickets", "ticket", {"subject": "of others", "comment": "x"})
        self.t.check("somebody else's ticket is not found",
                     customer.request("GET", f"{V2}/requests/{other}")[0] == 404)
        closed = (f"{V2}/tickets", f"{V2}/users", f"{V2}/search?query=x", f"{HELIO}/node",
                  f"{V2}/tickets/{answer['id']}", f"{V2}/incremental/tickets?start_time=0")
        statuses = [customer.request("GET", path)[0] for path in closed]
        self.t.check("the rest of the desk is closed to customers", set(statuses) == {403},
                     statuses)
        self.pages(f"{V2}/requests", f"{V2}/requests/open", f"{V2}/requests/solved",
                   f"{V2}/requests/ccd", f"{V2}/users/{self.user}/requests",
                   f"{V2}/organizations/{self.company}/requests", f"{one}/comments")
