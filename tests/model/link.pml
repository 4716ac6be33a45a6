/*
 * The link between two nodes, one direction of it: outbox, envelopes, inbox, receipts, as
 * services/referral/app/link_runner.cc, inbound.cc and receipts.cc do it, with everything else left
 * out. Checked over every interleaving of: verbs that make messages, a stream that breaks anywhere,
 * envelopes of a broken stream that are still taken in, both processes killed between any two
 * commits, the receiver refusing any message, and one of the two put back to an older backup.
 *
 * Held:
 *   - a message takes effect at most once, whatever is sent again;
 *   - what the sender was told of a message is what happened to it, and never changes;
 *   - messages of one epoch take effect in the order in which they were made;
 *   - every message ends: when nothing can move any more, each has its receipt;
 *   - nothing goes round in a circle (checked as non-progress cycles).
 *
 * Left out: time, so that neither back-off nor the giving up of old messages is seen; the contents
 * of envelopes, and with them the chain of digests. What a receiver that was put back has lost is
 * not sent again by the link; that it is missing is for the two nodes' comparison to find.
 *
 * WITHOUT_… builds a protocol with one rule missing. The checker must find what goes wrong then, or
 * the model would say nothing (model_test.py holds it to that).
 */

#ifndef MESSAGES
#define MESSAGES 2
#endif  /* that the sender makes, restored ones not counted */
#define WINDOW 2    /* envelopes without a receipt */
#ifndef TROUBLES
#define TROUBLES 1
#endif  /* broken streams and killed processes */
#define IDS (MESSAGES + 2)

#define NONE 0
#define ACCEPTED 1
#define REFUSED 2
#define RESTORED 3  /* no receipt: the place was another message's, so the sender was restored */

/* --- On the sender's disk. --- */
byte outbox[IDS];     /* the message at a number, from 1; numbers have no gaps */
byte made;            /* last number */
byte confirmed;       /* last number with a receipt */
byte out_epoch = 1;
byte out_base;        /* the number before the epoch's first */
byte told[IDS];       /* by message: what its receipt said */

/* --- On the receiver's disk. --- */
byte in_epoch = 1;
byte in_sequence;     /* last one with a receipt */
byte inbox[IDS];      /* by message: the outcome its receipt tells */
byte effects[IDS];    /* by message: how often it took effect */
byte last_effect;     /* number of the last message of this epoch that took effect */

/* --- In memory, gone with a kill. --- */
byte last_sent;       /* number */
bool up;              /* there is a stream */
byte stream;          /* which one: a receipt goes back only by the stream its envelope came by */

byte next_id = 1;     /* ids are random in truth: never used twice, not even after a restore */
byte troubles;

/* --- The backup, and what was lost by going back to it. --- */
byte was_made, was_confirmed, was_epoch, was_base, was_sequence, was_last_effect;
byte was_inbox[IDS];
bool lost[IDS];

/* number is carried only to check the order; the protocol goes by epoch and sequence. */
chan wire = [WINDOW] of { byte, byte, byte, byte };  /* epoch, sequence, message, number */
chan stale = [WINDOW] of { byte, byte, byte, byte }; /* of a broken stream, not yet taken in */
chan back = [WINDOW] of { byte, byte };              /* message, outcome */

inline lose_stream() {
  up = false;
  byte a, b, c, d;
  do
  :: nempty(wire) ->
     wire?a,b,c,d;
     if
     :: nfull(stale) -> stale!a,b,c,d   /* arrived, and is still worked on */
     :: true                            /* lost */
     fi
  :: empty(wire) -> break
  od;
  do
  :: nempty(back) -> back?a,b
  :: empty(back) -> break
  od;
  a = 0; b = 0; c = 0; d = 0
}

inline keep_inbox() {
  number = 1;
  do
  :: number < IDS -> was_inbox[number] = inbox[number]; number++
  :: else -> break
  od;
  number = 0
}

/* The receiver is as its backup; what took effect since is undone. */
inline forget() {
  number = 1;
  do
  :: number < IDS ->
     if
     :: inbox[number] != was_inbox[number] ->
        lost[number] = true; inbox[number] = NONE; effects[number] = 0
     :: else
     fi;
     number++
  :: else -> break
  od;
  number = 0
}

inline begin_epoch() {
  out_epoch = in_epoch + 1;
  out_base = confirmed
}

/* What becomes of an envelope; one commit, as TakeOnce. `outcome` is NONE when it has no receipt. */
inline take(epoch, sequence, message, number) {
  outcome = NONE;
  if
  :: (epoch < in_epoch) -> skip                                /* an epoch that was left */
  :: (epoch == in_epoch && sequence > in_sequence + 1) -> skip /* a gap */
  :: (epoch > in_epoch && sequence != 1) -> skip               /* a gap at an epoch's beginning */
#ifndef WITHOUT_DEDUPE
  :: (epoch == in_epoch && sequence <= in_sequence) ->
     if
     :: inbox[message] != NONE -> outcome = inbox[message]
#ifdef WITHOUT_RESTORED
     :: else
#else
     :: else -> outcome = RESTORED
#endif
     fi
#endif
  :: else ->
     if
     :: epoch > in_epoch -> last_effect = 0
     :: else
     fi;
     in_epoch = epoch;
     in_sequence = sequence;
     if
#ifndef WITHOUT_MESSAGE_IDS
     :: inbox[message] != NONE -> outcome = inbox[message]  /* known from an earlier epoch */
     :: inbox[message] == NONE ->
#else
     :: true ->
#endif
        if
        :: outcome = ACCEPTED;
           effects[message]++;
           assert(effects[message] == 1);
           assert(number > last_effect);
           last_effect = number
        :: outcome = REFUSED
        fi;
        inbox[message] = outcome
     fi
  fi
}

