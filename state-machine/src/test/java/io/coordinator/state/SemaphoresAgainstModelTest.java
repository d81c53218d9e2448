package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.PermitHold;
import io.coordinator.protocol.PermitsCancelled;
import io.coordinator.protocol.SemaphoreReply;
import io.coordinator.state.kernel.Budget;
import io.coordinator.state.kernel.Seeds;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;

/** One semaphore, random clients, and beside it a list of claims, the granted and the waiting. */
class SemaphoresAgainstModelTest extends Script {
    private static final int STEPS = 400;
    private static final String[] CLIENTS = {"a", "b", "c", "d"};

    private final Random random = Seeds.random("SemaphoresAgainstModelTest");
    /** In the order in which they came. */
    private final List<Claim> claims = new ArrayList<>();

    private final List<String> told = new ArrayList<>();
    private long nowMillis = 1_000;
    private int limit = 3;

    private static final class Claim {
        final String client;
        final int permits;
        final long ttl;
        long deadline;
        long seq;
        long token;
        boolean granted;
        boolean aside;

        Claim(String client, int permits, long ttl) {
            this.client = client;
            this.permits = permits;
            this.ttl = ttl;
        }
    }

    @RepeatedTest(3)
    @Feature({"B-21", "B-08", "DL-SEM-1", "DL-SEM-5", "G-7"})
    void doesWhatTheModelDoes() {
        // Thin or thick: the outcome is the same, since all that is left is done before the next command.
        cutSlices(random.nextBoolean() ? 1 : Budget.SLICE_STEPS);
        session("a").resize("s", limit);
        for (int i = 0; i < STEPS; i++) {
            nowMillis += random.nextInt(100);
            told.clear();
            at(nowMillis);
            letTimePass();
            tick();
            drain();
            String client = CLIENTS[random.nextInt(CLIENTS.length)];
            switch (random.nextInt(7)) {
                case 0 -> tick();
                case 1, 2 -> release(client);
                case 3 -> cancel(client);
                case 4 -> resize(client);
                default -> acquire(client);
            }
            drain();
            settle();
            compare();
        }
    }

    private void letTimePass() {
        for (Claim claim : List.copyOf(claims)) {
            if (claim.deadline != 0 && claim.deadline <= nowMillis) {
                told.add(claim.client + (claim.granted ? " LOST " : " WAIT_ELAPSED ") + claim.seq);
                claims.remove(claim);
            }
        }
        settle();
    }

    private int held() {
        return claims.stream()
                .filter(claim -> claim.granted)
                .mapToInt(claim -> claim.permits)
                .sum();
    }

    private void settle() {
        for (Claim claim : claims) {
            if (!claim.granted && !claim.aside) {
                if (claim.permits > limit - held()) {
                    return;
                }
                claim.granted = true;
                claim.deadline = claim.ttl == 0 ? 0 : nowMillis + claim.ttl;
                told.add(claim.client + " GRANTED " + claim.seq);
            }
        }
    }

    private void acquire(String client) {
        Claim claim = new Claim(client, 1 + random.nextInt(4), random.nextBoolean() ? 0 : 1 + random.nextInt(300));
        long wait = random.nextInt(4) == 0 ? -1 : random.nextInt(400);
        boolean someoneWaits = claims.stream().anyMatch(c -> !c.granted && !c.aside);
        Outcome outcome = session(client).permits("s", claim.permits, 1, claim.ttl, wait);
        claim.seq = outcome.seq();
        if (!someoneWaits && claim.permits <= limit - held()) {
            outcome.gives(SemaphoreReply.OutcomeCase.GRANTED);
            claims.add(claim);
            settle();
            told.remove(client + " GRANTED " + claim.seq);
        } else if (wait == 0) {
            outcome.gives(SemaphoreReply.OutcomeCase.BUSY);
        } else {
            outcome.gives(SemaphoreReply.OutcomeCase.QUEUED);
            claim.deadline = wait < 0 ? 0 : nowMillis + wait;
            claim.aside = claim.permits > limit;
            claims.add(claim);
        }
    }

    private @Nullable Claim pick(String client, boolean grantedOnly) {
        List<Claim> mine = new ArrayList<>(claims);
        // Whoever was served only now has not heard of its token yet.
        mine.removeIf(claim -> !claim.client.equals(client) || (grantedOnly && claim.token == 0));
        return mine.isEmpty() ? null : mine.get(random.nextInt(mine.size()));
    }

    private void release(String client) {
        Claim claim = pick(client, true);
        if (claim == null) {
            session(client).releasePermits("s", 0).refused(ErrorCode.ENOTOWNER);
            return;
        }
        assertThat(session(client).releasePermits("s", claim.token).wasHeld()).isTrue();
        claims.remove(claim);
    }

    private void cancel(String client) {
        Claim claim = pick(client, false);
        Outcome outcome = session(client).cancelPermits("s", claim == null ? 1 : claim.seq);
        if (claim == null) {
            outcome.cancels(PermitsCancelled.Outcome.NOTHING);
        } else {
            outcome.cancels(
                    claim.granted ? PermitsCancelled.Outcome.RELEASED_GRANT : PermitsCancelled.Outcome.DEQUEUED);
            claims.remove(claim);
        }
    }

    private void resize(String client) {
        limit = random.nextInt(5);
        session(client).resize("s", limit).gives(SemaphoreReply.OutcomeCase.RESIZED);
        for (Claim claim : List.copyOf(claims)) {
            if (!claim.granted && !claim.aside && claim.permits > limit) {
                told.add(claim.client + " IMPOSSIBLE " + claim.seq);
                claims.remove(claim);
            }
            claim.aside &= claim.permits > limit;
        }
    }

    private void compare() {
        var inspection = session("a").inspectSemaphore("s");
        assertThat(inspection.getLimit()).isEqualTo(limit);
        assertThat(inspection.getHeld()).isEqualTo(held());
        assertThat(inspection.getHoldsList())
                .extracting(hold -> hold.getSessionId() + " " + hold.getRequestSeq() + " " + hold.getDeadlineMillis())
                .containsExactlyInAnyOrderElementsOf(claims.stream()
                        .filter(claim -> claim.granted)
                        .map(claim -> session(claim.client).id() + " " + claim.seq + " " + claim.deadline)
                        .toList());
        assertThat(inspection.getWaitersList())
                .extracting(waiter -> waiter.getSessionId() + " " + waiter.getRequestSeq())
                .containsExactlyElementsOf(claims.stream()
                        .filter(claim -> !claim.granted)
                        .map(claim -> session(claim.client).id() + " " + claim.seq)
                        .toList());
        for (PermitHold hold : inspection.getHoldsList()) {
            claims.stream()
                    .filter(claim -> claim.granted
                            && claim.seq == hold.getRequestSeq()
                            && session(claim.client).id() == hold.getSessionId())
                    .forEach(claim -> claim.token = hold.getToken());
        }
        for (String client : CLIENTS) {
            assertThat(session(client).heard())
                    .extracting(
                            event -> client + " " + event.getSemaphore().getOutcomeCase() + " " + event.getRequestSeq())
                    .containsExactlyInAnyOrderElementsOf(
                            told.stream().filter(t -> t.startsWith(client)).toList());
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
