/*
 * What must hold after every step, by reckonings of their own where there is one; the numbers are
 * those of the project's list of invariants.
 */

c_code {

/* Whether an effective act explains that two nodes name two owners. */
static int explained(int apart, int together)
{
	int cover = 0;
	EACH(g, together)
		if (now.delta[g].kind == COVER || now.delta[g].kind == COVER_ONE)
			cover = 1;
	EACH(g, apart) {
		int kind = now.delta[g].kind;
		if (kind == COVER || kind == COVER_ONE || is_grant(g) || kind == STAY || kind == MOVE
		    || kind == ROSTER) return 1;
		if (cover && (kind == ACCEPT || kind == SEEN || kind == TOUCH)) return 1;
	}
	return 0;
}

/* By the log alone: the office on duty has, in this slot, written something knowing of it. */
static int provably_seen(int node, View *v, int t)
{
	EACH(g, facts_of(node)) {
		if (!by_duty(g, v, t)) continue;
		if (has(now.delta[g].past | 1 << g, v->placement)) return 1;
	}
	return 0;
}

/* What a node shows: an office that was removed owns nothing. */
static View shown(int node, int facts, int t)
{
	View v;
	shown_to_people = 1;
	v = view(node, facts, t, 1);
	shown_to_people = 0;
	return v;
}

static int check_node(int j)
{
	int facts = facts_of(j), t = clock_of(j), number, moved;
	View v;
	if (placements(facts) == 0) return 0;
	v = shown(j, facts, t);
	number = token_of(&v);
	if (v.office >= OFFICES) return I10_OWNERLESS;
	if (number < now.token[j]) return I12_BACK;
	now.token[j] = number;
#ifdef STRICT_REVIVAL
	/* Nobody gets back by time alone what they handed on. */
	if (v.why == GRANT && v.office != now.owner[j])
		EACH(g, facts)
			if (is_grant(g) && now.delta[g].kind != TAKE
			    && now.delta[g].until > 0 && author(g) == v.office
			    && has(now.delta[g].past, v.grant)) return I13_UNLAWFUL;
#endif
	now.owner[j] = v.office;

	if (v.why == ACCEPTED && !provably_seen(j, &v, t)) return I14_UNSEEN;
	if (v.why == COVERED && v.office != fallback(v.version)) return I13_UNLAWFUL;
	/* A late accept beats a cover. */
	if (v.why == COVERED && board_accepted(facts, &v, t) >= 0
	    && has(board_seen(facts, &v, t), v.placement)) return I13_UNLAWFUL;
	moved = max2(v.start, now.delta[v.placement].at + (SKEW > 0));
	EACH(g, facts)
		if (is_grant(g) && now.delta[g].until > v.start
		    && now.delta[g].until <= t) moved = max2(moved, now.delta[g].until);
	if (v.why == PLAIN && (t >= moved + WITHIN || t >= v.end - 1) && !alarms(&v, facts, t))
		return I14_ALARM;
#ifdef STRICT_HANDED
	/* What was handed to an office that does not know is alarmed too. */
	if (v.why == GRANT && author(v.grant) != v.office
	    && t >= now.delta[v.grant].at + WITHIN + (SKEW > 0) && !alarms(&v, facts, t)) {
		int told = 0;
		EACH(g, facts)
			if (author(g) == v.office && has(now.delta[g].past, v.grant)) told = 1;
		if (!told) return I14_ALARM;
	}
#endif

	if (v.why == PLAIN && alarms(&v, facts, t)) met(C_ALARM);
	if (v.why == PLAIN && board_accepted(facts, &v, t) >= 0) met(C_UNSEEN);
	if (v.why == ACCEPTED && covered(facts, &v) >= 0) met(C_LATE_ACCEPT);
	if (v.why == GRANT && now.delta[v.grant].start < v.start) met(C_OVER_BOUNDARY);
	if (v.why != GRANT && v.rank == GRANT) met(C_GRANT_ENDED);
	if (v.version) met(C_SECOND_ROSTER);
	if (v.live & (v.live - 1)) met(C_CONFLICT);
	if (v.hidden) met(C_HIDDEN);

	/* Of writes that did not see each other the owner's is shown over a bystander's. */
	EACH(g, v.live & ~(1 << v.placement)) {
		Fact *shown = &now.delta[v.placement], *other = &now.delta[g];
		if (other->byowner && !shown->byowner && other->fence >= shown->fence) return I15_OWNER;
		if (shown->byowner && !other->byowner && other->hlc > shown->hlc) met(C_OWNER_SHOWN);
	}
	/* Each placement is shown, in the conflict inbox, or was replaced by one who had read it. */
	EACH(g, placements(facts) & ~(v.live | v.hidden)) {
		int kept = 0;
		EACH(o, facts)
			if (has(now.delta[o].names & now.delta[o].past, g)) kept = 1;
		if (!kept) return I15_LOST;
	}
	return 0;
}

static int check_pair(int a, int b)
{
	int same = now.known[a] == now.known[b];
	if ((now.bad[a] ^ now.bad[b]) & now.known[a] & now.known[b]) return I13_VERDICT;
	if (!now.token[a] || !now.token[b]) return 0;
	if (now.ahead[a] != now.ahead[b]) {
		if (clock_of(a) / LEN != clock_of(b) / LEN) met(C_SKEW_SLOT);
		if (!same) return 0;
		/* At the same instant, that of a's clock. */
		View v = shown(b, facts_of(b), clock_of(a));
		return token_of(&v) == now.token[a] && v.office == now.owner[a] ? 0 : I11_EQUAL;
	}
	if (same) return now.token[a] == now.token[b] && now.owner[a] == now.owner[b] ? 0 : I11_EQUAL;
	if (now.owner[a] == now.owner[b]) return 0;
	met(C_TWO_OWNERS);
	return explained(facts_of(a) ^ facts_of(b), facts_of(a) & facts_of(b)) ? 0 : I11_SECOND;
}

/* All that was to be checked was: ends need not be told apart. */
static void forget(void)
{
	memset(now.delta, 0, sizeof now.delta);
	for (int j = 0; j < OFFICES; j++)
		now.made[j] = now.known[j] = now.bad[j] = now.owner[j] = now.token[j] = 0;
	now.acked = now.acts = now.lies = now.removed = 0;
}

/* After a step that changed one node, or all. */
#define EVERY OFFICES
static int look(int changed)
{
	int wrong = 0;
	for (int j = 0; j < OFFICES && !wrong; j++)
		if (changed == EVERY || changed == j) wrong = check_node(j);
	for (int a = 0; a < OFFICES && !wrong; a++)
		for (int b = a + 1; b < OFFICES && !wrong; b++)
			if (changed == EVERY || changed == a || changed == b) wrong = check_pair(a, b);
	return wrong;
}

/* The links come back: everything is exchanged, in causal order. */
static int heal(void)
{
	int all = 0, moved = 1;
	met(C_HEAL);
	for (int g = 0; g < LOG; g++) if (g % PER < now.made[author(g)]) all |= 1 << g;
	while (moved) {
		moved = 0;
		for (int node = 0; node < OFFICES; node++)
			for (int of = 0; of < OFFICES; of++) {
				int g = next(node, of), wrong;
				if (!ready(g, node)) continue;
				wrong = apply(node, g);
				if (wrong) return wrong;
				if (has(now.known[node], g)) moved = 1;
			}
	}
	for (int node = 0; node < OFFICES; node++) {
		if (now.known[node] != all) return I4_STALL;
		if (now.acked & ~now.known[node]) return I1_LOST;
		now.ahead[node] = 0;
		now.token[node] = 0;
	}
	return 0;
}

}
