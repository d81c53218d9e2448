package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.FindWaitCycles;
import io.coordinator.protocol.GetBuild;
import io.coordinator.protocol.InspectLock;
import io.coordinator.protocol.InspectQueue;
import io.coordinator.protocol.InspectSemaphore;
import io.coordinator.protocol.JobState;
import io.coordinator.protocol.ListBuilds;
import io.coordinator.protocol.ListHeldLocks;
import io.coordinator.protocol.ListJobs;
import io.coordinator.protocol.ListLocks;
import io.coordinator.protocol.ListSchedules;
import io.coordinator.protocol.ListSemaphores;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.ReadAudit;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Seeds;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Slices;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;

/**
 * All that data types do is done, taken back and done again. Rows are restored from a snapshot and so is all that is
 * derived from them: what is derived on the replica that took things back must answer, grant and tell the same ever
 * after.
 */
@Feature("R-24")
class TakenBackTest {
    private static final int ENTRIES = 250;

    /** Something that a data type does. */
    private interface Work<T> {
        T run();
    }

    /** Does everything twice, and takes it back in between. */
    private static final class Twice extends DelegatingType {
        private @Nullable State state;

        Twice(DataType type) {
            super(type);
        }

        private <T> T twice(Effects effects, Work<T> work) {
            State known = Objects.requireNonNull(state);
            Recorder recorder = (Recorder) effects;
            Recorder.Mark before = recorder.mark();
            int mark = known.storage.undo().mark();
            long digest = known.storage.digest();
            long bytes = known.storage.usage().bytes();
            Runnable refund = Slices.refund(known.storage.budget());
            work.run();
            refund.run();
            known.storage.undo().backTo(mark);
            recorder.backTo(before);
            assertThat(known.storage.digest()).isEqualTo(digest);
            assertThat(known.storage.usage().bytes()).isEqualTo(bytes);
            return work.run();
        }

        @Override
        public Reply.Builder apply(Context at, Command command, Effects effects) {
            return twice(effects, () -> sound.apply(at, command, effects));
        }

        @Override
        public void expire(Context at, Deadline due, Effects effects) {
            twice(effects, () -> {
                sound.expire(at, due, effects);
                return 0;
            });
        }

        @Override
        public boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice) {
            return twice(effects, () -> sound.sessionClosed(at, sessionId, effects, slice));
        }
    }

    @RepeatedTest(15)
    void whatIsTakenBackLeavesNoTraceInWhatIsDerived() {
        long seed = Seeds.next("TakenBackTest");
        List<Twice> types = new ArrayList<>();
        State state = new State(type -> {
            Twice twice = new Twice(type);
            types.add(twice);
            return twice;
        });
        types.forEach(type -> type.state = state);
        Coordinator core = new Coordinator(Limits.DEFAULT, state);
        Store store = new Store();
        long index = 0;
        for (Entry entry : Simulation.log(seed, Generator.ALL, ENTRIES)) {
            index++;
            Coordinator restored = store.save(core).load();
            Applied applied = core.apply(index, entry);
            assertThat(applied.defects()).isEmpty();
            assertThat(restored.apply(index, entry)).as("entry %s", index).isEqualTo(applied);
            assertThat(restored.digest()).isEqualTo(core.digest());
            assertThat(restored.stateBytes()).isEqualTo(core.stateBytes());
            assertThat(restored.nextDeadlineMillis()).isEqualTo(core.nextDeadlineMillis());
            for (Query query : queries(core)) {
                assertThat(restored.query(query)).as("entry %s", index).isEqualTo(core.query(query));
            }
        }
    }

    private static List<Query> queries(Coordinator core) {
        List<Query> queries = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            for (JobState state : JobState.values()) {
                if (state != JobState.UNRECOGNIZED) {
                    Query.Builder jobs = Query.newBuilder();
                    jobs.getJobBuilder()
                            .setNamespace("ns")
                            .setQueue("name-" + i)
                            .setList(ListJobs.newBuilder().setState(state));
                    queries.add(jobs.build());
                }
            }
            Query.Builder queue = Query.newBuilder();
            queue.getJobBuilder()
                    .setNamespace("ns")
                    .setQueue("name-" + i)
                    .setInspectQueue(InspectQueue.getDefaultInstance());
            queries.add(queue.build());
            Query.Builder lock = Query.newBuilder();
            lock.getLockBuilder().setNamespace("ns").setName("name-" + i).setInspect(InspectLock.getDefaultInstance());
            Query.Builder semaphore = Query.newBuilder();
            semaphore
                    .getSemaphoreBuilder()
                    .setNamespace("ns")
                    .setName("name-" + i)
                    .setInspect(InspectSemaphore.getDefaultInstance());
            Query.Builder build = Query.newBuilder();
            build.getBuildBuilder().setNamespace("ns").setKey("name-" + i).setGet(GetBuild.getDefaultInstance());
            queries.addAll(List.of(lock.build(), semaphore.build(), build.build()));
        }
        for (SessionView session : core.sessions()) {
            Query.Builder held = Query.newBuilder();
            held.getLockBuilder().setHeld(ListHeldLocks.newBuilder().setSessionId(session.id()));
            queries.add(held.build());
        }
        Query.Builder schedules = Query.newBuilder();
        schedules.getScheduleBuilder().setList(ListSchedules.getDefaultInstance());
        Query.Builder due = Query.newBuilder();
        due.getScheduleBuilder().getDueBuilder().setDateMillis(Long.MAX_VALUE);
        queries.addAll(List.of(schedules.build(), due.build()));
        Query.Builder locks = Query.newBuilder();
        locks.getLockBuilder().setList(ListLocks.getDefaultInstance());
        Query.Builder cycles = Query.newBuilder();
        cycles.getLockBuilder().setCycles(FindWaitCycles.getDefaultInstance());
        Query.Builder audit = Query.newBuilder();
        audit.getLockBuilder().setAudit(ReadAudit.getDefaultInstance());
        Query.Builder semaphores = Query.newBuilder();
        semaphores.getSemaphoreBuilder().setList(ListSemaphores.getDefaultInstance());
        Query.Builder builds = Query.newBuilder();
        builds.getBuildBuilder().setNamespace("ns").setList(ListBuilds.getDefaultInstance());
        queries.addAll(List.of(locks.build(), cycles.build(), audit.build(), semaphores.build(), builds.build()));
        return queries;
    }
}
