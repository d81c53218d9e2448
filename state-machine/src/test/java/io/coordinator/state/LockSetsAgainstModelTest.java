package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.AcquireCancelled;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.FenceMode;
import io.coordinator.protocol.LockForced;
import io.coordinator.protocol.LockMode;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.LockWaiter;
import io.coordinator.state.kernel.Budget;
import io.coordinator.state.kernel.Seeds;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Sets of locks in both modes, random clients, and beside them the plainest thing that could be right: a list of
 * claims, the granted and the waiting, gone through from the first to the last after every step.
 */
class LockSetsAgainstModelTest extends Script {
    private static final int STEPS = 500;
    private static final String[] CLIENTS = {"a", "b", "c", "d"};
    private static final String[] LOCKS = {"v", "w", "x", "y"};

    private final Random random = Seeds.random("LockSetsAgainstModelTest");
    /** In the order in which they came. */
    private final List<Claim> claims = new ArrayList<>();

    private final List<String> told = new ArrayList<>();
    private final Map<String, Long> lastTokens = new HashMap<>();
    private long nowMillis = 1_000;

    /** A request for locks, waiting or granted. */
    private static final class Claim {
        final String client;
        final List<String> names;
        final boolean reentrant;
        final long ttl;
        boolean shared;
        /** Of the wait, then of the grant; 0 for never. */
        long deadline;

        boolean granted;
        long token;
        /** Where it is still held. */
        final Set<String> live = new HashSet<>();
        /** The first is that of the request itself. */
        final List<Long> seqs = new ArrayList<>();

        Claim(String client, List<String> names, boolean shared, boolean reentrant, long ttl) {
            this.client = client;
            this.names = names;
            this.shared = shared;
            this.reentrant = reentrant;
            this.ttl = ttl;
        }

        boolean isWhole() {
            return live.size() == names.size();
        }
    }

    @RepeatedTest(10)
    @Feature({"B-07", "B-08", "B-19", "B-22", "S-39", "S-40", "DL-MULTI-2", "DL-MULTI-5", "PM-LOCK-5", "A-01"})
    void doesWhatTheModelDoes() {
        // Thin or thick: the outcome is the same, since all that is left is done before the next command.
        cutSlices(random.nextBoolean() ? 1 : Budget.SLICE_STEPS);
        for (String client : CLIENTS) {
            session(client);
        }
        for (int i = 0; i < STEPS; i++) {
            nowMillis += random.nextInt(100);
            told.clear();
            at(nowMillis);
            letTimePass();
            tick();
            drain();
            String client = CLIENTS[random.nextInt(CLIENTS.length)];
            switch (random.nextInt(10)) {
                case 0 -> tick();
                case 1, 2 -> release(client);
                case 3 -> cancel(client);
                case 4 -> extend(client);
                case 5 -> downgrade(client);
                case 6 -> force(client);
                default -> acquire(client);
            }
            drain();
            settle();
            compare();
        }
    }

    /** All that is due ends before anything is granted: nothing that is granted now can be due. */
    private void letTimePass() {
        for (Claim claim : List.copyOf(claims)) {
            if (claim.deadline != 0 && claim.deadline <= nowMillis) {
                told.add(claim.client + " " + (claim.granted ? "LOST" : "WAIT_ELAPSED") + " " + claim.seqs.get(0));
                end(claim);
            }
        }
        settle();
    }

    private void end(Claim claim) {
        claim.live.clear();
        claims.remove(claim);
    }

    /** Nobody passes an earlier claim that wants one of the same locks and has not got it. */
    private void settle() {
        for (Claim claim : claims) {
            if (!claim.granted && isFree(claim)) {
                claim.granted = true;
                claim.live.addAll(claim.names);
                claim.deadline = claim.ttl == 0 ? 0 : nowMillis + claim.ttl;
                told.add(claim.client + " GRANTED " + claim.seqs.get(0));
            }
        }
    }

    private boolean isFree(Claim claim) {
        for (Claim other : claims) {
            if (other.granted) {
                boolean meets = !Collections.disjoint(other.live, claim.names);
                if (meets && !(other.shared && claim.shared)) {
                    return false;
                }
            }
        }
        for (Claim earlier : claims.subList(0, position(claim))) {
            if (!earlier.granted && !Collections.disjoint(earlier.names, claim.names)) {
                return false;
            }
        }
        return true;
    }

    private int position(Claim claim) {
        int at = claims.indexOf(claim);
        return at < 0 ? claims.size() : at;
    }

