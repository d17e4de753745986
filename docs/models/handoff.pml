/*
 * Who owns a ticket while offices hand work to each other around the sun: the shipped rules of
 * ownership and handoff, for one ticket, three offices with a node each, a network that loses,
 * delays and repeats, nodes that crash, clocks off by a step, and one liar.
 *
 * README.md says what is modelled, why that is enough, and how to read a counterexample.
 * `docs/models/check` runs it. By hand, the configuration of the defaults below:
 *
 *     spin -a handoff.pml && gcc -O2 -DSAFETY -DNOREDUCE -o pan pan.c && ./pan -m100000
 *
 * What may happen is here, in Promela: the processes at the end. The law itself (who owns, what is
 * lawful, what is void) is functions of the state, in C inside c_code, since Promela has none:
 *
 *     law.pml         roster, placement register, ownership, verdicts: pure
 *     desk.pml        decisions and lies, commits, crashes, the network
 *     invariants.pml  what must hold, after every step
 */

/* ---- bounds ---------------------------------------------------------------------------- */

#define OFFICES 3               /* one node each; node n is of office n */
#ifndef SLOTS
#define SLOTS 3                 /* duty slots in a run */
#endif
#ifndef LEN
#define LEN 3                   /* steps of time in a slot */
#endif
#define END (SLOTS * LEN)       /* the run ends here: then the network heals */
#define WITHIN 1                /* accept_within */
#define BEFORE 1                /* an office opens so many steps before its slot */
#define AFTER 1                 /* ... and closes so many after it */
#define EFFECT (LEN + 1)        /* a second roster takes effect here: inside slot 1 */
#ifndef ACTS
#define ACTS 2                  /* acts of people in a run, beside the ticket's birth */
#endif
#ifndef LIES
#define LIES 1                  /* of these, acts that the rules forbid, correctly signed */
#endif
#define PER 3                   /* deltas of one replica */
#define LOG (OFFICES * PER)
#define ALL ((1 << LOG) - 1)

/* Which acts a run may have; README.md lists the configurations. */
#ifndef BOARD
#define BOARD 1                 /* accept, seen, touch, cover */
#endif
#ifndef GRANTS
#define GRANTS 1                /* take, hand to, send back */
#endif
#ifndef PLACING
#define PLACING 1               /* stay, move on */
#endif
#ifndef ROSTERS
#define ROSTERS 1               /* a second roster is published */
#endif
#ifndef CRASHES
#define CRASHES 1               /* power is lost between the decision and the commit */
#endif
#ifndef SKEW
#define SKEW 0                  /* clocks a step ahead: of 0 none, 1 one node at most, 2 any */
#endif
#ifndef BORN
#define BORN 2                  /* the offices that may create the ticket, as a mask */
#endif
#ifndef LATE
#define LATE 0                  /* the ticket may also be born in the second step of slot 0 */
#endif
#ifndef REMOVALS
#define REMOVALS 0              /* an office may be removed from the cluster */
#endif
#ifndef BACKSTEPS
#define BACKSTEPS 0             /* a clock that is ahead may be put right */
#endif
#ifndef NOISE
#define NOISE 1                 /* messages that are lost, repeated or too early, as steps */
#endif

/* ---- deltas ---------------------------------------------------------------------------- */

#define NONE 0
#define CREATE 1                /* the ticket is born: its first placement, moving on */
#define STAY 2                  /* a placement: it stays with its home office */
#define MOVE 3                  /* a placement: it moves on with the roster */
#define ACCEPT 4                /* the lead of the office on duty accepts the board */
#define SEEN 5                  /* what a node of that office has seen since */
#define TOUCH 6                 /* an agent of the office on duty works on the ticket */
#define COVER 7                 /* the fallback's lead covers the whole board */
#define COVER_ONE 8             /* ... or this ticket */
#define TAKE 9
#define HAND 10
#define BACK 11
#define ROSTER 12

