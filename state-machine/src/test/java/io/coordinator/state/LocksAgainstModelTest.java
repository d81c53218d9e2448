package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.AcquireCancelled;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.LockWaiter;
import io.coordinator.state.kernel.Budget;
import io.coordinator.state.kernel.Seeds;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;

/** One lock, random clients, and beside it the plainest thing that could be right: a holder and a list. */
class LocksAgainstModelTest extends Script {
    private static final int STEPS = 400;
    private static final String[] CLIENTS = {"a", "b", "c", "d"};

    private final Random random = Seeds.random("LocksAgainstModelTest");
    private final List<Claim> waiting = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private @Nullable Claim holder;
    private long nowMillis = 1_000;
    private long lastToken;
    /** Then a deadline further back can come to its turn before the grant of one who has waited all along. */
    private boolean thin;

    /** A request for the lock, waiting or granted. */
    private static final class Claim {
        final String client;
        final long ttl;
        /** Of the wait, then of the grant; 0 for never. */
        long deadline;

        long seq;
        long token;

        Claim(String client, long ttl) {
            this.client = client;
            this.ttl = ttl;
        }
    }

    @RepeatedTest(3)
    @Feature({"PM-LOCK-2", "PM-LOCK-5", "G-7", "S-31", "A-43"})
    void doesWhatTheModelDoes() {
        // Thin or thick: the outcome is the same, since all that is left is done before the next command.
        thin = random.nextBoolean();
        cutSlices(thin ? 1 : Budget.SLICE_STEPS);
        for (String client : CLIENTS) {
            session(client);
        }
        for (int i = 0; i < STEPS; i++) {
            nowMillis += random.nextInt(120);
            told.clear();
            at(nowMillis);
            letTimePass();
            tick();
            drain();
            String client = CLIENTS[random.nextInt(CLIENTS.length)];
            switch (random.nextInt(5)) {
                case 0 -> tick();
                case 1 -> release(client);
                case 2 -> cancel(client);
                default -> acquire(client);
            }
            drain();
            compare();
        }
    }

    /** Deadlines in their order; what is due at one moment ends together. */
    private void letTimePass() {
        for (Claim due = firstDue(); due != null; due = firstDue()) {
            if (due == holder) {
                told.add(due.client + " LOST");
                handOn();
            } else {
                waiting.remove(due);
                told.add(due.client + " WAIT_ELAPSED");
                passOverHeads();
            }
        }
    }

    /** Whoever is the first in line now, and is over as well, ends with the one before. */
    private void passOverHeads() {
        while (!waiting.isEmpty() && isDue(waiting.get(0))) {
            told.add(waiting.remove(0).client + " WAIT_ELAPSED");
        }
    }

    private boolean isDue(Claim claim) {
        return claim.deadline != 0 && claim.deadline <= nowMillis;
    }

    private @Nullable Claim firstDue() {
        Claim first = null;
        List<Claim> all = new ArrayList<>(waiting);
        if (holder != null) {
            // Before a waiter with the same deadline.
            all.add(0, holder);
        }
        for (Claim claim : all) {
            if (isDue(claim) && (first == null || claim.deadline < first.deadline)) {
                first = claim;
            }
        }
        return first;
    }

    private void handOn() {
        holder = null;
        Iterator<Claim> queue = waiting.iterator();
        while (queue.hasNext() && holder == null) {
            Claim next = queue.next();
            queue.remove();
            if (isDue(next)) {
                told.add(next.client + " WAIT_ELAPSED");
            } else {
                grant(next);
                told.add(next.client + " GRANTED");
            }
        }
    }

    private void grant(Claim claim) {
        holder = claim;
        claim.token = ++lastToken;
        claim.deadline = claim.ttl == 0 ? 0 : nowMillis + claim.ttl;
    }

    private void acquire(String client) {
        Claim claim = new Claim(client, random.nextBoolean() ? 0 : 1 + random.nextInt(300));
        long wait = random.nextInt(4) == 0 ? -1 : random.nextInt(400);
        Outcome outcome = session(client).acquire("x", claim.ttl, wait);
        claim.seq = outcome.seq();
        if (holder == null) {
            outcome.gives(LockReply.OutcomeCase.GRANTED);
            grant(claim);
        } else if (wait == 0) {
            outcome.gives(LockReply.OutcomeCase.BUSY);
        } else {
            outcome.gives(LockReply.OutcomeCase.QUEUED).ahead(waiting.size());
            claim.deadline = wait < 0 ? 0 : nowMillis + wait;
            waiting.add(claim);
        }
    }

    private void release(String client) {
        Claim held = holder;
        if (held == null || !held.client.equals(client)) {
            assertThat(session(client).release("x", 0).wasHeld()).isFalse();
            return;
        }
        assertThat(session(client).release("x", held.token).wasHeld()).isTrue();
        handOn();
    }

    private void cancel(String client) {
        List<Claim> mine = new ArrayList<>(waiting);
        if (holder != null) {
            mine.add(holder);
        }
        mine.removeIf(claim -> !claim.client.equals(client));
        if (mine.isEmpty()) {
            session(client).cancelAcquire("x", 1).cancels(AcquireCancelled.Outcome.NOTHING);
            return;
        }
        Claim claim = mine.get(random.nextInt(mine.size()));
        Outcome outcome = session(client).cancelAcquire("x", claim.seq);
        if (claim == holder) {
            outcome.cancels(AcquireCancelled.Outcome.RELEASED_GRANT);
            handOn();
        } else {
            outcome.cancels(AcquireCancelled.Outcome.DEQUEUED);
            waiting.remove(claim);
        }
    }

    private void compare() {
        var inspection = session("a").inspect("x");
        assertThat(inspection.getHoldsCount() > 0).isEqualTo(holder != null);
        if (holder != null) {
            assertThat(inspection.getHolds(0).getSessionId())
                    .isEqualTo(session(holder.client).id());
            assertThat(inspection.getHolds(0).getRequestSeq()).isEqualTo(holder.seq);
            assertThat(inspection.getHolds(0).getDeadlineMillis()).isEqualTo(holder.deadline);
            assertThat(inspection.getHolds(0).getToken()).isEqualTo(holder.token);
        }
        assertThat(inspection.getWaitersList())
                .extracting(LockWaiter::getRequestSeq)
                .containsExactlyElementsOf(
                        waiting.stream().map(claim -> claim.seq).toList());
        for (String client : CLIENTS) {
            List<String> expected =
                    told.stream().filter(t -> t.startsWith(client)).toList();
            var heard = assertThat(session(client).heard())
                    .extracting(event -> client + " " + event.getLock().getOutcomeCase());
            if (thin) {
                heard.containsExactlyInAnyOrderElementsOf(expected);
            } else {
                heard.containsExactlyElementsOf(expected);
            }
            acknowledgeAll(client);
        }
    }

    private void acknowledgeAll(String client) {
        List<Event> pending = core().pendingEvents(session(client).id());
        if (!pending.isEmpty()) {
            session(client).acksEvents(pending.get(pending.size() - 1).getNumber());
        }
    }
}