    private List<String> someNames() {
        List<String> names = new ArrayList<>(List.of(LOCKS));
        Collections.shuffle(names, random);
        return List.copyOf(names.subList(0, 1 + random.nextInt(3)));
    }

    private void acquire(String client) {
        Claim claim = new Claim(
                client,
                someNames(),
                random.nextInt(3) == 0,
                random.nextInt(3) == 0,
                random.nextBoolean() ? 0 : 1 + random.nextInt(300));
        long wait = random.nextInt(4) == 0 ? -1 : random.nextInt(3) == 0 ? 0 : random.nextInt(400);
        Outcome outcome = session(client)
                .acquire(
                        claim.names,
                        AcquireLock.newBuilder()
                                .setTtlMillis(claim.ttl)
                                .setWaitMillis(wait)
                                .setReentrant(claim.reentrant)
                                .setMode(claim.shared ? LockMode.SHARED : LockMode.EXCLUSIVE));
        claim.seqs.add(outcome.seq());
        Claim own = enterable(claim);
        if (own != null) {
            outcome.gives(LockReply.OutcomeCase.GRANTED);
            own.seqs.add(outcome.seq());
            learn(own, outcome.token());
            assertThat(outcome.entered()).isEqualTo(own.seqs.size());
        } else if (isFree(claim)) {
            outcome.gives(LockReply.OutcomeCase.GRANTED);
            claims.add(claim);
            settle();
            told.remove(client + " GRANTED " + outcome.seq());
            learn(claim, outcome.token());
        } else if (wait == 0) {
            outcome.gives(LockReply.OutcomeCase.BUSY);
        } else {
            outcome.gives(LockReply.OutcomeCase.QUEUED);
            claim.deadline = wait < 0 ? 0 : nowMillis + wait;
            claims.add(claim);
        }
    }

