/*
 * The law of ownership: who owns the ticket, what is lawful, what is void. Pure functions of a set
 * of deltas and an instant, after Sources/HelpdeskDomain/Ownership and /Verdict.
 */

/* Runs through the deltas of a set, in the order of their dots. */
#define EACH(g, set) for (int g = first_of(set, 0); g < LOG; g = first_of(set, g + 1))

c_code {

typedef struct Delta Fact;
enum Rank { HOME, PLAIN, COVERED, ACCEPTED, GRANT };

/* Ownership at an instant, and what else follows from the same facts. */
typedef struct View {
	int office, rank, chain, dot, epoch, version, start, end;
	int why;        /* the rank without the disguise that an ended grant gives it */
	int placement;  /* the dot of the shown placement */
	int stays, home, grant, since, due;
	int live, hidden;
} View;


static int has(int set, int g) { return set >> g & 1; }

/* The first delta of a set from an index on; LOG: there is none. */
static int first_of(int set, int from)
{
	set = set >> from << from;
	return set ? __builtin_ctz(set) : LOG;
}
static int author(int g) { return g / PER; }
static int max2(int a, int b) { return a > b ? a : b; }
static int min2(int a, int b) { return a < b ? a : b; }

/* ---- roster: who is on duty, who is open ---- */

static int duty(int ver, int t) { return (t / LEN + ver) % OFFICES; }
static int fallback(int ver) { return ver ? 1 : 2; }

static int rostered(int facts)
{
	EACH(g, facts)
		if (now.delta[g].kind == ROSTER) return 1;
	return 0;
}
static int version(int facts, int t) { return t >= EFFECT && rostered(facts); }
static int slot_start(int ver, int t)
{
	int start = t / LEN * LEN;
	return ver && start < EFFECT ? EFFECT : start;
}
static int slot_end(int facts, int t)
{
	int end = t / LEN * LEN + LEN;
	return t < EFFECT && EFFECT < end && rostered(facts) ? EFFECT : end;
}

/* The end of the window in which an office is open; 0: it is closed. */
static int open_until(int ver, int office, int t)
{
	int first = t / LEN * LEN;
	if (duty(ver, t) == office) return first + LEN + AFTER;
	if (t % LEN >= LEN - BEFORE && duty(ver, t + LEN) == office) return first + 2 * LEN + AFTER;
	if (t % LEN < AFTER && t >= LEN && duty(ver, t - LEN) == office) return first + AFTER;
	return 0;
}

/* ---- the placement register ---- */

/* Whether one write is shown over another: by (fence, owner bit, HLC, dot). */
static int beats(int a, int b)
{
	Fact *x = &now.delta[a], *y = &now.delta[b];
#ifndef MUTANT_FENCE_IGNORED
	if (x->fence != y->fence) return x->fence > y->fence;
	if (x->byowner != y->byowner) return x->byowner;
#endif
	if (x->hlc != y->hlc) return x->hlc > y->hlc;
	return a > b;
}

static int placements(int facts)
{
	int set = 0;
	EACH(g, facts)
		if (now.delta[g].kind >= CREATE && now.delta[g].kind <= MOVE) set |= 1 << g;
	return set;
}

static void register_of(int facts, View *v)
{
	int all = placements(facts), named = 0, unread = 0;
	EACH(g, all) {
		named |= now.delta[g].names;
		unread |= now.delta[g].unread;
	}
	v->live = all & ~named & ~unread;
	v->hidden = all & unread & ~named;
	v->placement = -1;
	v->epoch = 0;
	EACH(g, v->live | v->hidden) {
		v->epoch += now.delta[g].weight;
		if (has(v->live, g) && (v->placement < 0 || beats(g, v->placement))) v->placement = g;
	}
#ifdef MUTANT_LOSER_DROPPED
	v->hidden = 0;
#endif
#ifdef MUTANT_EPOCH_BY_STAMP
	if (v->placement >= 0) v->epoch = min2(31, now.delta[v->placement].hlc / 8);
#endif
}

/* ---- ownership ---- */

/* Whether a view is one that people are shown. Acts are decided and judged as if nobody had ever
   been removed, so that every node judges alike whatever it knows of the membership. */
static int shown_to_people;

static int is_removed(int office) { return has(now.removed, office); }
static int is_member(int office) { return !shown_to_people || !is_removed(office); }

/* The home office, else the founding one, else the first that is left. */
static int resting(int home)
{
	for (int o = 0; o < OFFICES && !is_member(home); o++) home = o;
	return home;
}

static int holder(int g)
{
	return now.delta[g].kind == TAKE ? author(g) : now.delta[g].to;
}

static int is_grant(int g) { return now.delta[g].kind >= TAKE && now.delta[g].kind <= BACK; }

/* Of two running grants the greater holds: by roster, slot, chain, dot. */
static int precedes(int a, int b)
{
	Fact *x = &now.delta[a], *y = &now.delta[b];
#ifdef MUTANT_WALL_CLOCK
	if (x->at != y->at) return x->at < y->at;
#endif
	if (x->ver != y->ver) return x->ver < y->ver;
	if (x->start != y->start) return x->start < y->start;
	if (x->chain != y->chain) return x->chain < y->chain;
	return a < b;
}

/* Whether an act of a board belongs to the slot of a view. */
static int in_slot(int g, View *v)
{
	Fact *d = &now.delta[g];
	return d->ver == v->version && slot_start(d->ver, d->at) == v->start;
}
static int by_duty(int g, View *v, int t)
{
	return in_slot(g, v) && author(g) == duty(v->version, t);
}

static int claims(int g)
{
	return now.delta[g].kind == ACCEPT && now.delta[g].to == LIES_SEEN ? ALL : now.delta[g].past;
}

/* The acceptance of the board with the greatest dot; -1: none. */
static int board_accepted(int facts, View *v, int t)
{
	int best = -1;
	EACH(g, facts)
		if (now.delta[g].kind == ACCEPT && by_duty(g, v, t)) best = g;
	return best;
}
static int board_seen(int facts, View *v, int t)
{
	int seen = 0;
	EACH(g, facts)
		if (by_duty(g, v, t)
		    && (now.delta[g].kind == ACCEPT || now.delta[g].kind == SEEN)) seen |= claims(g);
	return seen;
}

/* By which act the office on duty has accepted the ticket; -1: it has not. */
static int accepted(int facts, View *v, int t)
{
	int best = board_accepted(facts, v, t);
#ifndef MUTANT_ACCEPT_UNSEEN
	if (best >= 0 && !has(board_seen(facts, v, t), v->placement)) best = -1;
#endif
	EACH(g, facts) {
		Fact *d = &now.delta[g];
		if (!by_duty(g, v, t)) continue;
		if (d->kind != TOUCH && !(d->kind == CREATE && d->to == TOUCHES)) continue;
#ifndef MUTANT_TOUCH_UNSEEN
		if (!has(d->past | 1 << g, v->placement)) continue;
#endif
		best = max2(best, g);
	}
	return best;
}

static int covered(int facts, View *v)
{
	int best = -1;
	EACH(g, facts)
		if (in_slot(g, v)
		    && (now.delta[g].kind == COVER || now.delta[g].kind == COVER_ONE)) best = g;
	return best;
}

/*
 * The owner at an instant, by effective facts: pure and total. `timed`: whether the time of the
 * placement counts for the timer; it does for who decides, and not for who judges.
 */
static View view(int node, int facts, int t, int timed)
{
	View v;
	int steps = 0, ended = 0;
	memset(&v, 0, sizeof v);
	v.version = version(facts, t);
	v.start = slot_start(v.version, t);
	v.end = slot_end(facts, t);
	v.grant = -1;
	v.office = 255;
	register_of(facts, &v);
	if (v.placement < 0) return v;
	v.stays = now.delta[v.placement].kind == STAY;
	EACH(g, facts)
		if (now.delta[g].kind == CREATE) v.home = author(g);

	EACH(g, facts) {
		if (!is_grant(g) || now.delta[g].until <= v.start) continue;
		steps++;
		if (t < now.delta[g].until && is_member(holder(g))) {
			if (v.grant < 0 || precedes(v.grant, g)) v.grant = g;
		} else {
#ifndef MUTANT_END_FORGOTTEN
			steps++;
#endif
			if (now.delta[g].until <= t) ended = max2(ended, now.delta[g].until);
		}
	}
#ifdef MENDED_REVIVAL
	/* The greatest grant of all holds, or none: what was handed on does not come back. */
	{
		int last = -1, count = 0;
		EACH(g, facts) if (is_grant(g) && now.delta[g].until > 0) {
			if (last < 0 || precedes(last, g)) last = g;
			count += now.delta[g].until > v.start;
		}
		v.grant = last >= 0 && t < now.delta[last].until && is_member(holder(last)) ? last : -1;
		steps = 2 * count - (v.grant >= 0);
	}
#endif
#ifdef MUTANT_LAST_ARRIVAL
	if (now.arrived[node]) {
		int g = now.arrived[node] - 1;
		if (has(facts, g) && t < now.delta[g].until) v.grant = g;
	}
#endif

	/* Apart from grants: home, if it stays; else accept over cover over the plain office. */
	if (v.stays) {
		v.rank = HOME;
		v.office = resting(v.home);
		v.dot = v.placement;
	} else {
		int accept = accepted(facts, &v, t), cover = covered(facts, &v);
		if (!is_member(duty(v.version, t))) accept = -1;
		if (cover >= 0 && !is_member(author(cover))) cover = -1;
#ifdef MUTANT_COVER_FIRST
		if (cover >= 0) accept = -1;
#endif
		if (accept >= 0) {
			v.rank = ACCEPTED;
			v.office = duty(v.version, t);
			v.dot = accept;
		} else if (cover >= 0) {
			v.rank = COVERED;
			v.office = author(cover);
			v.dot = cover;
		} else {
			v.rank = PLAIN;
#ifndef MUTANT_NOBODY_YET
			v.office = duty(v.version, t);
			if (!is_member(v.office)) v.office = resting(v.home);
#endif
			v.dot = v.placement;
		}
	}
	v.why = v.rank;

	/* In transit: the timer runs from the slot's start, the placement, or the end of a grant. */
	v.since = max2(v.start, ended);
	if (timed) v.since = max2(v.since, (int)(now.delta[v.placement].hlc / TICKS));
	v.due = min2(v.since + WITHIN, max2(v.start, v.end - 1));

	if (v.grant >= 0) {
		v.why = v.rank = GRANT;
		v.office = holder(v.grant);
		v.dot = v.grant;
		v.chain = steps * 8;
	} else if (steps > 0) {
		v.chain = steps * 8 + v.rank;
		v.rank = GRANT;
	}
	return v;
}

/* (placement epoch, roster version, slot start, membership, rank, chain, dot) in one number. */
static int token_of(View *v)
{
	int later = (v->epoch * 2 + v->version) * 16 + v->start;
	/* One record at most is added here; the shipped token counts them all. */
#ifdef MUTANT_MEMBERS_FORGOTTEN
	later *= 2;
#else
	later = later * 2 + (now.removed != 0);
#endif
	return (((later * 8 + v->rank) * 128 + v->chain) * 16 + v->dot) + 1;
}

/* Whether an alarm stands at a node for the ticket. */
static int alarms(View *v, int facts, int t)
{
#ifdef MUTANT_TIMER_STOPS
	if (board_accepted(facts, v, t) >= 0) return 0;
#endif
	return v->why == PLAIN && t >= v->due;
}

/* Whether an office owned the ticket at some instant of the slot that starts at the fence. */
static int owned_in(int node, int facts, int office, int fence)
{
	int ver = version(facts, fence);
	if (slot_start(ver, fence) != fence) return 0;
	for (int t = fence; t < slot_end(facts, fence); t++)
		if (view(node, facts, t, 0).office == office) return 1;
	return 0;
}

/* Whether a lead of an office may cover the board. */
static int may_cover(int node, int facts, int office, int t)
{
	View v = view(node, facts, t, 0);
#ifndef MUTANT_COVER_BY_ANYONE
	if (fallback(v.version) != office) return 0;
#endif
	if (duty(v.version, t) == office) return 0;
	if (board_accepted(facts, &v, t) >= 0) return 0;
#ifdef MUTANT_COVER_EARLY
	return 1;
#endif
	return t >= min2(v.start + WITHIN, max2(v.start, v.end - 1));
}

static int may_cover_one(int node, int facts, int office, int t, int timed)
{
	View v = view(node, facts, t, timed);
#ifndef MUTANT_COVER_BY_ANYONE
	if (fallback(v.version) != office) return 0;
#endif
	if (duty(v.version, t) == office) return 0;
	if (v.why == COVERED) return 1;
#ifdef MUTANT_COVER_EARLY
	return v.why == PLAIN;
#endif
	return v.why == PLAIN && t >= v.due;
}

/* The verdict: whether a delta is void, by itself and the effective facts of its causal past. */
static int is_void(int node, int g, int facts)
{
	Fact *d = &now.delta[g];
	int me = author(g), t = d->at;
	switch (d->kind) {
	case STAY: case MOVE:
#ifdef MUTANT_OWNER_UNCHECKED
		return 0;
#endif
		return d->byowner && !owned_in(node, facts, me, d->fence);
	case ACCEPT: case SEEN: case TOUCH:
#ifndef MUTANT_VECTOR_UNCHECKED
		if (d->kind == ACCEPT && claims(g) & ~d->past) return 1;
#endif
#ifdef MUTANT_ACCEPT_BY_ANYONE
		return 0;
#endif
		return duty(d->ver, t) != me;
	case COVER: return !may_cover(node, facts, me, t);
	case COVER_ONE: return !may_cover_one(node, facts, me, t, 0);
	case TAKE: return open_until(d->ver, me, t) == 0;
	case HAND:
#ifndef MUTANT_HAND_BY_ANYONE
		if (view(node, facts, t, 0).office != me) return 1;
#endif
		return open_until(d->ver, d->to, t) == 0;
	case BACK: return view(node, facts, t, 0).office != me;
	default: return 0;
	}
}

}
