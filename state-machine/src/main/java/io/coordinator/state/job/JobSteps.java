package io.coordinator.state.job;

import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.StepRow;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import org.jspecify.annotations.Nullable;

/** What jobs have recorded, one row for each step. */
final class JobSteps {
    private static final int NUMBER = 4;

    private final Table<StepRow> rows;

    JobSteps(Storage storage) {
        rows = storage.sortedTable(DataKind.JOB, NUMBER, StepRow.parser(), never -> 0);
    }

    @Nullable
    StepRow find(String owner, long stepsId, String step) {
        return stepsId == 0 ? null : rows.get(QueuePlace.part(owner, stepsId) + step);
    }

    void put(String owner, long stepsId, String step, StepRow row) {
        rows.put(QueuePlace.part(owner, stepsId) + step, row);
    }

    /** The name of the next step behind one, empty for the first; null if there is none. */
    @Nullable
    String after(String owner, long stepsId, String step) {
        String prefix = QueuePlace.part(owner, stepsId);
        String key = step.isEmpty() ? rows.ceilingKey(prefix) : rows.higherKey(prefix + step);
        return key == null || !key.startsWith(prefix) ? null : key.substring(prefix.length());
    }

    /** Forgets the steps of a job; nobody can see them any more. */
    void reclaim(String owner, long stepsId, Effects effects, Slice slice) {
        if (stepsId != 0) {
            String prefix = QueuePlace.part(owner, stepsId);
            if (!reclaim(prefix, slice)) {
                effects.reclaimLater(
                        DataKind.JOB,
                        Chore.newBuilder().setStep(JobChores.STEPS).setSubject(prefix));
            }
        }
    }

    /** Goes on with it; whether it is done. */
    boolean reclaim(String prefix, Slice slice) {
        String key = rows.ceilingKey(prefix);
        while (key != null && key.startsWith(prefix)) {
            if (slice.isSpent()) {
                return false;
            }
            rows.remove(key);
            key = rows.ceilingKey(prefix);
        }
        return true;
    }

    int size() {
        return rows.size();
    }
}