    private @Nullable Claim enterable(Claim asked) {
        for (Claim claim : claims) {
            if (claim.granted
                    && asked.reentrant
                    && claim.reentrant
                    && !claim.shared
                    && !asked.shared
                    && claim.client.equals(asked.client)
                    && claim.isWhole()
                    && Set.copyOf(claim.names).equals(Set.copyOf(asked.names))) {
                return claim;
            }
        }
        return null;
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
            assertThat(session(client).release("x", 0).wasHeld()).isFalse();
            return;
        }
        Outcome outcome = session(client).release(claim.names, claim.token);
        assertThat(outcome.wasHeld()).isTrue();
        assertThat(outcome.reply().getLock().getReleased().getGoneList())
                .containsExactlyInAnyOrderElementsOf(gone(claim));
        claim.seqs.remove(claim.seqs.size() - 1);
        assertThat(outcome.entered()).isEqualTo(claim.seqs.size());
        if (claim.seqs.isEmpty()) {
            end(claim);
        }
    }

    private static List<String> gone(Claim claim) {
        return claim.names.stream().filter(name -> !claim.live.contains(name)).toList();
    }

    private void cancel(String client) {
        Claim claim = pick(client, false);
        if (claim == null) {
            session(client).cancelAcquire("x", 1).cancels(AcquireCancelled.Outcome.NOTHING);
            return;
        }
        Long seq = claim.seqs.get(random.nextInt(claim.seqs.size()));
        Outcome outcome = session(client).cancelAcquire(claim.names, seq);
        outcome.cancels(claim.granted ? AcquireCancelled.Outcome.RELEASED_GRANT : AcquireCancelled.Outcome.DEQUEUED);
        claim.seqs.remove(seq);
        if (claim.seqs.isEmpty()) {
            end(claim);
        }
    }

    private void extend(String client) {
        Claim claim = pick(client, true);
        if (claim == null) {
            session(client).extend("x", 0, 10).refused(ErrorCode.ELOCKEXTEND);
            return;
        }
        Outcome outcome = session(client).extend(claim.names, claim.token, 250);
        if (claim.isWhole()) {
            outcome.gives(LockReply.OutcomeCase.EXTENDED);
            claim.deadline = nowMillis + 250;
        } else {
            endsBroken(claim, outcome);
        }
    }

    private void downgrade(String client) {
        Claim claim = pick(client, true);
        if (claim == null) {
            session(client).downgrade(List.of("x"), 0).refused(ErrorCode.ELOCKEXTEND);
            return;
        }
        Outcome outcome = session(client).downgrade(claim.names, claim.token);
        if (claim.isWhole()) {
            outcome.gives(LockReply.OutcomeCase.DOWNGRADED);
            claim.shared = true;
        } else {
            endsBroken(claim, outcome);
        }
    }

    private void endsBroken(Claim claim, Outcome outcome) {
        outcome.refused(ErrorCode.EMULTILOCK);
        assertThat(outcome.reply().getError().getLockNamesList()).containsExactlyInAnyOrderElementsOf(gone(claim));
        end(claim);
    }

    private void force(String client) {
        List<String> names = someNames();
        Claim only = random.nextBoolean() ? pick(CLIENTS[random.nextInt(CLIENTS.length)], true) : null;
        List<Claim> ended = new ArrayList<>();
        for (Claim claim : List.copyOf(claims)) {
            boolean meant = only == null || only == claim;
            if (meant && claim.granted && claim.live.removeAll(names)) {
                ended.add(claim);
                told.add(claim.client + " LOST " + claim.seqs.get(0));
                if (claim.live.isEmpty()) {
                    claims.remove(claim);
                }
            }
        }
        Outcome outcome = session(client).force(names, only == null ? 0 : only.token, "op");
        LockForced forced = outcome.reply().getLock().getForced();
        List<Long> tokens = ended.stream().map(this::tokenOf).toList();
        assertThat(tokens).containsAll(forced.getTokensList());
        assertThat(forced.getMore()).isEqualTo(forced.getTokensCount() < tokens.size());
    }

    /** One that was granted in this very entry has only been told of its token. */
    private long tokenOf(Claim claim) {
        return claim.token != 0
                ? claim.token
                : core().pendingEvents(session(claim.client).id()).stream()
                        .filter(event -> event.getLock().hasGranted() && claim.seqs.contains(event.getRequestSeq()))
                        .mapToLong(event -> event.getLock().getGranted().getToken())
                        .findFirst()
                        .orElseThrow();
    }

    private void compare() {
        for (String client : CLIENTS) {
            compareEvents(client);
        }
        for (String name : LOCKS) {
            var inspection = session("a").inspect(name);
            assertThat(inspection.getHoldsList())
                    .extracting(hold -> hold.getToken() + " " + hold.getMode() + " " + hold.getDeadlineMillis() + " "
                            + hold.getEnteredSeqsCount())
                    .containsExactlyInAnyOrderElementsOf(claims.stream()
                            .filter(claim -> claim.live.contains(name))
                            .map(claim -> claim.token + " " + (claim.shared ? LockMode.SHARED : LockMode.EXCLUSIVE)
                                    + " " + claim.deadline + " " + (claim.seqs.size() - 1))
                            .toList());
            assertThat(inspection.getWaitersList())
                    .extracting(waiter -> waiter.getSessionId() + " " + waiter.getRequestSeq())
                    .containsExactlyElementsOf(claims.stream()
                            .filter(claim -> !claim.granted && claim.names.contains(name))
                            .map(claim -> session(claim.client).id() + " " + claim.seqs.get(0))
                            .toList());
            assertThat(inspection.getWaitersList())
                    .extracting(LockWaiter::getTicket)
                    .isSorted();
            Long last = lastTokens.get(name);
            if (last != null) {
                assertThat(session("a").verify(name, last, FenceMode.MONOTONIC).getLive())
                        .isTrue();
            }
        }
    }

    private void compareEvents(String client) {
        List<Event> heard = session(client).heard();
        assertThat(heard)
                .extracting(event -> client + " " + event.getLock().getOutcomeCase() + " " + event.getRequestSeq())
                .containsExactlyInAnyOrderElementsOf(
                        told.stream().filter(t -> t.startsWith(client)).toList());
        for (Event event : heard) {
            if (event.getLock().hasGranted()) {
                learn(client, event);
            }
        }
        acknowledgeAll(client);
    }

    /** Which tokens are given to those served in one entry is not the model's business; that they are new is. */
    private void learn(String client, Event granted) {
        long token = granted.getLock().getGranted().getToken();
        for (String name : granted.getLock().getNamesList()) {
            lastTokens.merge(name, token, Math::max);
        }
        for (Claim claim : claims) {
            if (claim.client.equals(client) && claim.seqs.contains(granted.getRequestSeq())) {
                learn(claim, token);
            }
        }
    }

    private void learn(Claim claim, long token) {
        assertThat(claim.token).isIn(0L, token);
        claim.token = token;
        for (String name : claim.names) {
            lastTokens.merge(name, token, Math::max);
        }
    }

    private void acknowledgeAll(String client) {
        List<Event> pending = core().pendingEvents(session(client).id());
        if (!pending.isEmpty()) {
            session(client).acksEvents(pending.get(pending.size() - 1).getNumber());
        }
    }
}