/* What the number of a broken invariant in an assertion means (docs: INVARIANTS by number). */
#define I1_LOST 1               /* an acknowledged act is gone */
#define I6_PAST 6               /* a delta was applied without its causal past */
#define I4_STALL 4              /* after the heal nodes hold different deltas */
#define I8_FORK 8               /* two deltas under one dot */
#define I10_OWNERLESS 10        /* no known office owns the ticket */
#define I11_EQUAL 11            /* equal knowledge, another owner or token */
#define I11_SECOND 111          /* a second owner without a recorded act */
#define I12_BACK 12             /* the token went back on a node */
#define I13_UNLAWFUL 13         /* an act had effect that is not its author's to do */
#define I13_VERDICT 131         /* nodes judge one delta differently, or a lawful act void */
#define I13_POWERLESS 132       /* a lawful take or hand-over did not move the ticket */
#define I14_UNSEEN 14           /* accepted, and not provably seen */
#define I14_ALARM 141           /* waits longer than accept_within, and no alarm */
#define I15_LOST 15             /* a loser's act is neither shown, nor flagged, nor was read */
#define I15_OWNER 151           /* a bystander's write is shown over the owner's */

/*
 * One delta. Its index is its dot: author * PER + seq - 1, so dots compare as (slot, seq) do.
 * Sets of deltas are bit masks over these indices; a version vector is such a set.
 */
typedef Delta {
	unsigned kind : 4;
	unsigned at : 4;        /* the author's clock */
	unsigned ver : 1;       /* the roster in force for the author */
	unsigned past : 12;     /* what the author had applied */
	unsigned to : 2;        /* the receiving office; for CREATE and ACCEPT see TOUCHES, LIES_SEEN */
	unsigned until : 5;     /* of a grant: the end of the holder's window; 0: off shift */
	unsigned start : 4;     /* of a grant: the slot start it names */
	unsigned chain : 3;     /* of a grant: one more than those its author knew */
	unsigned names : 12;    /* of a placement: the siblings it replaces, having read them */
	unsigned unread : 12;   /* ... and those it replaces unread */
	unsigned weight : 5;    /* ... one more than the weights it replaces */
	unsigned fence : 4;     /* ... the slot start of the owner's token */
	unsigned byowner : 1;
	unsigned hlc : 8;       /* time * TICKS + counter */
	unsigned forged : 1     /* breaks the rules on purpose; no node can see this bit */
};

#define TICKS 16
#define TOUCHES 1               /* CREATE: by the office on duty, so it accepts the ticket too */
#define LIES_SEEN 1             /* ACCEPT: claims to have seen everything there is */

Delta delta[LOG];
byte instant;                   /* true time */
bit ahead[OFFICES];             /* whose clock is a step ahead */
byte made[OFFICES];             /* deltas of each replica */
short known[OFFICES];           /* what each node has applied */
short bad[OFFICES];             /* ... and of that, what it judged void */
bit writing[OFFICES];           /* its last delta is decided and not durable */
short acked;                    /* deltas whose authors were told that they are safe */
byte owner[OFFICES];            /* who owns the ticket, by each node and its clock */
int token[OFFICES];             /* ... and under which token; 0: not known there */
byte removed;                   /* offices that are no members any more, as a mask */
byte acts;
byte lies;
byte broke;                     /* the invariant that was broken last; 0 in every good state */
#ifdef MUTANT_LAST_ARRIVAL
byte arrived[OFFICES];
#endif

#include "law.pml"
#include "desk.pml"
#include "invariants.pml"

/* ---- the run --------------------------------------------------------------------------- */

