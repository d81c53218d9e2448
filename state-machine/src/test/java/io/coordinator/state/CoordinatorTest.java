package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompareAndSet;
import io.coordinator.protocol.Count;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.GetStats;
import io.coordinator.protocol.Increment;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.Ping;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SessionQuery;
import io.coordinator.protocol.Stats;
import io.coordinator.protocol.TopicDefaults;
import io.coordinator.testing.feature.Feature;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CoordinatorTest extends Script {

    @Test
    @Feature({"G-3", "A-39"})
    void timeNeverRetreats() {
        at(5_000).session("a").put("k", "1", 1_000, false);
        at(2_000).tick();
        assertThat(core().clusterTimeMillis()).isEqualTo(5_000);
        assertThat(last().clusterTimeMillis()).isEqualTo(5_000);
        session("a").put("later", "1", 1_000, false);
        assertThat(session("a").entry("later").orElseThrow().getExpiresAtMillis())
                .isEqualTo(6_000);
    }

    @Test
    @Feature("G-3")
    void theNextDeadlineIsTheSoonestOfAllTypes() {
        assertThat(core().nextDeadlineMillis()).isEmpty();
        at(1_000).session("a").put("k", "1", 3_000, false);
        session("a").acquire("x", 2_000, 0);
        long token = session("a").reserve("b", 1_000, 0).token();
        assertThat(core().nextDeadlineMillis()).hasValue(2_000);
        session("a").complete("b", token, "1");
        assertThat(core().nextDeadlineMillis()).hasValue(3_000);
    }

    @Test
    void entriesComeInOrderButNeedNotBeContiguous() {
        core().apply(index() + 10, Entry.getDefaultInstance());
        assertThat(core().index()).isEqualTo(index() + 10);
        assertThatThrownBy(() -> core().apply(index() + 10, Entry.getDefaultInstance()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theLastWordOfALeaderIsKnownUntilTheNextEntry() {
        apply(Entry.newBuilder().setLeaseReleased(true));
        assertThat(core().leaseReleased()).isTrue();
        assertThat(new Store().save(core()).load().leaseReleased()).isTrue();
        tick();
        assertThat(core().leaseReleased()).isFalse();
    }

    @Test
    @Feature("G-12")
    void aDigestOfTheLeaderThatIsNotOursIsReported() {
        apply(Entry.newBuilder().setLeaseReleased(true));
        long lastWord = index();
        long afterIt = core().digest();
        session("a").put("k", "1");
        long index = index();
        long digest = core().digest();

        assertThat(compare(index, digest)).isFalse();
        assertThat(compare(index, digest + 1)).isTrue();
        assertThat(compare(lastWord, afterIt)).as("the last word of a leader").isFalse();
        assertThat(compare(0, 77)).as("no digest").isFalse();
        assertThat(compare(index + 1_000, 77)).as("not applied here yet").isFalse();
        for (int i = 0; i < 1_024; i++) {
            core().apply(core().index() + 1, Entry.getDefaultInstance());
        }
        assertThat(compare(index, digest + 1)).as("too long ago").isFalse();
    }

    private boolean compare(long index, long digest) {
        Entry entry = Entry.newBuilder().setDigestIndex(index).setDigest(digest).build();
        return core().apply(core().index() + 1, entry).diverged();
    }

    @Test
    @Feature("G-12")
    void everyPartOfTheStateCountsInTheDigest() {
        long before = core().digest();
        tick();
        assertThat(core().digest()).isNotEqualTo(before);
        Coordinator other = new Coordinator(Limits.DEFAULT);
        other.apply(index(), Entry.newBuilder().setLeaseReleased(true).build());
        assertThat(other.digest()).isNotEqualTo(core().digest());
        State state = core().state();
        counts("the cluster time", () -> state.nowMillis++);
        counts("the active version", () -> state.activeVersion = 2);
        counts("the quota", () -> state.stateBytesMax++);
        counts(
                "the defaults of topics",
                () -> state.topicBounds.set(
                        TopicDefaults.newBuilder().setTopicsMax(7).build()));
        counts("revisions", () -> assertThat(state.counters.nextRevision()).isPositive());
        counts("tokens", () -> assertThat(state.counters.nextToken()).isPositive());
        counts("tickets", () -> assertThat(state.counters.nextTicket()).isPositive());
        counts("session ids", () -> assertThat(state.counters.nextSessionId()).isPositive());
    }

    @Test
    @Feature("G-12")
    void theContentOfADocumentCountsInTheDigest() {
        session("a").put("k", "1");
        Coordinator other = new Store().save(core()).load();
        session("a").open("d", "[1]");
        Entry.Builder changed = lastEntry().toBuilder();
        changed.getCommandsBuilder(0).getDocumentBuilder().getOpenBuilder().setInitialContent(Actor.json("[2]"));
        assertThat(other.apply(index(), changed.build()).replies()).isEqualTo(last().replies());
        assertThat(other.digest()).isNotEqualTo(core().digest());
    }

    private void counts(String what, Runnable change) {
        long before = core().digest();
        change.run();
        assertThat(core().digest()).as(what).isNotEqualTo(before);
    }

    static Stream<Command> unknown() {
        return Stream.of(
                Command.getDefaultInstance(),
                Command.newBuilder()
                        .setSession(SessionCommand.getDefaultInstance())
                        .build(),
                Command.newBuilder().setLock(LockCommand.getDefaultInstance()).build(),
                Command.newBuilder().setCache(CacheCommand.getDefaultInstance()).build(),
                Command.newBuilder()
                        .setCache(CacheCommand.newBuilder().setCompareAndSet(CompareAndSet.getDefaultInstance()))
                        .build(),
                Command.newBuilder()
                        .setCache(CacheCommand.newBuilder().setIncrement(Increment.getDefaultInstance()))
                        .build(),
                Command.newBuilder().setBuild(BuildCommand.getDefaultInstance()).build());
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void anUnknownCommandStopsTheReplica(Command command) {
        Actor a = session("a");
        assertThat(refuse(command)).isPresent();
        Entry entry =
                Entry.newBuilder().addCommands(a.stamp(command.toBuilder())).build();
        assertThatThrownBy(() -> core().apply(index() + 1, entry))
                .isInstanceOf(UnknownCommandException.class)
                .hasMessageContaining("log entry " + (index() + 1))
                .hasMessageContaining("upgrade this node");
    }

    @Test
    void statsCountTheWholeState() {
        session("a").acquire("x");
        session("b").acquire("x", 0, -1);
        session("a").put("k", "1");
        session("a").complete("done", session("a").reserve("done", 100, 0).token(), "1");
        long token = session("a").reserve("pending", 100, 0).token();
        session("b").reserve("pending", 100, -1);

        Stats stats = query(Query.newBuilder()
                        .setSession(SessionQuery.newBuilder().setStats(GetStats.getDefaultInstance())))
                .getSession()
                .getStats();

        assertThat(stats.getStateBytes()).isEqualTo(core().stateBytes()).isPositive();
        assertThat(stats.getUsageList()).isNotEmpty();
        assertThat(stats.getCountsList())
                .extracting(Count::getName, Count::getValue)
                .containsExactly(
                        tuple("locks", 1L),
                        tuple("lockWaiters", 1L),
                        tuple("cacheEntries", 1L),
                        tuple("buildsPending", 1L),
                        tuple("buildsDone", 1L),
                        tuple("buildWaiters", 1L),
                        tuple("semaphores", 0L),
                        tuple("permitWaiters", 0L),
                        tuple("documents", 0L),
                        tuple("durableTopics", 0L),
                        tuple("topicMessages", 0L),
                        tuple("consumerGroups", 0L),
                        tuple("groupMembers", 0L),
                        tuple("unsettledDeliveries", 0L),
                        tuple("groupLag", 0L),
                        tuple("groupRedeliveries", 0L),
                        tuple("groupDeadLetters", 0L),
                        tuple("groupMissed", 0L),
                        tuple("procedures", 0L),
                        tuple("rpcWorkers", 0L),
                        tuple("rpcCalls", 0L),
                        tuple("rpcCallsWaiting", 0L),
                        tuple("queues", 0L),
                        tuple("queueWorkers", 0L),
                        tuple("jobs", 0L),
                        tuple("jobSteps", 0L),
                        tuple("jobAwaits", 0L),
                        tuple("queuesUnserved", 0L),
                        tuple("queueFreeSlots", 0L),
                        tuple("jobsWaiting", 0L),
                        tuple("jobsDelayed", 0L),
                        tuple("jobsRetrying", 0L),
                        tuple("jobsRunning", 0L),
                        tuple("jobsDead", 0L),
                        tuple("jobsSubmitted", 0L),
                        tuple("jobsSucceeded", 0L),
                        tuple("jobsDied", 0L),
                        tuple("jobAttemptsFailed", 0L),
                        tuple("jobAttemptsLost", 0L),
                        tuple("schedules", 0L),
                        tuple("schedulesPaused", 0L),
                        tuple("schedulesFired", 0L),
                        tuple("schedulesMisfired", 0L),
                        tuple("schedulesSkipped", 0L));
        assertThat(stats.toBuilder()
                        .clearStateBytes()
                        .clearUsage()
                        .clearCounts()
                        .build())
                .isEqualTo(Stats.newBuilder()
                        .setSessions(2)
                        .setLastToken(token)
                        .setDigest(core().digest())
                        .setIndex(core().index())
                        .build());
    }

    @Test
    void anAnswerSaysHowOldItIs() {
        at(3_000).session("a").put("k", "1");
        var answer = query(
                Query.newBuilder().setId(7).setSession(SessionQuery.newBuilder().setPing(Ping.getDefaultInstance())));
        assertThat(answer.getId()).isEqualTo(7);
        assertThat(answer.getRevision()).isEqualTo(1);
        assertThat(answer.getClusterTimeMillis()).isEqualTo(3_000);
        assertThat(answer.getSession().hasPong()).isTrue();
    }

    @Test
    void anUnknownQueryIsAnsweredWithAnError() {
        Query cache =
                Query.newBuilder().setCache(CacheQuery.getDefaultInstance()).build();
        for (Query query : new Query[] {Query.getDefaultInstance(), cache}) {
            assertThat(core().refuse(query)).isPresent();
            assertThat(core().query(query).getError().getCode()).isEqualTo(ErrorCode.EUNKNOWN);
        }
    }

    @Test
    @Tag("slow")
    @Feature("G-15")
    void tenThousandWaitersCostNoMoreEachThanOne() {
        withoutShadow();
        int waiters = 10_000;
        long token = session("a").acquire("x").token();
        for (int i = 0; i < waiters; i++) {
            session("w").acksEvents(i).acks(i).acquire("x", 0, 1_000_000).ahead(i);
        }
        session("w").cancelAcquire("x", waiters);
        for (int i = 0; i < waiters - 1; i++) {
            session(i == 0 ? "a" : "w").acks(waiters + i).acksEvents(i).release("x", token);
            token = session("w").hearsGrant();
        }
        assertThat(session("a").inspect("x").getWaitersList()).isEmpty();
    }
}