active proctype Verbs() {
  do
  :: atomic { made - confirmed < WINDOW + 1 && next_id <= MESSAGES ->
       made++; outbox[made] = next_id; next_id++
     }
  :: next_id > MESSAGES -> break
  od
}

active proctype Sender() {
  byte message, outcome;
end:
  do
  :: atomic { !up && confirmed < made ->
       /* The opening: a sender that knows of fewer envelopes than arrived, or is in an older
          epoch, was restored. */
       if
       :: out_epoch < in_epoch || (out_epoch == in_epoch && made - out_base < in_sequence) ->
          begin_epoch()
#ifndef WITHOUT_FORGETFUL_RECEIVERS
       /* The receiver expects what it confirmed before: it was restored. */
       :: (in_epoch == out_epoch && in_sequence < confirmed - out_base) ||
          (in_epoch < out_epoch && confirmed > out_base) ->
          out_epoch++;
          out_base = confirmed
#endif
       :: else ->
          up = true;
          stream = (stream + 1) % 4;  /* enough to tell it from the ones before */
          last_sent = confirmed
       fi
     }
  :: atomic { up && last_sent < made && nfull(wire) && last_sent - confirmed < WINDOW ->
       last_sent++;
       wire!out_epoch, last_sent - out_base, outbox[last_sent], last_sent
     }
  :: atomic { up && nempty(back) ->
       back?message,outcome;
       if
       :: outcome == NONE -> lose_stream()      /* "not in order" ends the stream */
       :: outcome == RESTORED -> lose_stream(); begin_epoch()
       :: outcome == ACCEPTED || outcome == REFUSED ->
          assert(message == outbox[confirmed + 1]);
          assert(told[message] == NONE || told[message] == outcome || lost[message]);
          confirmed++;
          told[message] = outcome
       fi;
       message = 0; outcome = 0
     }
  od
}

active proctype Receiver() {
  byte epoch, sequence, message, number, outcome, by;
end:
  do
  :: atomic { nempty(wire) ->
       wire?epoch,sequence,message,number;
       by = stream;
       take(epoch, sequence, message, number)
     };
     /* Between the commit and the receipt the stream may break, or either process be killed. */
     atomic {
       if
       :: up && by == stream -> back!message,outcome
       :: else -> skip
       fi;
       epoch = 0; sequence = 0; message = 0; number = 0; outcome = 0; by = 0
     }
  :: atomic { nempty(stale) ->
       stale?epoch,sequence,message,number;
       take(epoch, sequence, message, number);
       epoch = 0; sequence = 0; message = 0; number = 0; outcome = 0
     }
  od
}

/* Streams break and processes are killed: either way everything in memory and on the wire is gone,
   and nothing that was committed. */
active proctype Trouble() {
  do
  :: atomic { troubles < TROUBLES && up -> troubles++; lose_stream() }
  :: troubles >= TROUBLES -> break
  :: next_id > MESSAGES && confirmed == made -> break
  od
}

/* Once, one of the two is put back to a backup and forgets what it committed since then. */
active proctype Restore() {
  byte number;
  if
  :: atomic { true ->
       was_made = made; was_confirmed = confirmed; was_epoch = out_epoch; was_base = out_base
     };
end_sender:
     atomic { made > was_made ->
       lose_stream();
       number = was_made + 1;
       do
       :: number <= made -> outbox[number] = 0; number++
       :: else -> break
       od;
       made = was_made; confirmed = was_confirmed; out_epoch = was_epoch; out_base = was_base;
       /* Its people do again, under a new id, what is no longer there. */
       made++; outbox[made] = MESSAGES + 1;
       number = 0
     }
  :: atomic { true ->
       was_epoch = in_epoch; was_sequence = in_sequence; was_last_effect = last_effect;
       keep_inbox()
     };
end_receiver:
     atomic { in_epoch != was_epoch || in_sequence != was_sequence ->
       lose_stream();
       do
       :: nempty(stale) -> stale?_,_,_,_  /* what it was working on is gone with it */
       :: empty(stale) -> break
       od;
       in_epoch = was_epoch; in_sequence = was_sequence; last_effect = was_last_effect;
       forget()
     }
  :: true
  fi
}

/* When nothing can move any more, everything that the sender knows of has its receipt, and the
   receipts say what happened. */
active proctype AtRest() {
  byte number = 1;
  atomic {
    timeout ->
    assert(confirmed == made);
    do
    :: number <= made ->
       assert(told[outbox[number]] != NONE);
       assert(lost[outbox[number]] ||
              (told[outbox[number]] == ACCEPTED) == (effects[outbox[number]] == 1));
       number++
    :: else -> break
    od
  }
}
