package io.coordinator.state;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Count;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ExpireSession;
import io.coordinator.protocol.GetStats;
import io.coordinator.protocol.LockGrant;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SessionQuery;
import io.coordinator.protocol.Stats;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Seeds;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every data type owes, shown on logs generated from a printed seed: for each type alone, and for all together. */
class DataTypeContractTest {
    private static final int LOGS = 6;
    private static final int ENTRIES = 200;

    /** A log and how it came about. */
    record Run(String types, long seed, List<Entry> log) {
        @Override
        public String toString() {
            return types + " from seed " + seed;
        }
    }

    static Stream<Run> runs() {
        List<Run> runs = new ArrayList<>();
        long seed = Seeds.next("DataTypeContractTest");
        for (int i = 0; i < LOGS; i++) {
            for (Generator generator : Generator.ALL) {
                runs.add(run(generator.kind().name(), seed + i, List.of(generator)));
            }
            runs.add(run("all", seed + i, Generator.ALL));
        }
        return runs.stream();
    }

    private static Run run(String types, long seed, List<Generator> generators) {
        return new Run(types, seed, Simulation.log(seed, generators, ENTRIES));
    }

    @Test
    void everyRegisteredTypeIsCovered() {
        List<DataKind> registered = new ArrayList<>();
        for (DataType type : new State().types.all()) {
            registered.add(type.kind());
        }
        assertThat(Generator.ALL).extracting(Generator::kind).containsExactlyInAnyOrderElementsOf(registered);
    }

    @ParameterizedTest
    @MethodSource("runs")
    @Feature("G-12")
    void replayGivesEqualDigestsAndEffects(Run run) {
        Coordinator first = new Coordinator(Limits.DEFAULT);
        Coordinator second = new Coordinator(Limits.DEFAULT);
        for (int i = 0; i < run.log.size(); i++) {
            Applied applied = first.apply(i + 1, run.log.get(i));
            assertThat(applied.diverged()).isFalse();
            assertThat(second.apply(i + 1, run.log.get(i))).isEqualTo(applied);
            assertThat(second.digest()).isEqualTo(first.digest());
        }
    }

