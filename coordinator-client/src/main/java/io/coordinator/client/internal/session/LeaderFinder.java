package io.coordinator.client.internal.session;

import io.coordinator.client.internal.async.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Decides which node to try next, and when. It asks all nodes in rounds: without pause within a round, with growing
 * pauses between rounds, short ones while an election is likely. A hint to the leader is followed first. A node that
 * went silent is a suspect: it gets little time, twice as much each time that it stays silent, and none while others
 * answer that an election is on.
 *
 * <p>It does nothing itself and knows no clock. Not thread-safe.
 */
final class LeaderFinder {
    /** How long after the loss of a leader a new one is likely to appear any moment. */
    static final long ELECTION_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long ELECTION_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Duration SUSPECT_TIMEOUT = Duration.ofMillis(500);
    private static final int DOUBLINGS_MAX = 10;

    private final Backoff backoff;
    private final Duration timeout;
    private final Set<String> tried = new HashSet<>();
    /** How often each was silent when it was tried as a suspect. */
    private final Map<String, Integer> suspects = new HashMap<>();

    private final Patience patience;
    private final IntUnaryOperator random;
    private final Predicate<String> known;
    private boolean isToSpread;
    private long spreadNanos;
    private List<String> configured;
    private List<String> learned = List.of();
    private String hint = "";
    private String lastLeader = "";
    private int rounds;
    private boolean answeredThisRound;
    private boolean silentThisRound;
    private long electionUntilNanos;
    private boolean electionLikely;

    /**
     * One attempt.
     *
     * @param endpoint the node to try
     * @param delayNanos how long to wait before
     * @param timeout how long it may take to answer
     */
    record Attempt(String endpoint, long delayNanos, Duration timeout) {}

    /**
     * Knows the configured nodes only.
     *
     * @param random a number from 0 and below another: where to start, so that not all clients start at one node
     * @param known whether it is known where a node is; one of which only the name is known is left out while there are
     *     others, since its turn could take as long as the name service does (C-31)
     */
    LeaderFinder(
            List<String> configured,
            Backoff backoff,
            Duration timeout,
            Patience patience,
            IntUnaryOperator random,
            Predicate<String> known) {
        this.known = known;
        this.patience = patience;
        this.random = random;
        this.configured = List.copyOf(configured);
        this.backoff = backoff;
        this.timeout = timeout;
    }

    /** Every address known, those of the configuration first. */
    List<String> endpoints() {
        Set<String> all = new LinkedHashSet<>(configured);
        all.addAll(learned);
        return List.copyOf(all);
    }

    /**
     * Who loses its leader without a word waits a random part of this first; no node can make that more than a timeout.
     */
    void spread(Duration time) {
        spreadNanos = Math.min(Times.nanos(time), Times.nanos(timeout));
    }

    /** The configured names now stand for these addresses. */
    void resolved(List<String> addresses) {
        configured = List.copyOf(addresses);
    }

    Attempt next(long nowNanos) {
        electionLikely = electionLikely && nowNanos - electionUntilNanos < 0;
        Optional<String> candidate = candidate();
        if (candidate.isPresent()) {
            long delay = isToSpread ? backoff.spreadNanos(spreadNanos) : 0;
            isToSpread = false;
            return attempt(candidate.get(), delay);
        }
        // Nodes that are silent are perhaps busy with others that ask: then the pauses grow, even during an election.
        boolean isShort = electionLikely && (answeredThisRound || !silentThisRound);
        long pause = backoff.pauseNanos(rounds, isShort ? ELECTION_PAUSE_NANOS : Long.MAX_VALUE);
        rounds++;
        startRound();
        return attempt(candidate().orElseThrow(), pause);
    }

    private Attempt attempt(String endpoint, long delayNanos) {
        tried.add(endpoint);
        if (endpoint.equals(hint)) {
            hint = "";
        }
        Integer silences = suspects.get(endpoint);
        return new Attempt(endpoint, delayNanos, silences == null ? timeout : suspectTimeout(silences));
    }

    /** A slow leader can be a suspect, too: it must get in the end what it needs. */
    private Duration suspectTimeout(int silences) {
        long first = patience.nanos(SUSPECT_TIMEOUT.toNanos(), Times.nanos(timeout));
        int doublings = Math.min(silences, DOUBLINGS_MAX);
        long doubled = Math.min(first, Long.MAX_VALUE >> doublings) << doublings;
        return Duration.ofNanos(Math.min(doubled, Times.nanos(timeout)));
    }

    private Optional<String> candidate() {
        boolean anyKnown = endpoints().stream().anyMatch(known);
        if (!hint.isEmpty() && !tried.contains(hint) && (!anyKnown || known.test(hint))) {
            return Optional.of(hint);
        }
        return inOrder().stream()
                .filter(endpoint -> !anyKnown || known.test(endpoint))
                .filter(endpoint -> !tried.contains(endpoint))
                .filter(endpoint -> !(suspects.containsKey(endpoint) && answeredThisRound && electionLikely))
                .findFirst();
    }

    /** From a random node on, the last leader near the end, suspects at the very end. */
    private List<String> inOrder() {
        List<String> others = new ArrayList<>(endpoints());
        boolean hasLed = others.remove(lastLeader);
        Collections.rotate(others, -random.applyAsInt(Math.max(1, others.size())));
        if (hasLed) {
            others.add(lastLeader);
        }
        return Stream.concat(
                        others.stream().filter(endpoint -> !suspects.containsKey(endpoint)),
                        others.stream().filter(suspects::containsKey))
                .toList();
    }

    private void startRound() {
        tried.clear();
        answeredThisRound = false;
        silentThisRound = false;
    }

    /** A node answered that it does not lead, and perhaps who does. */
    void notLeader(String endpoint, String leader) {
        suspects.remove(endpoint);
        answeredThisRound = true;
        hint = leader;
    }

    /** A node could not be reached, and that was known quickly. */
    void unreachable(String endpoint) {
        suspects.remove(endpoint);
    }

    /**
     * A node did not answer in time.
     *
     * @return whether it is so again, without a word in between
     */
    boolean silent(String endpoint) {
        silentThisRound = true;
        boolean again = suspects.containsKey(endpoint);
        suspects.merge(endpoint, again ? 1 : 0, Integer::sum);
        return again;
    }

    /** A node said that the attempt waits its turn there. */
    void heard(String endpoint) {
        suspects.remove(endpoint);
        answeredThisRound = true;
    }

    /** A node attached the session. */
    void attached(String endpoint, List<String> endpoints) {
        learned = List.copyOf(endpoints);
        lastLeader = endpoint;
        suspects.remove(endpoint);
        hint = "";
        rounds = 0;
        startRound();
    }

    /** A node is to be tried again at once. */
    void retry(String endpoint) {
        tried.remove(endpoint);
        hint = endpoint;
    }

    /**
     * The attached node ended the stream, or the stream broke.
     *
     * @param silently it did not say goodbye
     * @param leader where it says the leader is, or empty
     */
    void lost(String endpoint, boolean silently, String leader, long nowNanos) {
        if (silently) {
            suspects.putIfAbsent(endpoint, 0);
            isToSpread = true;
        }
        electionLikely = true;
        electionUntilNanos = nowNanos + ELECTION_NANOS;
        hint = leader;
        rounds = 0;
        startRound();
    }
}