/* Every invariant, after every step, on every node that it changed. */
#define LOOK(node) c_code { if (!now.broke) now.broke = look(node); }
inline hold()
{
	assert(broke != I1_LOST);
	assert(broke != I4_STALL);
	assert(broke != I6_PAST);
	assert(broke != I8_FORK);
	assert(broke != I10_OWNERLESS);
	assert(broke != I11_EQUAL);
	assert(broke != I11_SECOND);
	assert(broke != I12_BACK);
	assert(broke != I13_UNLAWFUL);
	assert(broke != I13_VERDICT);
	assert(broke != I13_POWERLESS);
	assert(broke != I14_UNSEEN);
	assert(broke != I14_ALARM);
	assert(broke != I15_LOST);
	assert(broke != I15_OWNER);
	assert(broke == 0)
}

/* A decided act is committed at once, or hangs until it is committed or power is lost. */
inline written()
{
#ifdef MUTANT_ACK_EARLY
	writing[me] = 1;
	c_code { now.broke = commit(Poffice->me); };
#elif CRASHES
	writing[me] = 1;
#else
	c_code { if (!now.broke) now.broke = commit(Poffice->me); };
#endif
	LOOK(Poffice->me);
	hold()
}

/* What a person does through the door of an honest node; what a liar signs by hand. */
#define ACT(kind, to, text) \
	d_step { c_expr { may (Poffice->me, kind, to) } -> \
		printf(text, instant + ahead[me], me); \
		c_code { decide(Poffice->me, kind, to, 0); }; \
		written() }
#define LIE(kind, to, text) \
	d_step { c_expr { may_forge (Poffice->me, kind, to) } -> \
		printf(text, instant + ahead[me], me); \
		c_code { decide(Poffice->me, kind, to, 1); }; \
		written() }

proctype office(byte me)
{
end:	do
#if BOARD
	:: ACT(ACCEPT, 0, "%d: office %d accepts the board\n")
	:: ACT(SEEN, 0, "%d: office %d records what it has seen\n")
	:: ACT(TOUCH, 0, "%d: office %d works on the ticket\n")
	:: ACT(COVER, 0, "%d: office %d covers the board\n")
	:: ACT(COVER_ONE, 0, "%d: office %d covers the ticket\n")
#endif
#if GRANTS
	:: ACT(TAKE, 0, "%d: office %d takes the ticket\n")
	:: ACT(HAND, 0, "%d: office %d hands the ticket to 0\n")
	:: ACT(HAND, 1, "%d: office %d hands the ticket to 1\n")
	:: ACT(HAND, 2, "%d: office %d hands the ticket to 2\n")
	:: ACT(BACK, 0, "%d: office %d sends the ticket back to 0\n")
	:: ACT(BACK, 1, "%d: office %d sends the ticket back to 1\n")
	:: ACT(BACK, 2, "%d: office %d sends the ticket back to 2\n")
#endif
#if PLACING
	:: ACT(STAY, 0, "%d: office %d lets the ticket stay at home\n")
	:: ACT(MOVE, 0, "%d: office %d lets the ticket move on\n")
#endif
#if ROSTERS
	:: ACT(ROSTER, 0, "%d: office %d publishes the second roster\n")
#endif
#if LIES > 0
	:: LIE(ACCEPT, 0, "%d: office %d forges an acceptance\n")
	:: LIE(ACCEPT, 1, "%d: office %d claims to have seen everything\n")
	:: LIE(COVER, 0, "%d: office %d forges a cover of the board\n")
	:: LIE(COVER_ONE, 0, "%d: office %d forges a cover\n")
	:: LIE(HAND, 0, "%d: office %d hands itself what it does not own\n")
	:: LIE(STAY, 0, "%d: office %d forges an owner's write: stay\n")
	:: LIE(MOVE, 0, "%d: office %d forges an owner's write: move on\n")
#endif
#if CRASHES || defined(MUTANT_ACK_EARLY)
	:: d_step { writing[me] ->
		printf("   office %d commits\n", me);
		writing[me] = 0;
#ifndef MUTANT_ACK_EARLY
		c_code { if (!now.broke) now.broke = commit(Poffice->me); met(C_COMMIT); };
#endif
		LOOK(Poffice->me);
		hold() }
	:: d_step { writing[me] ->
		printf("   office %d loses power before the commit\n", me);
		writing[me] = 0;
		c_code { if (!now.broke) now.broke = crash(Poffice->me); };
		LOOK(Poffice->me);
		hold() }
#endif
	od
}

