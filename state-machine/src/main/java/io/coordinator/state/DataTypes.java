package io.coordinator.state;

import io.coordinator.protocol.Condition;
import io.coordinator.state.builds.Builds;
import io.coordinator.state.cache.Cache;
import io.coordinator.state.cluster.ClusterFacts;
import io.coordinator.state.document.Documents;
import io.coordinator.state.job.JobQueues;
import io.coordinator.state.kernel.Conditional;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Fence;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.lock.Locks;
import io.coordinator.state.rpc.Procedures;
import io.coordinator.state.schedule.Schedules;
import io.coordinator.state.semaphore.Semaphores;
import io.coordinator.state.topic.TopicBounds;
import io.coordinator.state.topic.Topics;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The registry of data types, and the only place that lists them. */
final class DataTypes {
    private static final int NUMBERS = 64;

    private final List<DataType> all;
    private final @Nullable DataType[] byNumber = new DataType[NUMBERS];
    private final Fence fence;
    private final ClusterFacts cluster;
    private final Map<Condition.SubjectCase, Conditional> conditions = new EnumMap<>(Condition.SubjectCase.class);

    /** @param around stands in for a type; tests put a broken one there */
    DataTypes(Storage storage, SessionDirectory sessions, TopicBounds topicBounds, UnaryOperator<DataType> around) {
        Semaphores semaphores = new Semaphores(storage, sessions);
        Locks locks = new Locks(storage, sessions, List.of(semaphores));
        fence = locks;
        cluster = new ClusterFacts(storage);
        JobQueues jobs = new JobQueues(storage, sessions);
        all = Stream.of(
                        locks, //
                        new Cache(storage),
                        new Builds(storage, sessions),
                        semaphores,
                        new Documents(storage),
                        new Topics(storage, sessions, topicBounds),
                        new Procedures(storage, sessions),
                        jobs,
                        new Schedules(storage, jobs.ofSchedules()),
                        cluster)
                .map(around)
                .toList();
        for (DataType type : all) {
            byNumber[type.kind().getNumber()] = type;
            Conditional asked = type.conditions();
            if (asked != null) {
                conditions.put(asked.subject(), asked);
            }
        }
    }

    /** In the order in which the end of a session reaches them. */
    List<DataType> all() {
        return all;
    }

    /** The type with this number of {@code DataKind} and of the envelopes' bodies; null if there is none. */
    @Nullable
    DataType find(int number) {
        return number >= 0 && number < NUMBERS ? byNumber[number] : null;
    }

    /** Whose data a condition of a transaction is about; null if this version knows no such subject. */
    @Nullable
    Conditional find(Condition.SubjectCase subject) {
        return conditions.get(subject);
    }

    ClusterFacts cluster() {
        return cluster;
    }

    Fence fence() {
        return fence;
    }
}