    @ParameterizedTest
    @MethodSource("runs")
    @Feature({"G-5", "G-12"})
    void aSnapshotAtAnyPointIsInvisible(Run run) {
        Random random = new Random(run.seed);
        Coordinator plain = new Coordinator(Limits.DEFAULT);
        Coordinator restored = new Coordinator(Limits.DEFAULT);
        Store store = new Store();
        for (int i = 0; i < run.log.size(); i++) {
            Applied expected = plain.apply(i + 1, run.log.get(i));
            assertThat(restored.apply(i + 1, run.log.get(i))).isEqualTo(expected);
            Counted.sameIn(restored, plain);
            if (random.nextInt(4) == 0) {
                // Digest and count are computed from the stored rows alone and compared with those kept up to date.
                restored = store.save(restored).load();
                assertThat(restored.digest()).isEqualTo(plain.digest());
                assertThat(restored.nextDeadlineMillis()).isEqualTo(plain.nextDeadlineMillis());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("runs")
    @Feature({"G-5", "S-32"})
    void duplicatesAnswerAlikeAndLeaveNoTrace(Run run) {
        Random random = new Random(run.seed);
        Coordinator plain = new Coordinator(Limits.DEFAULT);
        Coordinator pestered = new Coordinator(Limits.DEFAULT);
        Map<Command, Reply> answered = new HashMap<>();
        for (int i = 0; i < run.log.size(); i++) {
            Entry entry = run.log.get(i);
            // The log's digests are of other indexes.
            Entry silent = entry.toBuilder().clearDigestIndex().build();
            plain.apply(2 * i + 1, silent);
            List<Reply> replies = pestered.apply(2 * i + 1, silent).replies();
            for (int c = 0; c < replies.size(); c++) {
                answered.put(entry.getCommands(c), replies.get(c));
            }
            Entry.Builder again = Entry.newBuilder();
            for (Command command : entry.getCommandsList()) {
                if (command.getSessionId() != 0 && random.nextBoolean()) {
                    again.addCommands(command);
                }
            }
            Applied applied = pestered.apply(2 * i + 2, again.build());
            Applied nothing = plain.apply(2 * i + 2, Entry.getDefaultInstance());
            assertDuplicates(again, applied, answered);
            // Both go on with what was left to do.
            assertThat(applied.events()).isEqualTo(nothing.events());
            assertThat(applied.changes()).isEqualTo(nothing.changes());
        }
        assertThat(stored(pestered)).isEqualTo(stored(plain));
    }

    private static void assertDuplicates(Entry.Builder again, Applied applied, Map<Command, Reply> answered) {
        for (int c = 0; c < again.getCommandsCount(); c++) {
            Reply reply = applied.replies().get(c);
            boolean forgotten = reply.getError().getCode() == ErrorCode.ESESSION
                    || reply.getError().getMessage().contains("forgotten");
            if (!forgotten) {
                assertThat(reply).isEqualTo(answered.get(again.getCommands(c)));
            }
        }
    }

    private static Map<ByteString, ByteString> stored(Coordinator core) {
        Map<ByteString, ByteString> rows = new HashMap<>();
        new Store().save(core).rows().forEach((key, value) -> rows.put(key, ByteString.copyFrom(value)));
        return rows;
    }

    @ParameterizedTest
    @MethodSource("runs")
    @Feature({"G-4", "S-34"})
    void theEndOfASessionReleasesAllItHas(Run run) {
        Coordinator core = new Coordinator(Limits.DEFAULT);
        for (int i = 0; i < run.log.size(); i++) {
            core.apply(i + 1, run.log.get(i));
        }
        for (SessionView session : core.sessions()) {
            drain(core); // It comes before the commands of an entry, and can tell this session something.
            Command expire = Script.own(SessionCommand.newBuilder()
                    .setExpire(ExpireSession.newBuilder().setSessionId(session.id())));
            Applied applied = core.apply(
                    core.index() + 1, Entry.newBuilder().addCommands(expire).build());
            assertThat(applied.endedSessions()).containsExactly(session.id());
            assertThat(applied.events()).noneMatch(e -> e.sessionId() == session.id());
        }
        drain(core);
        Stats stats = core.query(Query.newBuilder()
                        .setSession(SessionQuery.newBuilder().setStats(GetStats.getDefaultInstance()))
                        .build())
                .getSession()
                .getStats();
        Set<String> unowned =
                Generator.ALL.stream().flatMap(type -> type.unowned().stream()).collect(toSet());
        Stats expected = Stats.newBuilder()
                .addAllCounts(stats.getCountsList().stream()
                        .map(count -> unowned.contains(count.getName()) ? count : gone(count))
                        .toList())
                .setStateBytes(stats.getStateBytes())
                .addAllUsage(stats.getUsageList())
                .addAllGroups(stats.getGroupsList())
                .addAllQueues(stats.getQueuesList())
                .setLastToken(stats.getLastToken())
                .setDigest(stats.getDigest())
                .setIndex(stats.getIndex())
                .build();
        assertThat(stats).isEqualTo(expected);
    }

    private static void drain(Coordinator core) {
        while (core.hasWorkLeft()) {
            core.apply(core.index() + 1, Entry.getDefaultInstance());
        }
    }

    private static Count gone(Count count) {
        return count.toBuilder().setValue(0).build();
    }

    @ParameterizedTest
    @MethodSource("runs")
    @Feature({"G-3", "G-8", "G-10"})
    void timeRevisionsTokensAndEventNumbersOnlyGrow(Run run) {
        Coordinator core = new Coordinator(Limits.DEFAULT);
        Map<Long, Long> lastEvents = new HashMap<>();
        long time = 0;
        long revision = 0;
        long token = 0;
        for (int i = 0; i < run.log.size(); i++) {
            Applied applied = core.apply(i + 1, run.log.get(i));
            assertThat(applied.clusterTimeMillis()).isGreaterThanOrEqualTo(time);
            time = applied.clusterTimeMillis();
            for (Change change : applied.changes()) {
                assertThat(change.getRevision()).isEqualTo(++revision);
            }
            for (Reply reply : applied.replies()) {
                if (reply.getLock().getOutcomeCase() == LockReply.OutcomeCase.GRANTED) {
                    LockGrant granted = reply.getLock().getGranted();
                    if (granted.getEntered() == 1) {
                        assertThat(granted.getToken()).isGreaterThan(token);
                        token = granted.getToken();
                    }
                }
            }
            for (Applied.SessionEvent event : applied.events()) {
                long number = event.event().getNumber();
                assertThat(number).isEqualTo(lastEvents.getOrDefault(event.sessionId(), 0L) + 1);
                lastEvents.put(event.sessionId(), number);
            }
            assertThat(core.revision()).isEqualTo(revision);
            if (!core.hasWorkLeft()) {
                assertThat(core.nextDeadlineMillis().orElse(Long.MAX_VALUE)).isGreaterThan(time);
            }
        }
    }
}