#define ARRIVES(node, of) \
	d_step { c_expr { can_arrive (node, of) } -> \
		printf("   office %d applies the next delta of %d\n", node, of); \
		c_code { now.broke = arrive(node, of); }; \
		LOOK(node); \
		hold() }

proctype network()
{
end:	do
	:: ARRIVES(0, 1)
	:: ARRIVES(0, 2)
	:: ARRIVES(1, 0)
	:: ARRIVES(1, 2)
	:: ARRIVES(2, 0)
	:: ARRIVES(2, 1)
#if REMOVALS
	:: d_step { instant < END && removed == 0 -> removed = 1 << 0;
		printf("   office 0 is removed\n"); LOOK(EVERY); hold() }
	:: d_step { instant < END && removed == 0 -> removed = 1 << 1;
		printf("   office 1 is removed\n"); LOOK(EVERY); hold() }
	:: d_step { instant < END && removed == 0 -> removed = 1 << 2;
		printf("   office 2 is removed\n"); LOOK(EVERY); hold() }
#endif
#if BACKSTEPS
	:: d_step { instant < END && ahead[0] -> ahead[0] = 0;
		printf("   the clock of office 0 is put right\n"); LOOK(0); hold() }
	:: d_step { instant < END && ahead[1] -> ahead[1] = 0;
		printf("   the clock of office 1 is put right\n"); LOOK(1); hold() }
	:: d_step { instant < END && ahead[2] -> ahead[2] = 0;
		printf("   the clock of office 2 is put right\n"); LOOK(2); hold() }
#endif
#if NOISE
	:: d_step { instant < END -> c_code { noise(); } }
#endif
	od
}

proctype sun()
{
	do
	:: d_step { instant < END - 1 ->
		instant++;
		printf("%d: a step later\n", instant);
		LOOK(EVERY);
		hold() }
	:: d_step { instant == END - 1 && !writing[0] && !writing[1] && !writing[2] ->
		instant = END;
		printf("%d: the links come back\n", instant);
		c_code { now.broke = heal(); };
		LOOK(EVERY);
		hold();
		c_code { forget(); } } ->
		break
	od
}

init
{
	atomic {
		c_code {
			static int once;
			if (!once++) atexit(report);
		};
#ifdef AHEAD
		ahead[0] = (AHEAD & 1) > 0;
		ahead[1] = (AHEAD & 2) > 0;
		ahead[2] = (AHEAD & 4) > 0;
#elif SKEW
		if
		:: true
		:: ahead[0] = 1
		:: ahead[1] = 1
		:: ahead[2] = 1
#if SKEW > 1
		:: ahead[0] = 1; ahead[1] = 1
		:: ahead[0] = 1; ahead[2] = 1
		:: ahead[1] = 1; ahead[2] = 1
#endif
		fi;
#endif
#if LATE
		if :: true :: instant = 1 fi;
#endif
		if
		:: (BORN & 1) -> c_code { decide(0, CREATE, 0, 0); now.broke = commit(0); }
		:: (BORN & 2) -> c_code { decide(1, CREATE, 0, 0); now.broke = commit(1); }
		:: (BORN & 4) -> c_code { decide(2, CREATE, 0, 0); now.broke = commit(2); }
		fi;
		LOOK(EVERY);
		hold();
		printf("%d: the ticket is born at office %d; clocks ahead: %d %d %d\n", instant,
			(made[0] -> 0 : (made[1] -> 1 : 2)), ahead[0], ahead[1], ahead[2]);
		run office(0);
		run office(1);
		run office(2);
		run network();
		run sun()
	}
}
