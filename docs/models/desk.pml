/*
 * What a node does: it decides an act of a person, commits it, loses power, sends and receives;
 * after Sources/HelpdeskDomain/Decide. And what a liar signs by hand.
 */

c_code {

/* ---- decisions: what the door of an honest node lets through, and what a liar signs ---- */

static int clock_of(int me) { return now.instant + now.ahead[me]; }
static int facts_of(int me) { return now.known[me] & ~now.bad[me]; }
static int knows_ticket(int me) { return now.token[me] != 0; }

/* Whom a ticket is sent back to: who owned it before; -1: nobody else did. */
static int before(int me, View *v, int t)
{
	int facts = facts_of(me), office;
	if (v->why == GRANT) {
		int grant = v->grant;
		EACH(g, facts)
			if (is_grant(g) && !precedes(g, grant)) facts &= ~(1 << g);
		t = min2(now.delta[grant].at, t);
	} else {
		t = max2(0, v->start - 1);
	}
	office = view(me, facts, t, 1).office;
	return office == v->office ? -1 : office;
}

/* Some acts are left out where they would change nothing but a dot; README.md lists them. */
static int may(int me, int kind, int to)
{
	View v;
	int facts = facts_of(me), t = clock_of(me), mine;
	if (now.instant >= END || now.acts >= ACTS || now.made[me] >= PER || now.writing[me]
	    || is_removed(me)) return 0;
	if (kind == ROSTER) return t < EFFECT && !rostered(facts);
	v = view(me, facts, t, 1);
	mine = duty(v.version, t) == me;
	if (kind == ACCEPT) return mine && board_accepted(facts, &v, t) < 0;
	if (!knows_ticket(me)) return 0;
	switch (kind) {
	case SEEN:
		return mine && board_accepted(facts, &v, t) >= 0
			&& !has(board_seen(facts, &v, t), v.placement);
	case TOUCH: return mine && (v.why == PLAIN || v.why == COVERED);
	case COVER: return covered(facts, &v) < 0 && may_cover(me, facts, me, t);
	case COVER_ONE: return covered(facts, &v) < 0 && may_cover_one(me, facts, me, t, 1);
	case TAKE: return open_until(v.version, me, t) > 0 && !(v.why == GRANT && v.office == me);
	case HAND:
		return v.office == me && to != me && !is_removed(to) && open_until(v.version, to, t) > 0;
	case BACK: return v.office == me && before(me, &v, t) == to;
	case STAY: return !v.stays;
	case MOVE: return v.stays;
	}
	return 0;
}

/* What the rules forbid, by a reckoning of its own. */
static int may_forge(int me, int kind, int to)
{
	View v;
	int facts = facts_of(me), t = clock_of(me);
	if (now.instant >= END || now.acts >= ACTS || now.lies >= LIES || now.made[me] >= PER
	    || now.writing[me] || !knows_ticket(me) || is_removed(me)) return 0;
	v = view(me, facts, t, 1);
	switch (kind) {
	case ACCEPT:
		if (to != LIES_SEEN) return duty(v.version, t) != me;
		return duty(v.version, t) == me && (now.acked & ~now.known[me]) != 0;
	case COVER:
		return duty(v.version, t) == me || fallback(v.version) != me
			|| t < min2(v.start + WITHIN, v.end - 1);
	case COVER_ONE:
#ifdef STRICT_EARLY_COVER
		if (v.why == PLAIN && t < v.due) return 1;
#endif
		return duty(v.version, t) == me || fallback(v.version) != me;
	case HAND: return v.office != me;
	case STAY: case MOVE:
		if ((kind == STAY) == v.stays || v.start != slot_start(v.version, t)) return 0;
		for (int i = v.start; i < v.end; i++)
			if (view(me, facts, i, 1).office == me) return 0;
		return 1;
	}
	return 0;
}

/* ---- what must occur now and then; printed when the search ends ---- */

enum Case {
	C_ACCEPT, C_SEEN, C_TOUCH, C_COVER, C_COVER_ONE, C_TAKE, C_TAKE_FOREIGN, C_HAND, C_BACK,
	C_BACK_OFF_SHIFT, C_STAY, C_MOVE, C_ROSTER, C_FORGED, C_VOID, C_COMMIT, C_CRASH, C_ARRIVE,
	C_RELAY, C_VOID_RELAYED, C_LOSS, C_REPEAT, C_PAST_MISSING, C_SKEW_SLOT, C_TWO_OWNERS, C_ALARM,
	C_UNSEEN, C_LATE_ACCEPT, C_OVER_BOUNDARY, C_GRANT_ENDED, C_SECOND_ROSTER, C_CONFLICT, C_HIDDEN,
	C_OWNER_SHOWN, C_HEAL, CASES
};
static const char *case_names[CASES] = {
	"accept", "seen", "touch", "cover_board", "cover_ticket", "take", "take_foreign", "hand_to",
	"send_back", "send_back_off_shift", "stay", "move_on", "roster", "forged", "void", "commit",
	"crash", "arrive", "relay", "void_relayed", "loss", "repeat", "past_missing", "skewed_slots",
	"two_owners_apart", "alarm", "accepted_but_unseen", "late_accept_beats_cover",
	"grant_over_boundary", "grant_ended", "second_roster", "conflict", "hidden_loser",
	"owner_shown_over_bystander", "heal"
};
static unsigned long cases[CASES];
static void met(int c) { cases[c]++; }
static void report(void)
{
	for (int c = 0; c < CASES; c++) printf("case %s %lu\n", case_names[c], cases[c]);
}

static void met_act(int kind, int me, View *v, int to, int until)
{
	static const int direct[] = { [ACCEPT] = C_ACCEPT, [SEEN] = C_SEEN, [TOUCH] = C_TOUCH,
		[COVER] = C_COVER, [COVER_ONE] = C_COVER_ONE, [TAKE] = C_TAKE, [HAND] = C_HAND,
		[BACK] = C_BACK, [STAY] = C_STAY, [MOVE] = C_MOVE, [ROSTER] = C_ROSTER };
	met(direct[kind]);
	if (kind == TAKE && v->office != me) met(C_TAKE_FOREIGN);
	if (kind == BACK && until == 0) met(C_BACK_OFF_SHIFT);
}

/* ---- writing and receiving ---- */

static void place(Fact *d, View *v, int me, int forged)
{
	int set = v->live | v->hidden, highest = 0;
	EACH(g, set) highest = max2(highest, now.delta[g].fence);
	d->byowner = forged || (v->office == me && highest <= v->start);
	d->names = 1 << v->placement;
	d->fence = now.delta[v->placement].fence;
	if (d->byowner) d->fence = max2(d->fence, v->start);
	d->weight = now.delta[v->placement].weight + 1;
	/* Every other sibling that would still be shown over this write is replaced unread. */
	for (int again = 1; again;) {
		again = 0;
		EACH(g, v->live & ~d->names & ~d->unread) {
			Fact *o = &now.delta[g];
			if (o->fence < d->fence || (o->fence == d->fence && o->byowner <= d->byowner)) continue;
			d->unread |= 1 << g;
			d->fence = max2(d->fence, o->fence);
			again = 1;
		}
	}
}

/* Decides an act: fills in the next delta of a replica. Gives its index. */
static int decide(int me, int kind, int to, int forged)
{
	int g = me * PER + now.made[me], facts = facts_of(me), t = clock_of(me), hlc = t * TICKS;
	View v = view(me, facts, t, 1);
	Fact *d = &now.delta[g];
	memset(d, 0, sizeof *d);
	now.acts += kind != CREATE;
	now.lies += forged;
	d->kind = kind;
	d->at = t;
	d->ver = v.version;
	d->past = now.known[me];
	d->forged = forged;
	EACH(o, d->past)
		hlc = max2(hlc, now.delta[o].hlc + 1);
	d->hlc = hlc;
	switch (kind) {
	case CREATE:
		d->weight = 1;
		d->to = duty(v.version, t) == me ? TOUCHES : 0;
		break;
	case STAY: case MOVE: place(d, &v, me, forged); break;
	case ACCEPT: d->to = to; break;
	case TAKE: case HAND: case BACK:
		d->to = kind == TAKE || forged ? me : to;
		d->until = open_until(v.version, d->to, t);
		d->start = v.start;
		d->chain = 1;
		EACH(o, facts) if (is_grant(o)) {
			d->chain = max2(d->chain, now.delta[o].chain + 1);
#ifndef MUTANT_SLOW_HAND
			if (now.delta[o].ver == d->ver) d->start = max2(d->start, now.delta[o].start);
#endif
		}
		break;
	}
	for (int i = 0; i < OFFICES; i++) if (has(now.known[i], g)) now.broke = I8_FORK;
	if (!forged && kind != CREATE) met_act(kind, me, &v, d->to, d->until);
	if (forged) met(C_FORGED);
	return g;
}

/* Applies a delta whose past is here: judges it and lets the vector grow. 0 or an invariant. */
static int apply(int node, int g)
{
	Fact *d = &now.delta[g];
	int me = author(g), facts = d->past & ~now.bad[node];
#ifdef MUTANT_JUDGED_BY_PRESENT
	facts = facts_of(node);
#endif
	if (d->past & ~now.known[node]) return I6_PAST;
	if (is_void(node, g, facts)) {
#ifdef MUTANT_VOID_DROPPED
		if (node != me) return 0;
#endif
		now.bad[node] |= 1 << g;
		met(C_VOID);
	}
	now.known[node] |= 1 << g;
#ifdef MUTANT_LAST_ARRIVAL
	if (is_grant(g)) now.arrived[node] = g + 1;
#endif
	return has(now.bad[node], g) == d->forged ? 0 : I13_VERDICT;
}

/* What an honest author may expect of its own act, by a reckoning of its own. */
static int effect(int me, int g, View *was)
{
	Fact *d = &now.delta[g];
	View v = view(me, facts_of(me), d->at, 1);
	int t = d->at, placed = v.placement < 0 ? 0 : now.delta[v.placement].at;
	if (d->forged) return 0;
#ifndef STRICT_POWER
	/* As shipped: under a slow clock a grant names the old roster, and does not outrank. */
	EACH(o, d->past) if (is_grant(o) && now.delta[o].ver > d->ver) return 0;
#endif
	switch (d->kind) {
	case ACCEPT: case SEEN: case TOUCH: return duty(d->ver, t) == me ? 0 : I13_UNLAWFUL;
	case COVER:
		return fallback(d->ver) == me && (t >= v.start + WITHIN || t >= v.end - 1)
			? 0 : I13_UNLAWFUL;
	case COVER_ONE:
		return fallback(d->ver) == me && (t >= max2(v.start, placed) + WITHIN || t >= v.end - 1)
			? 0 : I13_UNLAWFUL;
	case TAKE: return v.office == me ? 0 : I13_POWERLESS;
	case HAND: case BACK:
		if (was->office != me) return I13_UNLAWFUL;
		return v.office == (d->until ? d->to : me) ? 0 : I13_POWERLESS;
	case STAY: case MOVE: return v.placement == g ? 0 : I15_OWNER;
	}
	return 0;
}

/* The commit of a decided act: it is durable, counts here, and its author is told. */
static int commit(int me)
{
	int g = me * PER + now.made[me], wrong;
	View was = view(me, facts_of(me), now.delta[g].at, 1);
	now.made[me]++;
	wrong = apply(me, g);
	now.acked |= 1 << g;
	return wrong ? wrong : effect(me, g, &was);
}

/* Power is lost: what was not durable is gone. */
static int crash(int me)
{
	int g = me * PER + now.made[me], spread = 0;
#ifdef MUTANT_ACK_EARLY
	g = me * PER + --now.made[me];
	now.known[me] &= ~(1 << g);
#endif
	for (int i = 0; i < OFFICES; i++) spread |= now.known[i];
	if (!has(spread, g)) memset(&now.delta[g], 0, sizeof now.delta[g]);
	met(C_CRASH);
	return has(now.acked & ~now.known[me], g) ? I1_LOST : 0;
}

/* ---- the network ---- */

/* What a node would send: what is durable there. */
static int sends(int node)
{
	int set = now.known[node];
#ifdef MUTANT_SEND_EARLY
	if (now.writing[node]) set |= 1 << (node * PER + now.made[node]);
#endif
	return set;
}

/* The next delta of a replica that a node lacks and another has; -1: there is none. */
static int next(int node, int of)
{
	for (int g = of * PER; g < of * PER + PER; g++) {
		if (has(now.known[node], g)) continue;
		for (int i = 0; i < OFFICES; i++) if (i != node && has(sends(i), g)) return g;
		return -1;
	}
	return -1;
}
static int ready(int g, int node) { return g >= 0 && !(now.delta[g].past & ~now.known[node]); }

static int can_arrive(int node, int of)
{
	int g = next(node, of);
	if (now.instant >= END || now.writing[node] || g < 0 || is_removed(node)) return 0;
#ifdef MUTANT_OUT_OF_ORDER
	return 1;
#endif
	return ready(g, node);
}

static int arrive(int node, int of)
{
	int g = next(node, of);
	met(C_ARRIVE);
	for (int i = 0; i < OFFICES; i++) if (i != of && i != node && has(now.known[i], g)) {
		met(C_RELAY);
		if (has(now.bad[i], g)) met(C_VOID_RELAYED);
	}
	return apply(node, g);
}

/* A message that is lost, comes again, or comes too soon changes nothing. */
static void noise(void)
{
	if (now.instant >= END) return;
	for (int node = 0; node < OFFICES; node++)
		for (int of = 0; of < OFFICES; of++) if (node != of) {
			int g = next(node, of);
			if (g >= 0) met(ready(g, node) ? C_LOSS : C_PAST_MISSING);
			if (has(now.known[node], of * PER)) met(C_REPEAT);
		}
}

}
